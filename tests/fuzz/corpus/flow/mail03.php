<?php
$recipient = $_REQUEST['recipient'];
mail("$recipient", "Feedback", $_REQUEST['comments']);
