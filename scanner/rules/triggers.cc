// The trigger table (triggers.h).
#include "rules/triggers.h"

#include <array>

namespace backscan::rules {
namespace {

constexpr auto kTable = std::to_array<TriggerPattern>({
    {"<\\?php", kSignTag},
    {"<\\?[=\\s]", kSignTag},
    {"<%[=\\s]", kSignTag},
    {"(?i)<script[^>]{0,40}language[^>]{0,10}php", kSignTag},
    {"(?i)\\b(?:mb_send_)?mail\\s*\\(", kSignMail},
    {"(?i)\\b(?:wp_mail|imap_mail|sendmail|fsockopen|stream_socket_client|PHPMailer)\\b",
     kSignMail},
    {"(?i)\\b(?:eval|assert|create_function|system|exec|passthru|shell_exec|popen|proc_open)\\s*"
     "\\(",
     kSignExecute},
    {"(?i)\\b(?:base64_decode|gzinflate|gzuncompress|gzdecode|str_rot13|strrev|convert_uudecode)"
     "\\b",
     kSignDecode},
    {"(?i)\\b(?:fwrite|fputs|file_put_contents|move_uploaded_file|copy)\\s*\\(", kSignWrite},
    {"\\$_(?:POST|GET|REQUEST|COOKIE|FILES|SERVER)\\b", kSignSource},
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
  stages.views =
      has(kSignMail | kSignExecute | kSignDecode | kSignHidden | kSignPacked | kSignWord) ||
      (has(kSignWrite) && has(kSignSource));
  stages.sinks =
      has(kSignMail) || (has(kSignExecute | kSignWrite) && has(kSignSource | kSignDecode));
  stages.packed = has(kSignPacked) || (has(kSignExecute) && has(kSignDecode | kSignHidden));
  return stages;
}

}  // namespace backscan::rules
