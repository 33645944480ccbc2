<?php
// Tokens of texts as PHP itself sees them, for the differential test. The texts are data: they are
// handed to token_get_all() and never run. Usage: php dump_tokens.php NAMES BATCH > TOKENS
//   NAMES   one token name a line; its line number (from 1) is the kind in the output, 0 a character
//   BATCH   for every text: length (32 bits, little-endian), bytes
//   TOKENS  for every text: number of tokens, one byte of kind each, 32 bits of length each
$kinds = [];
foreach (file($argv[1], FILE_IGNORE_NEW_LINES) as $i => $name) {
    if (defined($name)) {
        $kinds[constant($name)] = chr($i + 1);
    }
}
$batch = fopen($argv[2], 'rb');
while (($head = fread($batch, 4)) !== '' && $head !== false) {
    $length = unpack('V', $head)[1];
    $text = $length > 0 ? stream_get_contents($batch, $length) : '';
    $kind_bytes = '';
    $lengths = [];
    foreach (@token_get_all($text) as $token) {
        if (is_array($token)) {
            $kind_bytes .= $kinds[$token[0]];
            $lengths[] = strlen($token[1]);
        } else {
            $kind_bytes .= "\0";
            $lengths[] = strlen($token);
        }
    }
    echo pack('V', count($lengths)), $kind_bytes;
    foreach (array_chunk($lengths, 4096) as $chunk) {
        echo pack('V*', ...$chunk);
    }
}
