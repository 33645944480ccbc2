// The trigger table (triggers.h). Patterns are RE2 syntax. In the code view words are lower case,
// no white space or comment parts them, and split, escaped or computed constants are one string
// (php/views.h): what is still not a word there is for syntax_signs.cc.
#include "rules/triggers.h"

#include <array>

namespace backscan::rules {
namespace {

constexpr ViewKind kRaw = ViewKind::kRaw;
constexpr ViewKind kCode = ViewKind::kCode;

// A function's name begins here: not a method's, a variable's or the last part of a longer one, and
// not that of a declaration.
#define CALL R"((?:[^\w>:$\\\x80-\xff ]|[^-]>|[^:]:|(?:[^n]|[^o]n) ))"

// A callback that is a variable, what a call returns, or an array with one of these or the request
// in it.
#define CHOSEN \
  R"((?:[@(]*(?:\$|(?:[b-eg-z_]\w*|a[a-qs-z_0-9]\w*|f[a-mo-tv-z_0-9]\w*)\()|(?:array\(|\[)[^\])]{0,120}(?:\$_|,[^'])))"

// Functions that call what their second argument names, and a first one without commas of its own.
#define SECOND \
  R"(\b(?:u[ak]?sort|preg_replace_callback|iterator_apply|array_filter|array_reduce|array_walk\w*)\()"
#define PLAIN R"((?:'(?:[^'\\]|\\.)*'|[@&]*\$\w+(?:->\w+|\[[^\[\](),]*\])*))"

constexpr auto kTable = std::to_array<TriggerPattern>({
    // Open tags; short ones as php.ini may allow them.
    {kRaw, R"((?i)<\?php)", kSignTag},
    {kRaw, R"(<\?[=\s@$(/#]|<\?[a-zA-Z_]{2,30}\()", kSignTag},
    {kRaw, R"(<%[=\s])", kSignTag},
    {kRaw, R"((?i)<script[^>]{0,40}language[^>]{0,10}php)", kSignTag},

    // Mail: functions, library calls, sockets to port 25, mail programs.
    {kCode, R"((?:[^\w$]|[-:]>)(?:mb_send_)?mail\()", kSignMail},
    {kCode, R"((?i)\b(?:wp_mail|imap_mail|ezmlm_hash|drupal_mail|phpmailer|swift_mailer)\b)",
     kSignMail},
    {kCode, R"((?i)\bsendmail\()", kSignMail},
    {kCode, R"((?i)\bsendmail\b[^.\w(])", kSignMailWord},
    {kCode, CALL R"((?:p?fsockopen|stream_socket_client|socket_connect)\()", kSignMail},
    {kCode, R"(->(?:addaddress|addbcc|addcc|addrecipient|setto|addto)\()", kSignMail},
    {kCode, R"((?i)\b(?:rcpt to|mail from|ehlo |helo |smtps?://))", kSignMailWord},
    {kCode,
     R"((?i)'\\?(?:mb_send_)?mail'[)\]}]*\(|\b(?:call_user_func|call_user_func_array|array_map|register_\w+_function)\('\\?(?:mb_send_)?mail')",
     kSignMail},
    {kCode, R"((?i)'\\?(?:mb_send_)?mail')", kSignMailName},

    // Code and commands.
    {kCode, CALL R"((?:eval|create_function|mb_eregi?_replace)\()", kSignExecute},
    // A comparison or a check of a type runs nothing.
    {kCode, CALL R"(assert\((?:[^$!i]|i[^s]|is[^_]|\$(?:[\w>{}$-]|\[[^\]]{0,80}\])*[).,(]))",
     kSignExecute},
    {kCode, CALL R"((?:system|exec|passthru|shell_exec|popen|proc_open|pcntl_exec|dl)\()",
     kSignExecute},
    {kCode,
     R"(\bpreg_(?:replace|filter)\([^;]{0,200}[/#~@|!%}\)][imsxuADSU]{0,6}e[imsxuADSU]{0,6}')",
     kSignExecute},
    {kCode,
     R"((?i)'\\?(?:eval|assert|create_function|passthru|shell_exec|popen|proc_open)'|(?-i)'(?:system|exec)')",
     kSignExecuteName},
    {kCode, R"(\b(?:include|require)(?:_once)?\b[^;']{0,40}(?:\$|'(?:data:|php://|https?://)))",
     kSignCall},
    {kCode, R"(\b(?:call_user_func|forward_static_call)(?:_array)?\b)", kSignCall},
    {kCode,
     CALL
     R"(array_(?:map|filter|reduce|walk\w*|udiff\w*|uintersect\w*|diff_u\w+|intersect_u\w+)\()",
     kSignCall},
    {kCode,
     R"(\b(?:u[ak]?sort|register_\w+_function|ob_start|preg_replace_callback|iterator_apply)\b)",
     kSignCall},
    {kCode, R"(\b(?:reflectionfunction|fromcallable)\b)", kSignCall | kSignChosen},
    {kCode,
     R"(\b(?:set_(?:error|exception)_handler|mb_ereg_replace_callback|spl_autoload_register)\()",
     kSignNamed},

    // The same where a path or a callback is no text, no closure, no method by its name: only there
    // can anybody choose it. A path that begins with anything but a variable or a call stays where
    // it is.
    {kCode,
     R"(\b(?:include|require)(?:_once)?\b[ (@]*(?:\$|'(?:data:|php://|https?://)|(?:[a-ce-z_]\w*|d[a-hj-z]\w*)\())",
     kSignChosen},
    // A neighbour, which may send what the visitor typed here.
    {kCode, R"(\b(?:include|require)(?:_once)?\b[ (]?'[^'/]{1,40}')", kSignNeighbour},
    {kCode,
     R"(\b(?:call_user_func|forward_static_call)(?:_array)?\((?:[^'\[a]|a[^r]|(?:array\(|\[)[^\])]{0,120}(?:\$_|,[^'])))",
     kSignChosen},
    {kCode, R"(\b(?:array_map|register_\w+_function|ob_start)\()" CHOSEN, kSignChosen},
    {kCode,
     R"(\b(?:array_udiff\w*|array_uintersect\w*|array_diff_u\w+|array_intersect_u\w+)\([^;{}]{0,400},)" CHOSEN,
     kSignChosen},
    {kCode, SECOND PLAIN "," CHOSEN, kSignChosen},
    {kCode,
     SECOND R"((?:[^'$@&]|'(?:[^'\\]|\\.)*'[^,]|[@&]*\$\w+(?:->\w+)*(?:[^,\w\-]|->\W))[^;{}]{0,400},)" CHOSEN,
     kSignChosen},

    // Files.
    {kCode, CALL R"((?:fwrite|fputs|file_put_contents|move_uploaded_file|copy|rename)\()",
     kSignWrite},
    {kCode, R"(\b(?:gzwrite|fputcsv|fprintf|socket_write|socket_send|stream_socket_sendto)\()",
     kSignSend},

    // Decoders.
    {kCode,
     R"((?i)base64_decode|gzinflate|gzuncompress|gzdecode|str_rot13|convert_uudecode|hex2bin)",
     kSignDecode},
    {kCode,
     CALL
     R"((?:strrev|pack|urldecode|rawurldecode|strtr|bin2hex|openssl_decrypt|mcrypt_decrypt|quoted_printable_decode|html_entity_decode)\()",
     kSignRecode},

    // The request.
    {kCode, R"(\$_(?:POST|GET|REQUEST|COOKIE|FILES)\b)", kSignSource},
    {kCode, R"(HTTP_(?:POST|GET|COOKIE)_VARS|HTTP_RAW_POST_DATA|php://input)", kSignSource},
    {kCode, R"(_SERVER[\[{]'?(?:HTTP_|QUERY_STRING|REQUEST_URI|PATH_INFO))", kSignSource},
    {kCode,
     R"(\b(?:filter_input|getallheaders|apache_request_headers|import_request_variables)\()",
     kSignSource},
    {kCode, R"(\bgetenv\('(?:HTTP_|QUERY_STRING|REQUEST_URI|PATH_INFO))", kSignSource},
    {kCode, R"('_[GPRCFSE][A-Z]{0,6}'|(?:_|')(?:GET|POST|REQUEST|COOKIE|SERVER|FILES)')",
     kSignGlobalName},
    {kCode, R"(\$(?:PHP_SELF|REQUEST_METHOD|QUERY_STRING|HTTP_HOST|SCRIPT_NAME|SERVER_NAME)\b)",
     kSignSource},

    {ViewKind::kText, R"((?i)<form\b[^>]{0,200}\bmethod)", kSignForm},

    // Other hosts.
    {kCode, R"(\b(?:file_get_contents|fopen|file|copy|readfile|curl_init)\('(?:https?|ftps?)://)",
     kSignRemote},
    {kCode, R"(\b(?:curl_exec\(|wp_remote_get\b))", kSignRemote},
    {kCode, R"((?i)(?:url|link|source|remote|src|host|site)\w{0,8}='(?:https?|ftps?)://)",
     kSignRemote},

    // Letters that are made where a variable decides which.
    {kCode, R"(\bchr\()", kSignHidden},
    // … or that come of other letters, and variables that a variable names.
    {kCode, R"([\w)\]]\^'|'\^[$(])", kSignHidden},
    {kCode, R"(\$\{\$)", kSignHidden},

    // Packers.
    {kRaw, R"((?i)__halt_compiler|__COMPILER_HALT_OFFSET__)", kSignPacked},
    {kRaw,
     R"((?i)ioncube\W|sg_load\b|sourceguardian|@zend;|phpjm|phpjiami|zend_loader|_dyuweyrj4|bcompiler)",
     kSignPacked},
    {kCode,
     CALL
     R"((?:file_get_contents|fopen|file|readfile|php_strip_whitespace|show_source|gzopen)\(__file__)",
     kSignPacked},
    {kCode, R"(\bstr_i?replace\('[^']{1,8}','',')", kSignShape},
    {kCode, R"(\bgoto \w+;)", kSignShape},
    {kCode, R"((?i)\bglobals\b'?\}?[\[{][^;]{0,80}[\]}](?:\(|[\[{]\d))", kSignPacked},
    {kCode, R"((?i)\bglobals\b'?\}?[\[{][^;]{0,80}[\]}][\[{])", kSignTable},
    // What `return …` hides, something else shows.
    {kCode, CALL R"(eval\((?:\$|gz|base64|str|'(?:[^r]|r[^e])))", kSignPacked},
});
#undef CALL
#undef CHOSEN
#undef SECOND
#undef PLAIN

}  // namespace

std::span<const TriggerPattern> trigger_patterns() {
  return kTable;
}

Triggers stages_of(Signs signs) {
  const auto has = [&signs](Signs any) { return (signs & any) != 0; };
  if (has(kSignVarVar)) {
    // Only a name that stands there, or one that is hidden, may be the request's.
    if (has(kSignGlobalName | kSignHidden | kSignDecode | kSignEncoded | kSignShape))
      signs |= kSignSource;
    signs |= kSignHidden;
  }
  if (has(kSignExecuteName) && has(kSignCall | kSignChosen | kSignNamed | kSignHidden))
    signs |= kSignExecute;
  Triggers stages;
  stages.php_tag = has(kSignTag);
  if (!stages.php_tag) return stages;
  const bool has_origin = has(kSignSource | kSignDecode | kSignRecode | kSignHidden | kSignRemote);
  const bool has_runner = has(kSignExecute | kSignChosen | kSignNamed | kSignHidden | kSignDecode |
                              kSignEncoded | kSignMailName);
  stages.packed = has(kSignPacked) || (has(kSignShape) && has_runner) ||
                  (has(kSignTable) && has(kSignExecute | kSignHidden | kSignDecode | kSignEncoded)) ||
                  (has(kSignExecute) &&
                   has(kSignDecode | kSignRecode | kSignHidden | kSignEncoded)) ||
                  (has(kSignCall) && has(kSignDecode) && has(kSignHidden | kSignEncoded));
  const bool has_sender = has(kSignExecute | kSignWrite | kSignSend | kSignRemote | kSignCall |
                              kSignChosen | kSignNamed | kSignHidden);
  stages.sinks = has(kSignMail) || (has(kSignMailWord) && has_sender) ||
                 (has(kSignMailName) && has(kSignChosen | kSignNamed)) ||
                 (has_origin && has(kSignExecute)) ||
                 (has(kSignSource) && has(kSignChosen | kSignNeighbour)) ||
                 (has(kSignSource | kSignDecode | kSignRemote | kSignForm) && has(kSignWrite));
  return stages;
}

}  // namespace backscan::rules
