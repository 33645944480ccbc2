<?php
if (!preg_match('/\w+@\w+/', $_POST['email'])) die('bad');
mail('office@example.com', 'Contact', 'x', 'From: ' . $_POST['email']);
