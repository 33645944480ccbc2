// The pass of syntax_signs.h: BlockScan jumps to the bytes that can begin a sign, one function each
// says whether it does.
#include "rules/syntax_signs.h"

#include <algorithm>
#include <cstddef>

#include "rules/block_scan.h"
#include "rules/triggers.h"

namespace backscan::rules {
namespace {

constexpr std::size_t kEncodedRun = 200;   // bytes of base64 or hexadecimal that no prose has
constexpr std::size_t kEncodedPiece = 60;  // of a payload cut into many strings
constexpr std::size_t kEncodedPieces = 600;
static_assert(kEncodedPiece >= BlockScan::kSurelySeen);
constexpr std::size_t kManyLetters = 12;
constexpr std::size_t kNearLetters = 200;  // bytes from one to the next, in large files
constexpr std::size_t kLargeFile = std::size_t{64} << 10;
constexpr std::size_t kManyEscapes = 12;
constexpr std::size_t kEscapesRun = 3 * kManyEscapes;  // bytes that so many take at least
constexpr std::size_t kMaxIndex = 60;                  // bytes between the brackets of an index
constexpr std::size_t kMaxIndices = 8;                 // in a row

bool is_digit(char c) {
  return is_any_of(c, kDigitByte);
}
bool is_word(char c) {
  return is_any_of(c, kWordByte);
}
bool is_encoded(char c) {
  return is_any_of(c, kEncodedByte);
}

class SignPass {
 public:
  explicit SignPass(std::string_view code) : code_(code), scan_(code) {}

  Signs run() {
    for (std::size_t at = scan_.next_special(0); at < code_.size(); at = scan_.next_special(at))
      at = look(at);
    if (scan_.may_hold_encoded()) look_for_encoded_runs();
    return signs_;
  }

 private:
  // 0 behind the end, which is none of the bytes asked for.
  [[nodiscard]] char byte(std::size_t at) const { return at < code_.size() ? code_[at] : '\0'; }

  /// Returns where to go on.
  std::size_t look(std::size_t at) {
    const char before = at > 0 ? code_[at - 1] : '\0';
    if (code_[at] == '\'') return look_at_string(at);
    if (before == '$')
      look_behind_dollar(at);
    else if (is_any_of(before, kWordByte | kForeignByte))
      look_behind_variable(at);
    else if (code_[at] == '(')
      look_at_call(at);
    else
      look_at_index(at);
    return at + 1;
  }

  /// `'AB'^'cd'`, `'AB'^$cd`: text made of text; `$a='e';…$a.='v';`: names by the letter.
  std::size_t look_at_string(std::size_t at) {
    std::size_t end = scan_.next_quote(at + 1);
    while (end < code_.size() && is_escaped(end)) end = scan_.next_quote(end + 1);
    if (end >= code_.size()) return code_.size();
    if (end == at + 2 && is_word(code_[at + 1]) && is_assigned(at)) note_letter(at);
    const char joint = byte(end + 1);
    const char next = byte(end + 2);
    if ((joint == '^' || joint == '|' || joint == '&') && (next == '\'' || next == '$'))
      signs_ |= kSignHidden | kSignPacked | kSignSource;
    return end + 1;
  }

  void note_letter(std::size_t at) {
    const bool is_next = code_.size() <= kLargeFile || at - last_letter_ <= kNearLetters;
    letters_ = is_next ? letters_ + 1 : 1;
    last_letter_ = at;
    if (letters_ >= kManyLetters) signs_ |= kSignHidden | kSignPacked;
  }

  /// Behind `$a=` or `$a.=`, not `==` and its like.
  [[nodiscard]] bool is_assigned(std::size_t at) const {
    return at >= 2 && code_[at - 1] == '=' && (is_word(code_[at - 2]) || code_[at - 2] == '.');
  }

  [[nodiscard]] bool is_escaped(std::size_t at) const {
    std::size_t first = at;
    while (first > 0 && code_[first - 1] == '\\') --first;
    return (at - first) % 2 == 1;
  }

  /// `$$a`, `${…}`, a name in foreign bytes.
  void look_behind_dollar(std::size_t at) {
    if (code_[at] == '$')
      signs_ |= kSignVarVar;
    else if (code_[at] == '{')
      look_at_computed_name(at + 1);
    else
      signs_ |= kSignPacked;
  }

  /// `$a(…)`, `$a[1](…)`, `$a[1].$a[2]`, `$___=…`; `end` is behind the name.
  void look_behind_variable(std::size_t end) {
    std::size_t first = end;
    bool is_nameless = true;
    for (; is_nameless && code_[first - 1] != '$'; --first) is_nameless = code_[first - 1] == '_';
    if (code_[end] != '{' && is_nameless) signs_ |= kSignShape;
    if (is_picked_letter(end)) signs_ |= kSignHidden;
    for (std::size_t i = 0; i < kMaxIndices && (byte(end) == '[' || byte(end) == '{'); ++i) {
      const std::size_t close = closing(end);
      if (close == 0) return;
      end = close + 1;
    }
    if (byte(end) != '(') return;
    signs_ |= kSignCall | kSignChosen;
    if (is_joined_to_variable(end)) signs_ |= kSignHidden;
  }

  /// `$f(97).$f(…`: letters put together by calls. `at` is where the first call's parenthesis
  /// opens.
  [[nodiscard]] bool is_joined_to_variable(std::size_t at) const {
    const std::size_t close = code_.substr(at + 1, kMaxIndex).find(')');
    if (close == std::string_view::npos) return false;
    std::size_t joint = at + 1 + close;
    while (byte(joint) == ')') ++joint;
    return byte(joint) == '.' && byte(joint + 1) == '$';
  }

  /// `${'GLO'.$x}`, `${$f()}`, `${f()}`; `at` is behind the brace.
  void look_at_computed_name(std::size_t at) {
    if (byte(at) == '\'' || byte(at) == '(') signs_ |= kSignHidden | kSignSource;
    if (byte(at) == '$') ++at;
    const std::size_t name = at;
    while (is_word(byte(at))) ++at;
    if (at > name && byte(at) == '(') signs_ |= kSignHidden;
  }

  /// `$s[3].$s[5]`; `at` is where the first index would begin.
  [[nodiscard]] bool is_picked_letter(std::size_t at) const {
    const std::size_t close = closing_of_number(at);
    if (close == 0 || byte(close + 1) != '.' || byte(close + 2) != '$') return false;
    std::size_t next = close + 3;
    while (is_word(byte(next))) ++next;
    return closing_of_number(next) != 0;
  }

  /// `f()($x)`, `$a[1]($x)`.
  void look_at_call(std::size_t at) {
    const char before = at > 0 ? code_[at - 1] : '\0';
    if (before != ')' && before != ']' && !(before == '}' && is_name_in_braces(at - 1))) return;
    signs_ |= byte(at + 1) == '$' ? kSignCall | kSignChosen : kSignNamed;
  }

  /// `${…}`, `->{…}`, `::{…}`, and no block that ends at `at`.
  [[nodiscard]] bool is_name_in_braces(std::size_t at) const {
    const std::size_t first = at - std::min(at, kMaxIndex);
    const std::size_t open = code_.substr(first, at - first).find_last_of("{;");
    if (open == std::string_view::npos) return true;
    const char before = first + open > 0 ? code_[first + open - 1] : '\0';
    return code_[first + open] == '{' && (before == '$' || before == '>' || before == ':');
  }

  /// `f()[0].`: a letter of what a call returns.
  void look_at_index(std::size_t at) {
    if (at == 0 || code_[at - 1] != ')') return;
    const std::size_t close = closing_of_number(at);
    if (close != 0 && byte(close + 1) == '.') signs_ |= kSignHidden;
  }

  /// Runs are found without looking at every byte: a run of 60 holds every 60th byte.
  void look_for_encoded_runs() {
    std::size_t in_pieces = 0;
    for (std::size_t probe = kEncodedPiece - 1; probe < code_.size();) {
      std::size_t first = probe + 1;
      while (first > 0 && probe + 1 - first < kEncodedRun && is_encoded(code_[first - 1])) --first;
      std::size_t end = probe + 1;
      if (first <= probe)
        while (end < code_.size() && end - first < kEncodedRun && is_encoded(code_[end])) ++end;
      if (end - first >= kEncodedPiece) in_pieces += end - first;
      if (in_pieces >= kEncodedPieces) signs_ |= kSignEncoded;
      if (end - first >= kEncodedRun) {
        signs_ |= kSignPacked;
        return;
      }
      probe = std::max(end, probe + 1) + kEncodedPiece - 1;
    }
  }

  /// Where the bracket that opens at `at` closes, 0 if not near.
  [[nodiscard]] std::size_t closing(std::size_t at) const {
    const std::size_t last = std::min(code_.size(), at + 1 + kMaxIndex);
    for (std::size_t next = at + 1; next < last; ++next)
      if (code_[next] == ']' || code_[next] == '}') return next;
    return 0;
  }

  /// The same if nothing but a number stands inside.
  [[nodiscard]] std::size_t closing_of_number(std::size_t at) const {
    if (byte(at) != '[' && byte(at) != '{') return 0;
    std::size_t next = at + 1;
    while (is_digit(byte(next)) && next - at <= kMaxIndex) ++next;
    return next > at + 1 && (byte(next) == ']' || byte(next) == '}') ? next : 0;
  }

  std::string_view code_;
  BlockScan scan_;
  Signs signs_ = 0;
  std::size_t letters_ = 0;      // assigned one at a time
  std::size_t last_letter_ = 0;  // where
};

/// The length of `\x65` or `\145` at `at`, 0 if none stands there.
std::size_t escape_at(std::string_view text, std::size_t at) {
  const auto is = [&](std::size_t i, unsigned classes) {
    return at + i < text.size() && is_any_of(text[at + i], classes);
  };
  const auto is_octal = [&](std::size_t i) { return is(i, kDigitByte) && text[at + i] < '8'; };
  if (text[at] != '\\' || at + 1 == text.size()) return 0;
  if ((text[at + 1] | 0x20) == 'x') return is(2, kHexByte) && is(3, kHexByte) ? 4 : 0;
  if (!is_octal(1) || !is_octal(2)) return 0;
  return is_octal(3) ? 4 : 3;
}

/// Of the bytes from `first` to `end`, which are all of escapes.
bool has_many_escapes(std::string_view text, std::size_t first, std::size_t end) {
  std::size_t count = 0;
  for (std::size_t at = first; at < end && count < kManyEscapes;) {
    const std::size_t length = escape_at(text, at);
    count = length == 0 ? 0 : count + 1;
    at += std::max<std::size_t>(length, 1);
  }
  return count >= kManyEscapes;
}

}  // namespace

Signs syntax_signs(std::string_view code) {
  return SignPass(code).run();
}

// As encoded runs are: a run of so many bytes holds every such byte.
Signs escape_signs(std::string_view bytes) {
  std::size_t behind = 0;  // the run before
  for (std::size_t probe = kEscapesRun - 1; probe < bytes.size();) {
    std::size_t end = probe;
    while (end < bytes.size() && is_any_of(bytes[end], kEscapeByte)) ++end;
    std::size_t first = probe;
    while (end > probe && first > behind && is_any_of(bytes[first - 1], kEscapeByte)) --first;
    if (end - first >= kEscapesRun && has_many_escapes(bytes, first, end)) return kSignShape;
    behind = end;
    probe = std::max(end, probe + 1) + kEscapesRun - 1;
  }
  return 0;
}

}  // namespace backscan::rules
