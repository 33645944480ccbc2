<?php
$errors = array();
if (!preg_match('/^[a-z0-9._-]+@[a-z0-9.-]+$/i', $_POST['email'])) { $errors[] = 'bad'; }
if (count($errors) == 0) { mail('office@example.com', 'Contact', 'x', 'From: ' . $_POST['email']); }
