<?php
$to = $_POST['to'];
$send = function ($text) use ($to) { mail($to, 'Hello', $text); };
$send($_POST['text']);
