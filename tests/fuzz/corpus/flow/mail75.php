<?php
use Symfony\Component\Mime\Email;
$email = (new Email())->from('a@example.com')->to($_POST['to'])->subject('Hello')->text($_POST['text']);
$mailer->send($email);
