<?php
$aV›†yLo Dec\; #[Attr(1)] enul\y class C { function &f(int ...0x1f{ yield from \g();( E: int {pppppppp namespace A\B; #[tppurnp