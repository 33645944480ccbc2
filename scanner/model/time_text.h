// Points in time and spans of it as text: RFC 3339 for the outputs, and the forms in which people
// and listing pages write them. Of the model because outputs, flags, logs and results read back all
// speak of the same times.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"
#include "model/finding.h"

namespace backscan {

/// RFC 3339 in UTC, whole seconds: "2026-11-24T05:46:06Z".
[[nodiscard]] std::string format_time(Time time);

/// "2026-11-24".
[[nodiscard]] std::string format_date(Time time);

/// Reads "2026-11-03T17:43:00Z", "2026-11-03 17:43 CET", "03.11.2026 17:43 CET" (as Backscatterer's
/// page has it) and "2026-11-03". Seconds and fractions may be missing; the zone is an offset, UTC,
/// GMT, CET, CEST or nothing (UTC). Anything else is an error that names the text.
[[nodiscard]] Result<Time> parse_time(std::string_view text);

/// Reads "90", "90s", "30m", "12h", "7d", "2w": a number of seconds or of the unit named.
[[nodiscard]] Result<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace backscan
