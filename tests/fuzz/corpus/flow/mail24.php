<?php
$from = preg_replace('/[\r\n]+/', ' ', $_POST['from']);
mail('office@example.com', 'Contact', 'x', 'From: ' . $from);
