<?php
file_put_contents('log.txt', $_SERVER['REQUEST_URI'] . "\n", FILE_APPEND);
