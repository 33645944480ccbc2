<?php
session_start();
if ($_POST['captcha'] != $_SESSION['captcha']) die('wrong');
if (time() - $_SESSION['last'] < 60) die('wait');
mail($_POST['email'], 'Welcome', 'Thank you for your interest in our small newsletter.');
