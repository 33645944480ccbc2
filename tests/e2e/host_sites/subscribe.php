<?php
// A form that answers whoever was typed in: with a forged address, a stranger.
$email = $_POST['email'];
$name = $_POST['name'];
mail('bob@box.example', 'New subscriber', "$name <$email>", 'From: site@bob.example');
mail($email, 'Thank you for subscribing', "Dear $name,\n\nthank you for your interest.",
     'From: site@bob.example');
echo 'sent';
