<?php
// An honest form: the owner gets the mail, and nobody else.
if (!isset($_POST['message'])) exit;
$email = filter_var($_POST['email'], FILTER_VALIDATE_EMAIL);
if (!$email) exit;
mail('carol@box.example', 'Message from the site', $_POST['message'], "Reply-To: $email");
echo 'sent';
