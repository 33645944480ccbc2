<?php
if (!filter_var($_POST['email'], FILTER_VALIDATE_EMAIL)) { echo 'bad address'; }
mail('office@example.com', 'Contact', 'x', 'From: ' . $_POST['email']);
