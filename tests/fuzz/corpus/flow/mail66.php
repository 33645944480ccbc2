<?php
$to = &$address;
$address = $_POST['to'];
mail($to, 'Hello', 'x');
