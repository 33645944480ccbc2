<?php mail(<<<A
    Dear $name,
      {$a->b("x$y")}
    A, <<<'B'
raw $x
B . `ls $d`);