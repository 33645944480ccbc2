// Fields of an entry stand one a line, "NAME=value", or "NAME", eight bytes of length and the value
// where that is no plain text; an empty line ends the entry.
#include "mail/journal_export.h"

#include <charconv>
#include <chrono>

namespace backscan::mail {
namespace {

constexpr std::uint64_t kEntriesBetweenLooks = 4096;

/// What is wanted of one entry.
struct Entry {
  std::string identifier;
  std::string message;
  std::optional<Time> time;

  void take(std::string_view name, std::string_view value) {
    if (name == "MESSAGE") {
      message = value;
    } else if (name == "SYSLOG_IDENTIFIER") {
      identifier = value;
    } else if (name == "_SOURCE_REALTIME_TIMESTAMP" || (name == "__REALTIME_TIMESTAMP" && !time)) {
      std::int64_t microseconds = 0;
      const char* const end = value.data() + value.size();
      const auto [stop, error] = std::from_chars(value.data(), end, microseconds);
      // Nanoseconds in 64 bits end in 2262.
      constexpr std::int64_t kLast = 7'258'118'400'000'000;
      if (error == std::errc{} && stop == end && microseconds >= 0 && microseconds < kLast)
        time = Time{std::chrono::microseconds{microseconds}};
    }
  }
};

bool is_field_name(std::string_view text) {
  if (text.empty() || text.size() > 64) return false;
  for (const char c : text)
    if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_') return false;
  return true;
}

/// A value after its eight bytes of length, least first, and its line end.
bool take_binary(LineReader& reader, std::string& value) {
  std::string bytes;
  if (!reader.take_bytes(8, bytes)) return false;
  std::uint64_t length = 0;
  for (std::size_t i = 8; i-- > 0;) length = length << 8U | static_cast<unsigned char>(bytes[i]);
  bytes.clear();
  return reader.take_bytes(length, value) && reader.take_bytes(1, bytes);
}

/// False where it is of no program whose lines are understood.
bool take_entry(const Entry& entry, EximLog& exim, SyslogMail& syslog) {
  if (!entry.time) return false;
  // A message of several lines is one that somebody else's words broke: only the first is the log's.
  const std::string_view message =
      std::string_view(entry.message).substr(0, entry.message.find('\n'));
  if (!entry.identifier.starts_with("exim"))
    return syslog.take_entry(entry.identifier, message, *entry.time);
  // With syslog_timestamp, its default, Exim's own stamp stands before the line.
  const bool is_stamped = message.size() > 10 && message[4] == '-' && message[7] == '-' &&
                          message[10] == ' ';
  return is_stamped ? exim.take(message) : exim.take_entry(message, *entry.time);
}

}  // namespace

bool is_journal_export(std::string_view first_line) {
  return first_line.starts_with("__CURSOR=") || first_line.starts_with("__REALTIME_TIMESTAMP=");
}

void read_journal_export(LineReader& reader, std::string_view first_line, EximLog& exim,
                         SyslogMail& syslog, LogPart& part, const std::stop_token& stop) {
  Entry entry;
  bool is_empty = true;
  const auto finish = [&] {
    if (is_empty) return;
    ++part.lines;
    if (!take_entry(entry, exim, syslog)) ++part.unknown_lines;
    entry = {};
    is_empty = true;
  };
  std::string value;
  for (std::optional<std::string_view> line = first_line; line; line = reader.next()) {
    if (line->empty()) {
      finish();
      if (part.lines % kEntriesBetweenLooks == 0 && stop.stop_requested()) break;
      continue;
    }
    is_empty = false;
    const std::size_t equals = line->find('=');
    const std::string name(line->substr(0, equals));
    if (!is_field_name(name)) continue;
    if (equals != std::string_view::npos) {
      entry.take(name, line->substr(equals + 1));
      continue;
    }
    value.clear();
    if (!take_binary(reader, value)) {
      ++part.unknown_lines;  // torn: what its length speaks of is not there
      break;
    }
    entry.take(name, value);
  }
  finish();
}

}  // namespace backscan::mail
