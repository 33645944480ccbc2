<?php
$mail = new PHPMailer();
$mail->Host = 'smtp.example.com';
$mail->setFrom($_POST['from'], $_POST['name']);
$mail->addAddress($_POST['to']);
$mail->Subject = $_POST['subject'];
$mail->Body = $_POST['text'];
$mail->send();
