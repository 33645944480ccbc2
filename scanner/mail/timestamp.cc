// Hand-written digit by digit: a million lines a second need it, strptime manages a tenth.
#include "mail/timestamp.h"

#include <array>
#include <ctime>

namespace backscan::mail {
namespace {

using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// Consumes digits and literals from the front of a text; sticky failure.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  int digits(std::size_t min, std::size_t max) {
    int value = 0;
    std::size_t count = 0;
    while (count < max && count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9')
      value = value * 10 + (rest_[count++] - '0');
    if (count < min) ok_ = false;
    rest_.remove_prefix(count);
    return value;
  }
  void literal(char c) {
    if (!accept(c)) ok_ = false;
  }
  bool accept(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  int month_name() {
    const std::size_t at = rest_.size() < 3 ? std::string_view::npos : kMonths.find(rest_.substr(0, 3));
    if (at == std::string_view::npos || at % 3 != 0) {
      ok_ = false;
      return 1;
    }
    rest_.remove_prefix(3);
    return static_cast<int>(at / 3) + 1;
  }
  /// ".525" and longer; digits past nanoseconds are dropped.
  nanoseconds fraction() {
    if (!accept('.')) return nanoseconds{0};
    std::int64_t value = 0;
    std::int64_t scale = 1'000'000'000;
    while (!rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9') {
      if (scale > 1) {
        scale /= 10;
        value += (rest_.front() - '0') * scale;
      }
      rest_.remove_prefix(1);
    }
    return nanoseconds{value};
  }
  /// "+0100", "+01:00", "Z"; nothing consumed where there is none.
  std::optional<seconds> offset() {
    if (accept('Z')) return seconds{0};
    if (rest_.size() < 5 || (rest_.front() != '+' && rest_.front() != '-')) return std::nullopt;
    const int sign = rest_.front() == '-' ? -1 : 1;
    Cursor inner(rest_.substr(1));
    const int hours = inner.digits(2, 2);
    inner.accept(':');
    const int minutes = inner.digits(2, 2);
    if (!inner.ok_ || hours > 14 || minutes > 59) return std::nullopt;
    rest_ = inner.rest_;
    return seconds{sign * (hours * 3600 + minutes * 60)};
  }
  void skip_spaces() {
    while (accept(' ')) {}
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<local_seconds> civil(int year, int month, int day, int hour, int minute, int second) {
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  // Times are counted in nanoseconds: years far from now would overflow.
  if (year < 1970 || year > 2200) return std::nullopt;
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return local_days{date} + seconds{hour * 3600 + minute * 60 + second};
}

Time at_offset(local_seconds local, seconds offset) {
  return Time{local.time_since_epoch() - offset};
}

std::optional<local_seconds> clock(Cursor& cursor, int year, int month, int day) {
  const int hour = cursor.digits(2, 2);
  cursor.literal(':');
  const int minute = cursor.digits(2, 2);
  int second = 0;
  if (cursor.accept(':')) second = cursor.digits(2, 2);
  if (!cursor.ok()) return std::nullopt;
  return civil(year, month, day, hour, minute, second);
}

}  // namespace

Time Zone::to_utc(local_seconds local) {
  if (fixed_) return at_offset(local, *fixed_);
  const auto hour = std::chrono::floor<std::chrono::hours>(local);
  if (local_seconds{hour} != cached_hour_) {
    std::tm fields{};
    const auto days = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day date{days};
    const std::chrono::hh_mm_ss time{local - days};
    fields.tm_year = static_cast<int>(date.year()) - 1900;
    fields.tm_mon = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
    fields.tm_mday = static_cast<int>(static_cast<unsigned>(date.day()));
    fields.tm_hour = static_cast<int>(time.hours().count());
    fields.tm_isdst = -1;
    const std::time_t utc = std::mktime(&fields);
    cached_offset_ = hour.time_since_epoch() - seconds{utc};
    cached_hour_ = hour;
  }
  return at_offset(local, cached_offset_);
}

std::optional<Time> take_exim_time(std::string_view& line, Zone& zone) {
  Cursor cursor(line);
  const int year = cursor.digits(4, 4);
  cursor.literal('-');
  const int month = cursor.digits(2, 2);
  cursor.literal('-');
  const int day = cursor.digits(2, 2);
  cursor.literal(' ');
  if (!cursor.ok()) return std::nullopt;
  const auto local = clock(cursor, year, month, day);
  if (!local) return std::nullopt;
  const nanoseconds fraction = cursor.fraction();
  cursor.skip_spaces();
  const auto offset = cursor.offset();
  cursor.skip_spaces();
  line = cursor.rest();
  return (offset ? at_offset(*local, *offset) : zone.to_utc(*local)) + fraction;
}

std::optional<Time> take_rfc3339_time(std::string_view& line) {
  Cursor cursor(line);
  const int year = cursor.digits(4, 4);
  cursor.literal('-');
  const int month = cursor.digits(2, 2);
  cursor.literal('-');
  const int day = cursor.digits(2, 2);
  cursor.literal('T');
  if (!cursor.ok()) return std::nullopt;
  const auto local = clock(cursor, year, month, day);
  if (!local) return std::nullopt;
  const nanoseconds fraction = cursor.fraction();
  const auto offset = cursor.offset();
  if (!offset) return std::nullopt;
  cursor.skip_spaces();
  line = cursor.rest();
  return at_offset(*local, *offset) + fraction;
}

std::optional<Time> take_syslog_time(std::string_view& line, Zone& zone, Time newest) {
  Cursor cursor(line);
  const int month = cursor.month_name();
  cursor.literal(' ');
  cursor.skip_spaces();
  const int day = cursor.digits(1, 2);
  cursor.literal(' ');
  if (!cursor.ok()) return std::nullopt;
  const std::chrono::year_month_day newest_date{std::chrono::floor<std::chrono::days>(newest)};
  const int newest_year = static_cast<int>(newest_date.year());
  // 29 February exists in the newest leap year at or before the log's end only.
  for (int year = newest_year; year > newest_year - 9; --year) {
    Cursor attempt = cursor;
    const auto local = clock(attempt, year, month, day);
    if (!attempt.ok()) return std::nullopt;
    if (!local) continue;
    const Time time = zone.to_utc(*local);
    if (time > newest + std::chrono::days{1}) continue;
    attempt.skip_spaces();
    line = attempt.rest();
    return time;
  }
  return std::nullopt;
}

std::optional<Time> take_php_time(std::string_view& line, Zone& zone) {
  Cursor cursor(line);
  cursor.literal('[');
  const int day = cursor.digits(2, 2);
  cursor.literal('-');
  const int month = cursor.month_name();
  cursor.literal('-');
  const int year = cursor.digits(4, 4);
  cursor.literal(' ');
  if (!cursor.ok()) return std::nullopt;
  const auto local = clock(cursor, year, month, day);
  if (!local) return std::nullopt;
  cursor.skip_spaces();
  const auto offset = cursor.offset();
  const std::size_t close = cursor.rest().find(']');
  if (close == std::string_view::npos || close > 40) return std::nullopt;
  const std::string_view name = cursor.rest().substr(0, close);
  line = cursor.rest().substr(close + 1);
  if (line.starts_with(' ')) line.remove_prefix(1);
  if (offset) return at_offset(*local, *offset);
  return name == "UTC" || name == "GMT" ? at_offset(*local, seconds{0}) : zone.to_utc(*local);
}

}  // namespace backscan::mail
