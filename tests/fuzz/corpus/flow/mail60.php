<?php
class Letter {
  public $to; private $text = '';
  function setTo($to) { $this->to = $to; }
  function add($text) { $this->text .= $text; return $this; }
  function go() { return mail($this->to, 'Hello', $this->text); }
}
$letter = new Letter;
$letter->setTo($_POST['to']);
$letter->add($_POST['a'])->add($_POST['b']);
$letter->go();
