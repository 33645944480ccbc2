<?php
if (!current_user_can('manage_options')) { wp_die(); exit; }
check_admin_referer('send');
wp_mail(sanitize_email($_POST['to']), 'Test', 'This is a test.');
