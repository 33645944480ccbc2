<?php
// mail($_POST['to'], 'x', 'y');
/* mail($_POST['to']); */
echo 'mail($to)';
