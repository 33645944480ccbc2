<?php
extract($_POST);
mail($to, $subject, $body);
