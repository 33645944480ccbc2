<?php
system(-"echo x | sendmail -t");exec((int)"sendmail -t");