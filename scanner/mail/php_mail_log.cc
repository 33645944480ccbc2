// PHP's mail.log (php.ini mail.log), in a file of its own or inside syslog.
#include <charconv>

#include "base/text.h"
#include "mail/log.h"

namespace backscan::mail {

std::optional<PhpMail> parse_php_mail(std::string_view text, Time time) {
  // "mail() on [/srv/form.php(3) : eval()'d code:1]: To: a@b -- Headers: … -- Subject: …"
  constexpr std::string_view kStart = "mail() on [";
  if (!text.starts_with(kStart)) return std::nullopt;
  text.remove_prefix(kStart.size());
  const std::size_t close = text.find("]: To: ");
  if (close == std::string_view::npos) return std::nullopt;
  std::string_view place = text.substr(0, close);
  const std::size_t colon = place.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  PhpMail mail;
  const std::string_view digits = place.substr(colon + 1);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), mail.line);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  place = place.substr(0, colon);
  // The eval suffix: "(3) : eval()'d code", "(3) : runtime-created function".
  if (const std::size_t suffix = place.find(") : "); suffix != std::string_view::npos) {
    const std::size_t open = place.rfind('(', suffix);
    if (open != std::string_view::npos) {
      place = place.substr(0, open);
      mail.is_eval = true;
    }
  }
  if (!place.starts_with('/')) return std::nullopt;
  std::string_view rest = text.substr(close + 7);
  const std::size_t headers = rest.find(" -- Headers: ");
  mail.recipient = std::string(trim(rest.substr(0, headers)).substr(0, 320));
  // The last marker: headers are the script's own and may hold the words, too.
  if (const std::size_t subject = rest.rfind(" -- Subject: "); subject != std::string_view::npos)
    mail.subject = std::string(rest.substr(subject + 13, 256));
  mail.script = std::string(place.substr(0, 4096));
  mail.time = time;
  return mail;
}

bool PhpMailLog::take(std::string_view line) {
  if (line.starts_with(' ') || line.starts_with('\t')) return false;
  const auto time = take_php_time(line, zone_);
  // PHP before 5.5 wrote no date: such an entry counts, at the time of the log's last known entry.
  auto mail = parse_php_mail(line, time.value_or(part_.last.value_or(Time{})));
  if (!mail) return false;
  if (time) part_.note_time(*time);
  if (time && *time > now_ + std::chrono::days{1}) ++part_.future_lines;
  if (part_.php_mails.size() < LogPart::kMaxPhpMails)
    part_.php_mails.push_back(std::move(*mail));
  else
    ++part_.php_entries_dropped;
  return true;
}

}  // namespace backscan::mail
