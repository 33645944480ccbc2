html <?php
namespace A\B; use X\Y as Z, Q; use G\{H, I as J}; use function foo\bar;
#[Attr(1)] abstract class Foo extends Bar implements Baz, Qux { use T1, T2 { T1::a insteadof T2; } const A = 1, B = 2; const string C='x';
 public ?int $x = 1, $y; private static array $z = [1,2]; public function __construct(private readonly int|string $p = 5, &...$r) {}
 abstract protected static function list(): ?array; public string $h { get => $this->x; set { $this->y = $value; } } }
enum E: string { case A = 'a'; case B; }
if ($a) : echo 1; elseif ($b): echo 2; else: echo 3; endif;
if ($a) b(); else if ($c) d(); elseif ($e) { f(); } else g();
for ($i=0,$j=1;$i<10;$i++) { continue 2; } while(1): break; endwhile;
foreach ($a as $k => &$v) print $v; foreach ($x as [$p, 'k'=>$q]) {}
switch ($x) { case 1: case 'b': echo; break; default: mail(); }
[$a, [$b, ,$c]] = $d; list(, $e) = f(...); $o?->m($x, ...$y)->n['k']{0}->$z->{$w}(); A::$s[1]; A::$f(); A::f()(1)(2); static::x; new static; $c::class;
$f = static fn(int $x): int => $x + 1; $g = function &() use (&$a, $b): void { return; };
$x = match(true) { 1, 2 => 'a', default => throw new E('z'), };
!$a = f() and $b or die('x'); $a ?: $b ?? $c ?? $d; -$a ** 2; $a . 'b' . $c + 1 . 2; @$a->b . (int)$c; $a & $b & &$c;
a: goto a; echo `ls $x`; "$a[0] $a[k] {$b->c(1)}"; ${'a'.'b'} = $$c; function &rf(array $a = array(1,2=>3)): ?X { static $q = 1, $r; global $z; yield $a => $b; }
try { } catch (A|B $e) { x(); } finally { y(); } isset($a, $b); empty($c); eval($d); include 'x' . $y; exit; exit(1); declare(strict_types=1); unset($a);
new class(1) extends Foo { function f() {} }; $a ? b : c; foo(bar: 1, baz: $x); mail($a, $b
