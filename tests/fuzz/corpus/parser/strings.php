<?php $a = <<<X
  a {$b[1]} ${c}
  X . `ls $d` . "q$e[f]$g->h"; __halt_compiler();data