<?php
$to = filter_input(INPUT_POST, 'to');
mail($to, 'Hello', 'x');
