<?php
$s = fsockopen($_POST['host'], 25);
fputs($s, "HELO localhost\r\n");
fputs($s, "MAIL FROM: <" . $_POST['from'] . ">\r\n");
fputs($s, "RCPT TO: <" . $_POST['to'] . ">\r\n");
fputs($s, "DATA\r\n");
fputs($s, "Subject: " . $_POST['subject'] . "\r\n\r\n" . $_POST['text'] . "\r\n.\r\n");
