<?php
$people = array('sales' => 'sales@example.com', 'help' => 'help@example.com');
mail($people[$_POST['who']], 'Contact', $_POST['text']);
