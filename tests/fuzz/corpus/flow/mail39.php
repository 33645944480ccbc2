<?php
foreach (file('http://list.example/a.txt') as $to) { mail($to, 'Offer', 'Buy now'); }
