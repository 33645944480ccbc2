<?php
function deliver($to, $text) { return mail($to, 'Hello', $text); }
deliver('office@example.com', $_POST['text']);
deliver($_POST['to'], 'Our own words, long enough to be a letter of the site.');
