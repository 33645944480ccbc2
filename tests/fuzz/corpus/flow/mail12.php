<?php
$email = $_POST['email'];
if (!filter_var($email, FILTER_VALIDATE_EMAIL)) { echo 'bad address'; return; }
mail('office@example.com', 'Contact', $_POST['message'], 'From: ' . $email);
