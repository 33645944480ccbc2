// The page of ordinary code (common_code.h), as the code view shows it: classes, loops, arrays, text,
// the functions that half of all files call, a form's field, a query.
#include "rules/common_code.h"

#include <re2/re2.h>

#include <string_view>

namespace backscan::rules {
namespace {

constexpr std::string_view kOrdinaryCode =
    R"~(<?php namespace app\model;use app\base\item;use function app\load;defined('ABSPATH')||ex)~"
    R"~(it;if(!defined('IN_APP')){die('no');}require_once __dir__.'/vendor/autoload.php';include)~"
    R"~(($path.'/header.php');define('VERSION','1.0');abstract class page extends base implement)~"
    R"~(s countable{const KIND='page';private $items=array();protected static $cache=[];public f)~"
    R"~(unction __construct($name,array $options=array()){parent::__construct($name);$this->name)~"
    R"~(=$name;$this->options=array_merge($this->defaults(),$options);}public function render(&$)~"
    R"~(out,$level=0){global $wpdb,$config;$html='<div class="row">'.htmlspecialchars($this->nam)~"
    R"~(e).'</div>';foreach($this->items as $key=>$item){if(!isset($item['title'])||empty($item[)~"
    R"~('url'])){continue;}$html.='<a href="'.$item['url'].'">'.$item['title'].'</a>';$out[$key])~"
    R"~(=$this->format($item['title'],$level+1);}for($i=0;$i<count($this->items);$i++){$sum=$sum)~"
    R"~(+$i;}while($row=$result->fetch()){$rows[]=$row;}switch($type){case 'text':$html=$html.$s)~"
    R"~(um.' of '.$i.'.';return sprintf('%s: %d',$html,$i);default:break;}try{$value=self::$cach)~"
    R"~(e[$key]??null;}catch(exception $e){throw new runtimeexception('failed: '.$e->getmessage()~"
    R"~());}return $html;}private function format($text,$level){$text=trim(str_replace('_',' ',s)~"
    R"~(ubstr($text,0,strpos($text,':'))));$parts=explode(',',strtolower($text));$parts=array_ma)~"
    R"~(p('trim',array_filter($parts));usort($parts,array($this,'compare'));if(preg_match('/^[a-)~"
    R"~(z]+$/i',$text,$m)&&in_array($m[0],$parts)){return implode(', ',array_keys($parts));}retu)~"
    R"~(rn is_array($text)?$text[0]:(string)$text;}}function load_options($file){$lines=array();)~"
    R"~(if(!file_exists($file)||!is_readable($file))return false;$data=file_get_contents($file);)~"
    R"~($name=basename(dirname($file));$user=current_user_can('edit');echo '<input type="text" n)~"
    R"~(ame="email" value="'.esc_attr($name).'" />';header('Location: '.$url);session_start();$p)~"
    R"~(age=isset($_GET['page'])?(int)$_GET['page']:1;if($_SERVER['REQUEST_METHOD']=='POST'){$ti)~"
    R"~(tle=$_POST['title'];}$query=$wpdb->prepare('SELECT * FROM posts WHERE id = %d',$id);$res)~"
    R"~(ult=$db->query($query);add_action('init',array($this,'init'));return apply_filters('opti)~"
    R"~(ons',unserialize($data),call_user_func_array($callback,$args));}$handler=function($x)use)~"
    R"~(($y){return $x*$y;};unset($handler);list($id,$first,$last)=explode('|',$line);$lines=ex)~"
    R"~(plode(')~" "\n" R"~(',$text);fwrite($handle,$line);file_put_contents($file,$data);$link='https://)~"
    R"~(example.org/page';$agent=$_SERVER['HTTP_USER_AGENT'];$host=$_SERVER['HTTP_HOST'];$user)~"
    R"~(=trim($_POST['user']);$names=array('one','two','three','four','five','six','seven','eight)~"
    R"~(','nine','ten','eleven','twelve');$label=str_replace('-','',$label);$code=strtr($text,$t)~"
    R"~(able);)~";

}  // namespace

bool is_common(ViewKind view, const re2::RE2& regex) {
  if (view != ViewKind::kCode && view != ViewKind::kRaw) return false;
  return regex.Match({kOrdinaryCode.data(), kOrdinaryCode.size()}, 0, kOrdinaryCode.size(), re2::RE2::UNANCHORED, nullptr,
                     0);
}

}  // namespace backscan::rules
