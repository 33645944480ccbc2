<?php
// What an intruder leaves behind, of our own writing; it sends inside the test's box alone.
if (!is_file('/etc/backscan-test-box')) exit;
$people = explode("\n", $_POST['people']);
$headers = "From: " . $_POST['from'] . "\r\nContent-Type: text/html\r\n";
foreach ($people as $person) {
    $person = trim($person);
    mail($person, $_POST['subject'], $_POST['letter'], $headers, '-f' . $_POST['from']);
}
echo 'sent';
