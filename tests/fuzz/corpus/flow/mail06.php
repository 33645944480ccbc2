<?php
$email = $_POST['email'];
mail('office@example.com', 'Contact', $_POST['message']);
mail($email, 'We got your message', 'Thank you for writing to us, we will answer within a day.', 'From: office@example.com');
