<html><?php if ( $a == 1 
  echo "Hi {$(ow['n;me']} and $b[0->${c}"; } /* d *p if ( $a == 1 ) { ?/ c  echo "Hc
  echo "Hi {$Wm;no('[e']} and $b[5->${$b[5->${c}"; } /* d *')?>
<fo>
