// A cursor over the text: std::chrono::parse is not in g++ 12, strptime knows no zones and locales.
#include "model/time_text.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "base/text.h"

namespace backscan {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::nanoseconds;
using std::chrono::seconds;

class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  /// Exactly `digits` digits.
  std::optional<int> number(std::size_t digits) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  bool skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool skip_word(std::string_view word) {
    if (!equals_ignoring_case(rest_, word)) return false;
    rest_ = {};
    return true;
  }
  void skip_blanks() {
    while (skip(' ')) {
    }
  }
  /// The digits after a decimal point as nanoseconds; further digits are dropped.
  std::optional<nanoseconds> fraction() {
    std::int64_t value = 0;
    std::int64_t unit = 100'000'000;
    std::size_t digits = 0;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      value += unit * (rest_.front() - '0');
      unit /= 10;
      ++digits;
      rest_.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    return nanoseconds{value};
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::sys_days> parse_date(Cursor& cursor, bool day_first) {
  std::optional<int> year;
  std::optional<int> day;
  const char separator = day_first ? '.' : '-';
  (day_first ? day : year) = cursor.number(day_first ? 2 : 4);
  if (!(day_first ? day : year) || !cursor.skip(separator)) return std::nullopt;
  const std::optional<int> month = cursor.number(2);
  if (!month || !cursor.skip(separator)) return std::nullopt;
  (day_first ? year : day) = cursor.number(day_first ? 4 : 2);
  if (!year || !day) return std::nullopt;
  // Nanoseconds in 64 bits reach from 1678 to 2262.
  if (*year < 1700 || *year > 2200) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

std::optional<nanoseconds> parse_clock(Cursor& cursor) {
  const std::optional<int> hour = cursor.number(2);
  if (!hour || *hour > 23 || !cursor.skip(':')) return std::nullopt;
  const std::optional<int> minute = cursor.number(2);
  if (!minute || *minute > 59) return std::nullopt;
  nanoseconds clock = hours{*hour} + minutes{*minute};
  if (!cursor.skip(':')) return clock;
  const std::optional<int> second = cursor.number(2);
  if (!second || *second > 60) return std::nullopt;
  clock += seconds{*second};
  if (!cursor.skip('.')) return clock;
  const std::optional<nanoseconds> fraction = cursor.fraction();
  if (!fraction) return std::nullopt;
  return clock + *fraction;
}

/// East of Greenwich is positive; nothing at all means UTC.
std::optional<minutes> parse_zone(Cursor& cursor) {
  if (cursor.at_end() || cursor.skip_word("Z") || cursor.skip_word("UTC") ||
      cursor.skip_word("GMT"))
    return minutes{0};
  if (cursor.skip_word("CET")) return hours{1};
  if (cursor.skip_word("CEST")) return hours{2};
  const bool east = cursor.skip('+');
  if (!east && !cursor.skip('-')) return std::nullopt;
  const std::optional<int> hour = cursor.number(2);
  if (!hour || *hour > 14) return std::nullopt;
  cursor.skip(':');
  const std::optional<int> minute = cursor.number(2);
  if (!minute || *minute > 59) return std::nullopt;
  const minutes offset = hours{*hour} + minutes{*minute};
  return east ? offset : -offset;
}

std::optional<Time> parse(std::string_view text) {
  Cursor cursor(text);
  const bool day_first = text.size() > 2 && text[2] == '.';
  const auto date = parse_date(cursor, day_first);
  if (!date) return std::nullopt;
  Time time{*date};
  if (cursor.at_end()) return time;
  if (!cursor.skip('T') && !cursor.skip('t') && !cursor.skip(' ')) return std::nullopt;
  const auto clock = parse_clock(cursor);
  if (!clock) return std::nullopt;
  cursor.skip_blanks();
  const auto offset = parse_zone(cursor);
  if (!offset || !cursor.at_end()) return std::nullopt;
  return time + *clock - *offset;
}

}  // namespace

std::string format_time(Time time) {
  const auto whole = std::chrono::floor<seconds>(time);
  const auto day = std::chrono::floor<days>(whole);
  const std::chrono::hh_mm_ss clock{whole - day};
  return fmt::format("{}T{:02}:{:02}:{:02}Z", format_date(time), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string format_date(Time time) {
  const std::chrono::year_month_day date{std::chrono::floor<days>(time)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

Result<Time> parse_time(std::string_view text) {
  if (const auto time = parse(trim(text))) return *time;
  return std::unexpected(
      Error{std::string(text), "not a time; write 2026-11-03T17:43:00Z or \"2026-11-03 17:43 CET\""});
}

Result<seconds> parse_duration(std::string_view text) {
  const std::unexpected bad(
      Error{std::string(text), "not a length of time; write 90s, 30m, 12h, 7d or 2w"});
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || number < 0) return bad;
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  std::int64_t factor = 0;
  if (unit.empty() || unit == "s") factor = 1;
  if (unit == "m") factor = 60;
  if (unit == "h") factor = 3600;
  if (unit == "d") factor = 86'400;
  if (unit == "w") factor = 604'800;
  // A century is longer than anything a scan can mean, and keeps later arithmetic from overflowing.
  constexpr std::int64_t kCentury = std::int64_t{100} * 366 * 86'400;
  if (factor == 0 || number > kCentury / factor) return bad;
  return seconds{number * factor};
}

}  // namespace backscan
