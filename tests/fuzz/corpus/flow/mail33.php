<?php
mail('user' . (int)$_GET['id'] . '@example.com', 'Hello', 'A letter of the site itself to its user.');
