// The pass of syntax_signs.h: `next_special` jumps to the bytes that can begin a sign, one function
// each says whether it does.
#include "rules/syntax_signs.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "rules/triggers.h"

namespace backscan::rules {
namespace {

constexpr std::size_t kEncodedRun = 200;  // bytes of base64 or hexadecimal that no prose has
constexpr std::size_t kMaxIndex = 60;     // bytes between the brackets of an index
constexpr std::size_t kBytesPerStep = 8;
constexpr std::size_t kFreeSteps = 1000;  // comments; no file of comments has more than one in 8 bytes
constexpr std::size_t kMaxCommand = 80;   // bytes between a backtick and its variable

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_quote(char c) {
  return c == '\'' || c == '"';
}
bool is_encoded(char c) {
  return is_word(c) ? c != '_' : c == '+' || c == '/' || c == '=';
}

class SignPass {
 public:
  explicit SignPass(std::string_view bytes) : bytes_(bytes) {}

  std::uint32_t run() {
    if (has_encoded_run()) signs_ |= kSignPacked;
    for (std::size_t at = next_special(0); at < bytes_.size() && !is_spent_; at = next_special(at + 1))
      look(at);
    return signs_;
  }

 private:
  // 0 behind the end, which is none of the bytes asked for.
  [[nodiscard]] char byte(std::size_t at) const { return at < bytes_.size() ? bytes_[at] : '\0'; }

  [[nodiscard]] std::size_t next_special(std::size_t at) const {
    constexpr std::string_view kSpecial = "'\"$([{`/#";
#ifdef __SSE2__
    for (; at + 16 <= bytes_.size(); at += 16) {
      const __m128i block =
          _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes_.data() + at));
      __m128i found = _mm_setzero_si128();
      for (const char special : kSpecial)
        found = _mm_or_si128(found, _mm_cmpeq_epi8(block, _mm_set1_epi8(special)));
      if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found)); mask != 0)
        return at + static_cast<std::size_t>(std::countr_zero(mask));
    }
#endif
    while (at < bytes_.size() && kSpecial.find(bytes_[at]) == kSpecial.npos) ++at;
    return at;
  }

  void look(std::size_t at) {
    switch (bytes_[at]) {
      case '\'':
      case '"':
        return look_at_quote(at);
      case '$':
        return look_at_variable(at);
      case '(':
        return look_at_call(at);
      case '[':
      case '{':
        return look_at_index(at);
      case '`':
        return look_at_backtick(at);
      default:
        return look_at_comment(at);
    }
  }

  /// `'ma'.'il'`, `('ma').("il")`, `'AB'^'cd'`, comments between or not.
  void look_at_quote(std::size_t at) {
    std::size_t next = skip(at + 1, ")");
    const char joint = byte(next);
    if (joint != '.' && joint != '^' && joint != '|' && joint != '&') return;
    next = skip(next + 1, "(");
    if (!is_quote(byte(next))) return;
    const char before = at > 0 ? bytes_[at - 1] : '\0';
    if (joint != '.') {
      // A word's end before it: no '|' between quotes, but text made of text.
      signs_ |= is_word(before) ? kSignHidden | kSignPacked | kSignSource : kSignHidden;
      return;
    }
    if ((is_word(before) || before == '$') && is_word(byte(next + 1))) signs_ |= kSignHidden;
  }

  void look_at_variable(std::size_t at) {
    const char next = byte(at + 1);
    if (next == '$') signs_ |= kSignHidden | kSignSource;  // may name the request
    if (next == '{') look_at_computed_name(at + 2);
    if ((static_cast<unsigned char>(next) & 0x80) != 0) signs_ |= kSignPacked;
    std::size_t end = at + 1;
    while (is_word(byte(end)) || (static_cast<unsigned char>(byte(end)) & 0x80) != 0) ++end;
    if (end == at + 1) return;
    const bool is_underscores =
        std::ranges::all_of(bytes_.substr(at + 1, end - at - 1), [](char c) { return c == '_'; });
    end = skip(end);
    if (is_underscores && (byte(end) == '=' || byte(end) == '(' || byte(end) == '['))
      signs_ |= kSignPacked;
    if (is_picked_letter(end)) signs_ |= kSignHidden;
    while (byte(end) == '[' || byte(end) == '{') {
      const std::size_t close = closing(end);
      if (close == 0) return;
      end = skip(close + 1);
    }
    if (byte(end) != '(') return;
    signs_ |= kSignCall;
    if (is_joined_to_variable(end)) signs_ |= kSignHidden;
  }

  /// `$f(97).$f(…`: letters put together by calls. `at` is where the first call's parenthesis opens.
  [[nodiscard]] bool is_joined_to_variable(std::size_t at) {
    const std::size_t close = bytes_.substr(at + 1, kMaxIndex).find_first_of(")\n");
    if (close == std::string_view::npos) return false;
    const std::size_t joint = skip(at + 1 + close, ")");
    return byte(joint) == '.' && byte(skip(joint + 1)) == '$';
  }

  /// `${'GLO'.'BALS'}`, `${$f()}`, `${f()}`; `at` is behind the brace.
  void look_at_computed_name(std::size_t at) {
    at = skip(at);
    if (is_quote(byte(at)) || byte(at) == '(') signs_ |= kSignHidden | kSignSource;
    if (byte(at) == '$') ++at;
    const std::size_t name = at;
    while (is_word(byte(at))) ++at;
    if (at > name && byte(skip(at)) == '(') signs_ |= kSignHidden;
  }

  /// `$s[3].$s[5]`; `at` is where the first index would begin.
  [[nodiscard]] bool is_picked_letter(std::size_t at) {
    const std::size_t close = closing_of_number(at);
    if (close == 0) return false;
    std::size_t next = skip(close + 1);
    if (byte(next) != '.') return false;
    next = skip(next + 1);
    if (byte(next) != '$') return false;
    ++next;
    while (is_word(byte(next))) ++next;
    return closing_of_number(skip(next)) != 0;
  }

  /// `f()($x)`, `$a[1]($x)`.
  void look_at_call(std::size_t at) {
    const char before = byte_before(at);
    if ((before == ')' || before == ']' || before == '}') && byte(skip(at + 1)) == '$')
      signs_ |= kSignCall;
  }

  /// `f()[0].`: a letter of what a call returns.
  void look_at_index(std::size_t at) {
    if (!is_digit(byte(skip(at + 1))) || byte_before(at) != ')') return;
    const std::size_t close = closing_of_number(at);
    if (close != 0 && byte(skip(close + 1)) == '.') signs_ |= kSignHidden;
  }

  void look_at_backtick(std::size_t at) {
    const std::string_view command = bytes_.substr(at + 1, kMaxCommand);
    const std::size_t variable = command.find_first_of("`\n$");
    // In views it reads shell_exec(…).
    if (variable != command.npos && command[variable] == '$') signs_ |= kSignExecute | kSignView;
  }

  /// A comment inside an expression: it may part what a pattern wants side by side.
  void look_at_comment(std::size_t at) {
    if (!is_comment(at)) return;
    const std::size_t before = place_before(at);
    if (before == kNone) return;
    const char last = bytes_[before];
    const bool is_arrow = before > 0 && ((last == '>' && bytes_[before - 1] == '-') ||
                                         (last == ':' && bytes_[before - 1] == ':'));
    const bool is_word_end = is_word(last) || is_quote(last) || last == ')';
    const bool is_inline =
        bytes_[at + 1] == '*' && (is_word(last) || last == '(') &&
        bytes_.substr(before, at - before).find('\n') == std::string_view::npos;
    if (!is_arrow && !is_word_end && !is_inline) return;
    const char next = byte(skip(at));
    if (is_arrow || (is_word_end && next == '(') ||
        (is_inline && (is_word(next) || is_quote(next) || next == '$')))
      signs_ |= kSignHidden;
  }

  /// Runs are found without looking at every byte: a run of 200 holds every 200th byte.
  [[nodiscard]] bool has_encoded_run() const {
    for (std::size_t probe = kEncodedRun - 1; probe < bytes_.size();) {
      std::size_t first = probe + 1;
      while (first > 0 && is_encoded(bytes_[first - 1]) && probe + 1 - first < kEncodedRun) --first;
      std::size_t end = probe + 1;
      if (first <= probe)
        while (end < bytes_.size() && end - first < kEncodedRun && is_encoded(bytes_[end])) ++end;
      if (end - first >= kEncodedRun) return true;
      probe = std::max(end, probe + 1) + kEncodedRun - 1;
    }
    return false;
  }

  [[nodiscard]] bool is_comment(std::size_t at) const {
    return byte(at) == '#' ? byte(at + 1) != '['
                           : byte(at) == '/' && (byte(at + 1) == '*' || byte(at + 1) == '/');
  }

  /// Behind white space, comments and the bytes of `also`.
  [[nodiscard]] std::size_t skip(std::size_t at, std::string_view also = {}) {
    for (;; ++at) {
      if (is_comment(at)) at = end_of_comments(at);
      const char c = byte(at);
      if (at >= bytes_.size() || (!is_space(c) && also.find(c) == also.npos)) return at;
    }
  }

  /// Behind the comments in a row that begin at `at` and the white space between them. The last row
  /// is kept, as each comment of a long one is asked for; who defeats that is packed.
  [[nodiscard]] std::size_t end_of_comments(std::size_t at) {
    if (std::ranges::binary_search(row_, at)) return row_end_;
    row_.clear();
    while (is_comment(at)) {
      row_.push_back(at);
      at = end_of_comment(at);
      while (is_space(byte(at))) ++at;
    }
    row_end_ = at;
    steps_ += row_.size();
    if (steps_ > bytes_.size() / kBytesPerStep + kFreeSteps) {
      signs_ |= kSignHidden | kSignPacked;
      is_spent_ = true;
    }
    return at;
  }

  /// The ends are kept: the scan for each goes through the file once, whatever asks.
  [[nodiscard]] std::size_t end_of_comment(std::size_t at) {
    const bool is_block = byte(at) == '/' && byte(at + 1) == '*';
    std::size_t& known = is_block ? block_end_ : line_end_;
    const std::size_t from = is_block ? at + 2 : at + 1;
    if (known < from || known > bytes_.size() || from < searched_from_[is_block]) {
      known = is_block ? bytes_.find("*/", from) : bytes_.find('\n', from);
      if (known == bytes_.npos) known = bytes_.size();
      searched_from_[is_block] = from;
    }
    return std::min(bytes_.size(), known + (is_block ? 2 : 1));
  }

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  [[nodiscard]] std::size_t place_before(std::size_t at) const {
    while (at > 0 && is_space(bytes_[at - 1])) --at;
    return at == 0 ? kNone : at - 1;
  }
  [[nodiscard]] char byte_before(std::size_t at) const {
    const std::size_t place = place_before(at);
    return place == kNone ? '\0' : bytes_[place];
  }

  /// Where the bracket that opens at `at` closes, 0 if not on the line and near.
  [[nodiscard]] std::size_t closing(std::size_t at) const {
    const std::string_view inside = bytes_.substr(at + 1, kMaxIndex);
    const std::size_t close = inside.find_first_of("]}\n");
    return close == inside.npos || inside[close] == '\n' ? 0 : at + 1 + close;
  }

  /// The same if nothing but a number stands inside.
  [[nodiscard]] std::size_t closing_of_number(std::size_t at) {
    if (byte(at) != '[' && byte(at) != '{') return 0;
    std::size_t next = skip(at + 1);
    const std::size_t number = next;
    while (is_digit(byte(next))) ++next;
    if (next == number) return 0;
    next = skip(next);
    return byte(next) == ']' || byte(next) == '}' ? next : 0;
  }

  std::string_view bytes_;
  std::uint32_t signs_ = 0;
  std::size_t block_end_ = 0;
  std::size_t line_end_ = 0;
  std::size_t searched_from_[2] = {};  // lines, blocks
  std::vector<std::size_t> row_;       // where its comments begin
  std::size_t row_end_ = 0;
  std::size_t steps_ = 0;
  bool is_spent_ = false;
};

}  // namespace

std::uint32_t syntax_signs(std::string_view bytes) {
  return SignPass(bytes).run();
}

}  // namespace backscan::rules
