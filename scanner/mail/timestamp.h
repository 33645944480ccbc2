// The time stamps of mail logs and listing pages, to points of UTC. A stamp without a zone means the
// host's local time; one without a year is resolved against the log's own newest time.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "model/finding.h"

namespace backscan::mail {

/// What local time means for stamps without a zone: the system's zone, or a fixed offset east of UTC
/// (for logs that were copied from another host). Not shared between threads: it keeps a cache.
class Zone {
 public:
  Zone() = default;
  explicit Zone(std::chrono::seconds fixed_offset) : fixed_(fixed_offset) {}
  [[nodiscard]] Time to_utc(std::chrono::local_seconds local);

 private:
  std::optional<std::chrono::seconds> fixed_;
  // The offset is asked once an hour of log time: localtime_r costs more than parsing a line.
  std::chrono::local_seconds cached_hour_{std::chrono::seconds{-1}};
  std::chrono::seconds cached_offset_{0};
};

/// Each reads the stamp at the start of `line` and leaves `line` after it and the spaces that follow;
/// nothing, and `line` untouched, where there is none.

/// Exim: "2026-11-24 05:46:06[.525] [+0100] " (specification 52.1).
[[nodiscard]] std::optional<Time> take_exim_time(std::string_view& line, Zone& zone);
/// RFC 3339 as rsyslog writes it: "2026-11-24T05:46:06.525+01:00 ".
[[nodiscard]] std::optional<Time> take_rfc3339_time(std::string_view& line);
/// RFC 3164: "Nov 24 05:43:37 ", the year chosen so that the time is not after `newest` by more than
/// a day (a log cannot be from the future; a day allows for clocks and zones).
[[nodiscard]] std::optional<Time> take_syslog_time(std::string_view& line, Zone& zone, Time newest);
/// PHP's mail.log: "[24-Nov-2026 05:43:17 UTC] "; a zone other than UTC or an offset is local time.
[[nodiscard]] std::optional<Time> take_php_time(std::string_view& line, Zone& zone);

}  // namespace backscan::mail
