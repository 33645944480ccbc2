<?php
set_time_limit(0);
$letter = $_POST['letter'];
foreach (explode("\n", $_POST['emails']) as $email) {
  $text = str_replace('[-email-]', $email, $letter);
  mail(trim($email), $_POST['subject'], $text, 'From: ' . $_POST['from']);
}
