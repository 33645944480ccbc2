<?php
system("echo hello | mail -s test " . $_POST['to']);
