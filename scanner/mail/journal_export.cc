// Fields of an entry stand one a line, "NAME=value", or "NAME", eight bytes of length and the value
// where that is no plain text; an empty line ends the entry.
#include "mail/journal_export.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace backscan::mail {
namespace {

constexpr std::uint64_t kEntriesBetweenLooks = 4096;

/// What is wanted of one entry. Fields with an underscore are journald's own, taken from the kernel;
/// the others are the words of whoever wrote the entry (systemd.journal-fields(7)).
struct Entry {
  std::string identifier;
  std::string message;
  std::string executable;  // _EXE; missing where the process was gone before journald looked
  std::string unit;        // _SYSTEMD_UNIT
  std::string uid;         // _UID
  std::optional<Time> time;

  void take(std::string_view name, std::string_view value) {
    if (name == "MESSAGE") {
      message = value;
    } else if (name == "SYSLOG_IDENTIFIER") {
      identifier = value;
    } else if (name == "_EXE") {
      executable = value;
    } else if (name == "_SYSTEMD_UNIT") {
      unit = value;
    } else if (name == "_UID") {
      uid = value;
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

std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

/// The mail server whose entry this claims to be: what its programs and units begin with. Empty for
/// other programs.
std::string_view claimed_server(std::string_view identifier) {
  for (const std::string_view server : {"postfix", "exim", "sendmail", "sm-m"})
    if (identifier.starts_with(server)) return server;
  return {};
}

/// Whether journald's own fields bear out that the mail server wrote the entry: anyone may send one
/// that names it. Without such fields, as a selection of fields leaves it, it is a syslog line like any.
bool is_borne_out(const Entry& entry, std::string_view server) {
  if (entry.executable.empty() && entry.unit.empty() && entry.uid.empty()) return true;
  if (!entry.executable.empty()) {
    // Of the system's own programs: users and their sites cannot write there.
    constexpr auto kPlaces = std::to_array<std::string_view>({"/usr/", "/opt/", "/sbin/"});
    const bool is_systems = std::ranges::any_of(
        kPlaces, [&](std::string_view place) { return entry.executable.starts_with(place); });
    if (!is_systems) return false;
    if (server == "postfix") return entry.executable.find("/postfix") != std::string::npos;
    return file_name(entry.executable).starts_with(server == "exim" ? "exim" : "sendmail");
  }
  return entry.uid == "0" || entry.unit.starts_with(server);
}

/// False where it is of no program whose lines are understood.
bool take_entry(const Entry& entry, EximLog& exim, SyslogMail& syslog, LogPart& part) {
  if (!entry.time) return false;
  if (const std::string_view server = claimed_server(entry.identifier);
      !server.empty() && !is_borne_out(entry, server)) {
    if (part.forged_lines++ == 0)
      part.forger = (entry.executable.empty() ? "a program" : entry.executable) +
                    (entry.uid.empty() ? "" : " of uid " + entry.uid);
    return false;
  }
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
    if (!take_entry(entry, exim, syslog, part)) ++part.unknown_lines;
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
