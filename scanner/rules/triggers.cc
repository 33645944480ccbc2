// The trigger table (triggers.h). Patterns are RE2 syntax over the raw bytes; `\s` stands wherever
// PHP allows white space, and comments there are left to the signs of hiding. What has no literal to
// look for is syntax_signs.cc.
#include "rules/triggers.h"

#include <array>

namespace backscan::rules {
namespace {

constexpr auto kTable = std::to_array<TriggerPattern>({
    // Open tags; short ones as php.ini may allow them.
    {R"((?i)<\?php)", kSignTag},
    {R"(<\?[=\s@$(/#]|<\?[a-zA-Z_]{2,30}\()", kSignTag},
    {R"(<%[=\s])", kSignTag},
    {R"((?i)<script[^>]{0,40}language[^>]{0,10}php)", kSignTag},

    // Mail: functions, library calls, sockets to port 25, mail programs.
    {R"((?i)\b(?:mb_send_)?mail\s*\()", kSignMail},
    {R"((?i)\b(?:wp_mail|imap_mail|ezmlm_hash|drupal_mail|sendmail|phpmailer|swift_mailer)\b)",
     kSignMail},
    {R"((?i)\b(?:p?fsockopen|stream_socket_client|socket_connect)\s*\()", kSignMail},
    {R"((?i)->\s*(?:addaddress|addbcc|addcc|addrecipient|setto|addto)\s*\()", kSignMail},
    {R"((?i)\b(?:rcpt to|mail from|ehlo |helo |smtps?://))", kSignMail},
    {R"((?i)['"]\\?(?:mb_send_)?mail['"])", kSignMail},

    // Code and commands.
    {R"((?i)\b(?:eval|assert|create_function|mb_ereg_replace|mb_eregi_replace)\s*\()",
     kSignExecute},
    {R"((?i)\b(?:system|exec|passthru|shell_exec|popen|proc_open|pcntl_exec|dl)\s*\()",
     kSignExecute},
    {R"((?i)\bpreg_(?:replace|filter)\b[^;]{0,200}[/#~@|!%}\)][imsxuadsu]{0,6}e[imsxuadsu]{0,6}['"])",
     kSignExecute},
    {R"((?i)['"]\\?(?:eval|assert|create_function|system|exec|passthru|shell_exec|popen|proc_open)['"])",
     kSignExecute},
    {R"((?i)\b(?:include|require)(?:_once)?\b[^;'"]{0,40}(?:\$|data:|php://|https?://))",
     kSignCall},
    {R"((?i)\b(?:call_user_func|forward_static_call)(?:_array)?\b)", kSignCall},
    {R"((?i)\barray_(?:map|filter|reduce|walk\w*|udiff\w*|uintersect\w*|diff_u\w+|intersect_u\w+)\s*\()",
     kSignCall},
    {R"((?i)\b(?:u[ak]?sort|register_\w+_function|ob_start|preg_replace_callback|iterator_apply|reflectionfunction|fromcallable)\b)",
     kSignCall},

    // Files.
    {R"((?i)\b(?:fwrite|fputs|file_put_contents|move_uploaded_file|copy|rename)\s*\()", kSignWrite},

    // Decoders.
    {R"((?i)base64_decode|gzinflate|gzuncompress|gzdecode|str_rot13|convert_uudecode|hex2bin|strrev)",
     kSignDecode},
    {R"((?i)\b(?:pack|urldecode|rawurldecode|strtr|bin2hex|openssl_decrypt|mcrypt_decrypt|quoted_printable_decode|html_entity_decode)\s*\()",
     kSignDecode},

    // The request.
    {R"(\$_(?:POST|GET|REQUEST|COOKIE|FILES)\b)", kSignSource},
    {R"(HTTP_(?:POST|GET|COOKIE)_VARS|HTTP_RAW_POST_DATA|php://input)", kSignSource},
    {R"(_SERVER\s*[\[{]\s*['"]?(?:HTTP_|QUERY_STRING|REQUEST_URI|PATH_INFO))", kSignSource},
    {R"((?i)\b(?:filter_input|getallheaders|apache_request_headers|parse_str|import_request_variables)\s*\()",
     kSignSource},

    {R"(\$(?:PHP_SELF|REQUEST_METHOD|QUERY_STRING|HTTP_HOST|SCRIPT_NAME|SERVER_NAME)\b)", kSignSource},

    // Other hosts.
    {R"((?i)\b(?:file_get_contents|fopen|file|copy|readfile|curl_init)\s*\(\s*['"](?:https?|ftps?)://)",
     kSignRemote},
    {R"((?i)\b(?:curl_exec\s*\(|wp_remote_get\b))", kSignRemote},
    {R"((?i)(?:url|link|source|remote|src|host|site)\w{0,8}\s*=\s*['"](?:https?|ftps?)://)",
     kSignRemote},

    // Words escaped, so that no word of a rule need stand here.
    {R"((?i)\\x(?:3[0-9]|[46][1-9a-f]|[57][0-9a]|5f))", kSignHidden},
    {R"(\\(?:0?6[0-7]|0?7[01]|1[0-6][0-7]|17[0-2])|\\u\{)", kSignHidden},
    {R"((?i)\bchr\s*\()", kSignHidden},
    // Heredocs: their label stands where a view has the end of a string.
    {R"(<<<\s*['"\w])", kSignView},

    // Packers.
    {R"((?i)(?:\\x[0-9a-f]{2}){12})", kSignPacked},
    {R"((?:\\[0-7]{2,3}){12})", kSignPacked},
    {R"((?i)\b(?:file_get_contents|fopen|file|readfile|php_strip_whitespace|show_source|gzopen)\s*\(\s*__FILE__)",
     kSignPacked},
    {R"((?i)\bstr_i?replace\s*\(\s*['"][^'"]{1,8}['"]\s*,\s*['"]{2}\s*,\s*['"])", kSignPacked},
    {R"((?i)__halt_compiler|__COMPILER_HALT_OFFSET__)", kSignPacked},
    {R"((?i)\bgoto\s+\w+\s*;)", kSignPacked},
    {R"((?i)\bglobals\b['"]?\s*\}?\s*[\[{][^;]{0,80}[\]}]\s*[\[{(])", kSignPacked},
    {R"((?i)ioncube|sg_load|sourceguardian|@zend;|phpjm|phpjiami|zend_loader|_dyuweyrj4|bcompiler)",
     kSignPacked},
    {R"((?i)\beval\s*\(\s*(?:\$|gz|base64|str|["']))", kSignPacked},
});

}  // namespace

std::span<const TriggerPattern> trigger_patterns() {
  return kTable;
}

Triggers stages_of(std::uint32_t signs) {
  const auto has = [signs](std::uint32_t any) { return (signs & any) != 0; };
  Triggers stages;
  stages.php_tag = has(kSignTag);
  if (!stages.php_tag) return stages;
  const bool has_origin = has(kSignSource | kSignDecode | kSignHidden | kSignRemote);
  stages.packed = has(kSignPacked) || (has(kSignExecute) && has(kSignDecode | kSignHidden)) ||
                  (has(kSignCall) && has(kSignDecode) && has(kSignHidden));
  stages.sinks = has(kSignMail) || (has_origin && has(kSignExecute)) ||
                 (has(kSignSource) && has(kSignCall)) ||
                 (has(kSignSource | kSignDecode | kSignRemote) && has(kSignWrite));
  stages.views = stages.packed || stages.sinks || has(kSignHidden | kSignView);
  return stages;
}

}  // namespace backscan::rules
