// See hex_pattern.h.
#include "external/hex_pattern.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <vector>

#include "base/text.h"

namespace backscan::external {
namespace {

// RE2 repeats nothing more often than this.
constexpr std::uint64_t kMaxRepeat = 1000;
// Longer gaps would make programs of tens of thousands of steps.
constexpr std::uint64_t kMaxGap = 4000;

std::unexpected<Error> refuse(std::string reason) {
  return std::unexpected(Error{"", std::move(reason)});
}

/// A byte that stands for itself.
void append_byte(std::string& out, int byte) {
  const auto c = static_cast<char>(byte);
  const bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
  if (is_word || c == ' ' || c == '<' || c == '>' || c == '=' || c == ';' || c == ',' || c == '"')
    out += c;
  else if (byte > ' ' && byte < 0x7f)
    (out += '\\') += c;
  else
    out += fmt::format("\\x{:02x}", byte);
}

/// `.` as often as the gap says; a gap without an end is shy, so that matches stay short.
Result<std::string> gap(std::uint64_t min, std::optional<std::uint64_t> max) {
  if (min > kMaxGap || max.value_or(0) > kMaxGap)
    return refuse(fmt::format("a gap of more than {} bytes", kMaxGap));
  if (max && *max < min) return refuse("a gap that ends before it begins");
  std::string out;
  const auto append = [&](std::uint64_t count, bool is_fixed) {
    while (count > 0) {
      const std::uint64_t now = std::min(count, kMaxRepeat);
      if (is_fixed && now <= 4)
        out.append(now, '.');
      else
        out += is_fixed ? fmt::format(".{{{}}}", now) : fmt::format(".{{0,{}}}?", now);
      count -= now;
    }
  };
  append(min, true);
  if (max)
    append(*max - min, false);
  else
    out += ".*?";
  return out;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Two hexadecimal digits, each of which may be unknown, as a pattern of one byte.
Result<std::string> byte_pattern(std::string_view two) {
  if (two.size() != 2) return refuse("half a byte");
  if (two == "??") return std::string(".");
  const int high = hex_digit(two[0]);
  const int low = hex_digit(two[1]);
  if ((high < 0 && two[0] != '?') || (low < 0 && two[1] != '?'))
    return refuse(fmt::format("'{}' is no byte", to_utf8(two)));
  std::string out;
  if (high >= 0 && low >= 0) {
    append_byte(out, high * 16 + low);
  } else if (high >= 0) {
    out = fmt::format("[\\x{0:x}0-\\x{0:x}f]", high);
  } else {
    out = "[";
    for (int i = 0; i < 16; ++i) out += fmt::format("\\x{:x}{:x}", i, low);
    out += ']';
  }
  return out;
}

/// What stands between two bytes, or before the first.
struct Distance {
  std::string pattern;
  std::uint64_t bytes = 0;
  bool is_fixed = true;
};

/// Reads a signature from left to right.
class Translator {
 public:
  explicit Translator(std::string_view hex) : rest_(hex) {}

  [[nodiscard]] Result<std::string> run() {
    while (!rest_.empty())
      if (auto read = step(); !read) return std::unexpected(read.error());
    if (out_.empty()) return refuse("no byte that must be there");
    return out_;
  }
  /// Of what `run` gave; nothing where it varies.
  [[nodiscard]] std::optional<std::uint64_t> length() const { return length_; }
  /// What stood before it.
  [[nodiscard]] const Distance& leading() const { return leading_; }

 private:
  Result<void> step() {
    const char c = rest_.front();
    if (c == '*') {
      rest_.remove_prefix(1);
      return add_gap(0, std::nullopt);
    }
    if (c == '{') return read_braces();
    if (c == '(' || c == '!') return read_alternatives();
    if (c == '[') return refuse("single bytes at a distance ([n-m])");
    const std::string_view two = rest_.substr(0, 2);
    rest_.remove_prefix(two.size());
    if (two == "??") return add_gap(1, 1);
    auto pattern = byte_pattern(two);
    if (!pattern) return std::unexpected(pattern.error());
    add(*pattern, 1);
    return {};
  }

  Result<void> add_gap(std::uint64_t min, std::optional<std::uint64_t> max) {
    auto pattern = gap(min, max);
    if (!pattern) return std::unexpected(pattern.error());
    // A gap counts once something follows; before the first byte it matters for offsets only.
    Distance& distance = out_.empty() ? leading_ : pending_;
    distance.pattern += *pattern;
    distance.bytes += min;
    distance.is_fixed &= max == min;
    return {};
  }

  void add(const std::string& text, std::optional<std::uint64_t> length) {
    out_ += pending_.pattern + text;
    if (!length || !pending_.is_fixed)
      length_.reset();
    else if (length_)
      *length_ += *length + pending_.bytes;
    pending_ = {};
  }

  Result<std::string_view> until(char end) {
    const std::size_t at = rest_.find(end);
    if (at == std::string_view::npos) return refuse(fmt::format("a '{}' is missing", end));
    const std::string_view text = rest_.substr(0, at);
    rest_.remove_prefix(at + 1);
    return text;
  }

  Result<void> read_braces() {
    rest_.remove_prefix(1);
    const auto text = until('}');
    if (!text) return std::unexpected(text.error());
    const std::size_t dash = text->find('-');
    const std::string_view low = text->substr(0, dash);
    const std::string_view high = dash == text->npos ? low : text->substr(dash + 1);
    const auto min = low.empty() ? std::optional<std::uint64_t>(0) : number(low);
    const auto max = number(high);
    if (!min || (!max && !high.empty()) || (low.empty() && high.empty()))
      return refuse(fmt::format("a gap {{{}}} of no known form", to_utf8(*text)));
    return add_gap(*min, max);
  }

  Result<void> read_alternatives() {
    const bool is_negated = rest_.front() == '!';
    if (is_negated) rest_.remove_prefix(1);
    if (!rest_.starts_with('(')) return refuse("a '!' without alternatives");
    rest_.remove_prefix(1);
    auto text = until(')');
    if (!text) return std::unexpected(text.error());
    if (text->find('(') != text->npos) return refuse("alternatives in alternatives");
    if (is_any(*text, {"B", "L", "W"})) return refuse(fmt::format("a boundary ({})", *text));
    std::vector<std::string> patterns;
    std::optional<std::uint64_t> length;
    bool is_even = true;
    for (bool is_last = false; !is_last;) {
      const std::size_t bar = text->find('|');
      is_last = bar == text->npos;
      const std::string_view one = text->substr(0, bar);
      text->remove_prefix(is_last ? text->size() : bar + 1);
      if (one.empty()) return refuse("an alternative of nothing");
      std::string pattern;
      for (std::size_t i = 0; i < one.size(); i += 2) {
        auto byte = byte_pattern(one.substr(i, 2));
        if (!byte) return std::unexpected(byte.error());
        pattern += *byte;
      }
      is_even &= !length || *length == one.size() / 2;
      length = one.size() / 2;
      patterns.push_back(std::move(pattern));
    }
    if (!is_negated) {
      add(fmt::format("(?:{})", fmt::join(patterns, "|")), is_even ? length : std::nullopt);
      return {};
    }
    if (!is_even || *length != 1) return refuse("all but alternatives of several bytes");
    for (const std::string& pattern : patterns)
      if (pattern.starts_with('[') || pattern == ".") return refuse("all but half-known bytes");
    add(fmt::format("[^{}]", fmt::join(patterns, "")), 1);
    return {};
  }

  std::string_view rest_;
  std::string out_;
  Distance leading_;
  Distance pending_;
  std::optional<std::uint64_t> length_ = 0;
};

/// `pattern`, of `length` where that is fixed and `leading` bytes behind `offset`, at that place only.
Result<std::string> placed(const std::string& pattern, std::optional<std::uint64_t> length,
                           const Distance& leading, std::string_view offset) {
  if (offset == "*" || offset.empty()) return pattern;
  if (!leading.is_fixed) return refuse("an offset with a gap of no fixed length behind it");
  if (offset.starts_with("EOF-")) {
    const auto from_end = number(offset.substr(4));
    if (!from_end) return refuse(fmt::format("an offset '{}' of no known form", to_utf8(offset)));
    if (!length) return refuse("an offset from the end with a signature of no fixed length");
    if (*length + leading.bytes > *from_end) return refuse("an offset from the end that leaves no room");
    const std::uint64_t behind = *from_end - leading.bytes - *length;
    auto rest = gap(behind, behind);
    if (!rest) return rest;
    return pattern + *rest + "\\z";
  }
  const std::size_t comma = offset.find(',');
  const auto begin = number(offset.substr(0, comma));
  const auto more =
      comma == offset.npos ? std::optional<std::uint64_t>(0) : number(offset.substr(comma + 1));
  if (!begin || !more)
    return refuse(fmt::format("an offset '{}' that speaks of a program's sections", to_utf8(offset)));
  auto before = gap(*begin + leading.bytes, *begin + leading.bytes + *more);
  if (!before) return before;
  return "\\A" + *before + pattern;
}

/// A dot that stands for itself has a backslash before it.
bool has_open_dot(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\')
      ++i;
    else if (pattern[i] == '.')
      return true;
  }
  return false;
}

}  // namespace

Result<std::string> hex_pattern(std::string_view hex, std::string_view offset) {
  Translator translator(hex);
  const auto bare = translator.run();
  if (!bare) return bare;
  auto pattern = placed(*bare, translator.length(), translator.leading(), offset);
  if (!pattern || !has_open_dot(*pattern)) return pattern;
  return "(?s)" + *pattern;
}

}  // namespace backscan::external
