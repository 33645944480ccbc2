// Functions that build text out of several: formatting, joining, replacing. Kept in order, because
// header lines and labels are read off the pieces later.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "php/flow_functions.h"
#include "php/guards.h"
#include "php/sinks.h"

namespace backscan::php::flow {

namespace {

constexpr std::size_t kMaxFormat = std::size_t{16} << 10;
constexpr std::size_t kMaxFolded = std::size_t{16} << 10;

// %s and %1$s take arguments in order; everything between is text.
Value format(Interpreter& in, const std::string& pattern, std::span<const Value> args) {
  Value all;
  std::string literal;
  std::size_t next = 0;
  for (std::size_t i = 0; i < pattern.size() && i < kMaxFormat; ++i) {
    if (pattern[i] != '%') {
      literal.push_back(pattern[i]);
      continue;
    }
    if (i + 1 < pattern.size() && pattern[i + 1] == '%') {
      literal.push_back('%');
      ++i;
      continue;
    }
    std::size_t end = pattern.find_first_not_of("0123456789$+-.' ", i + 1);
    if (end == std::string::npos) break;
    std::size_t which = next;
    if (const std::size_t dollar = pattern.find('$', i); dollar < end && dollar > i + 1) {
      which = static_cast<std::size_t>(pattern[i + 1] - '1');
    } else {
      ++next;
    }
    all = in.values.concat(all, in.values.own_text(literal));
    literal.clear();
    Value arg = which < args.size() ? args[which] : Value{};
    if (pattern[end] != 's') arg = in.values.with(in.values.holes(arg), 0, 0,
                                                  kSafeNumber | kSafeNoBreaks);
    all = in.values.concat(all, arg);
    i = end;
  }
  return in.values.concat(all, in.values.own_text(literal));
}

Value call_format(Interpreter& in, const Call& call, std::size_t first, bool takes_array) {
  const Value pattern = in.values.flat(call.arg(first));
  std::vector<Value> args;
  if (takes_array) {
    const Value list = call.arg(first + 1);
    if (list.array != nullptr) {
      for (const Entry& entry : list.array->entries) args.push_back(entry.value);
    }
    if (args.empty()) args.push_back(in.items_of(list));
  } else {
    for (std::size_t i = first + 1; i < call.args.size(); ++i) args.push_back(call.args[i]);
  }
  if (is_constant_text(pattern)) return format(in, constant_text(pattern), args);
  Value all = pattern;
  for (const Value& arg : args) all = in.values.concat(all, arg);
  return all;
}

Value call_implode(Interpreter& in, const Call& call) {
  const bool is_swapped = call.arg(0).array != nullptr || call.args.size() < 2;
  const Value& list = is_swapped ? call.arg(0) : call.arg(1);
  const Value& glue = is_swapped ? call.arg(1) : call.arg(0);
  if (list.array == nullptr) return in.values.flat(list);
  Value all;
  for (const Entry& entry : list.array->entries) {
    if (!all.pieces.empty()) all = in.values.concat(all, glue);
    all = in.values.concat(all, entry.value);
  }
  if (!list.array->rest.is_nothing()) {
    if (!all.pieces.empty()) all = in.values.concat(all, glue);
    all = in.values.concat(all, list.array->rest);
  }
  // An array that a superglobal is, too: implode(', ', $_POST['choices']).
  return list.pieces.empty() ? all
                             : in.values.concat(all, in.values.holes(Value{.pieces = list.pieces}));
}

std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  if (from.empty()) return text;
  std::string out;
  std::size_t at = 0;
  for (std::size_t hit = text.find(from); hit != std::string::npos; hit = text.find(from, at)) {
    out.append(text, at, hit - at).append(to);
    at = hit + from.size();
    if (out.size() > kMaxFolded) break;
  }
  return out.append(text, at, std::string::npos);
}

bool any_text(const Value& value, bool (*predicate)(std::string_view)) {
  return std::ranges::any_of(value.pieces, [&](const Piece& piece) {
    return piece.is_text() && predicate(piece.text);
  });
}

// What comes of putting `replacement` for `search` into `subject`.
Value replaced(Interpreter& in, const Value& search, const Value& replacement,
               const Value& subject, bool strips_breaks) {
  const bool is_hidden = is_constant_text(replacement) && replacement.has(kDecoded);
  Value result = in.values.concat(
      subject, is_hidden ? in.values.hole(kDecoded) : in.values.holes(replacement));
  const std::uint16_t marks = any_text(search, is_macro) ? kMacro : 0;
  const bool is_clean = strips_breaks && !replacement.has(kOutside);
  std::uint16_t safety = is_clean ? kSafeNoBreaks : 0;
  // What lost its quotes cannot leave the string that it is put into.
  if (any_text(search, [](std::string_view text) { return text == "'"; }) &&
      !replacement.has(kOutside)) {
    safety |= kSafeQuoted;
  }
  if (marks != 0 || safety != 0) result = in.values.with(result, 0, marks, safety);
  return result;
}

Value call_str_replace(Interpreter& in, const Call& call) {
  const Value search = in.values.flat(call.arg(0));
  const Value replacement = in.values.flat(call.arg(1));
  const Value subject = in.values.flat(call.arg(2));
  if (is_constant_text(call.arg(0)) && is_constant_text(replacement) &&
      is_constant_text(subject)) {
    const std::string text = constant_text(subject);
    if (text.size() <= kMaxFolded) {
      return in.values.own_text(
          replace_all(text, constant_text(search), constant_text(replacement)));
    }
  }
  const bool strips = any_text(search, [](std::string_view text) {
    return text.find('\n') != std::string_view::npos;
  });
  return replaced(in, search, replacement, subject, strips);
}

Value call_preg_replace(Interpreter& in, const Call& call, bool has_delimiters) {
  const Value pattern = in.values.flat(call.arg(0));
  const Value subject = in.values.flat(call.arg(2));
  if (has_delimiters && any_text(pattern, has_eval_flag)) {
    (void)sink_code(in, call.node, "preg_replace(/e)", call.arg(1));
  } else if (has_delimiters && !pattern.pieces.empty() && pattern.pieces.front().has(kRequest)) {
    // Whoever chooses the whole pattern can ask for /e.
    (void)sink_code(in, call.node, "preg_replace()", pattern);
  }
  const bool strips =
      has_delimiters
          ? any_text(pattern, [](std::string_view text) { return removes_breaks(text, true); })
          : any_text(pattern, [](std::string_view text) { return removes_breaks(text, false); });
  return replaced(in, pattern, call.arg(1), subject, strips);
}

Value call_strtr(Interpreter& in, const Call& call) {
  const Value subject = in.values.flat(call.arg(0));
  if (call.args.size() >= 3) {
    const bool strips = any_text(in.values.flat(call.arg(1)), [](std::string_view text) {
      return text.find('\n') != std::string_view::npos;
    });
    return replaced(in, call.arg(1), call.arg(2), subject, strips);
  }
  Value keys;
  if (call.arg(1).array != nullptr) {
    for (const Entry& entry : call.arg(1).array->entries) {
      keys = in.values.merge(keys, in.values.text(entry.key));
    }
  }
  return replaced(in, keys, in.values.flat(call.arg(1)), subject, false);
}

Value call_substr(Interpreter& in, const Call& call) {
  const Value text = in.values.flat(call.arg(0));
  const std::string start = constant_text(call.arg(1));
  const bool is_short = start.size() < 6 && constant_text(call.arg(2)).size() < 6;
  if (!is_constant_text(text)) return part_of(in.values, in.sources, text, "substr");
  if (start.empty() || !is_short) return text;
  const std::string whole = constant_text(text);
  const auto number = [](const std::string& digits) {
    const bool is_negative = digits.starts_with('-');
    long value = 0;
    for (const char c : digits.substr(is_negative ? 1 : 0)) {
      if (c < '0' || c > '9') break;
      value = value * 10 + (c - '0');
    }
    return is_negative ? -value : value;
  };
  const long size = static_cast<long>(whole.size());
  long begin = number(start);
  begin = std::clamp(begin < 0 ? size + begin : begin, 0L, size);
  long length = size - begin;
  if (is_constant_text(call.arg(2))) {
    const long wanted = number(constant_text(call.arg(2)));
    length = wanted < 0 ? std::max(0L, length + wanted) : std::min(length, wanted);
  }
  return in.values.own_text(std::string_view(whole).substr(static_cast<std::size_t>(begin),
                                                           static_cast<std::size_t>(length)));
}

// What is computed from numbers that stand there, as packers write their letters:
// chr(4*4*(5+5)-40), chr(47+ord(1==1)). Without overflow, as hostile numbers may be large.
std::optional<std::int64_t> computed_number(const Node* node, int depth = 0);

std::optional<std::int64_t> code_of(const Node* text, int depth) {
  if (text != nullptr && text->is(NodeKind::String) && !text->value.empty()) {
    return static_cast<unsigned char>(text->value.front());
  }
  const auto number = computed_number(text, depth);
  return number ? std::optional<std::int64_t>(std::to_string(*number).front()) : std::nullopt;
}

std::optional<std::int64_t> combined(const Node& node, std::int64_t a, std::int64_t b) {
  // What is not equal is an empty text, which is no letter.
  if (node.op == TokenKind::IsEqual) return a == b ? std::optional<std::int64_t>(1) : std::nullopt;
  if (node.op != TokenKind::Char) return std::nullopt;
  switch (node.op_char) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return b != 0 && a % b == 0 ? std::optional<std::int64_t>(a / b) : std::nullopt;
    case '%': return b != 0 ? std::optional<std::int64_t>(a % b) : std::nullopt;
    default: return std::nullopt;
  }
}

std::optional<std::int64_t> computed_number(const Node* node, int depth) {
  constexpr int kMaxDepth = 16;
  if (node == nullptr || depth > kMaxDepth) return std::nullopt;
  std::optional<std::int64_t> number;
  if (node->is(NodeKind::Int)) {
    number = written_number(node->value);
  } else if (node->is(NodeKind::Call) && node->name == "ord" && node->kids.size() == 2) {
    number = code_of(node->kid(1), depth + 1);
  } else if (node->is(NodeKind::Binary)) {
    for (std::size_t i = 0; i < node->kids.size() && (i == 0 || number); ++i) {
      const auto next = computed_number(node->kid(i), depth + 1);
      number = i == 0 || !next ? next : combined(*node, *number, *next);
      if (number && (*number > kMostWritten || *number < -kMostWritten)) number.reset();
    }
  }
  return number;
}

Value call_chr(Interpreter& in, const Call& call) {
  const Value value = call.arg(0);
  const auto letter = [&](std::int64_t code) {
    return in.values.own_text(std::string(1, static_cast<char>(code & 0xFF)));
  };
  if (const auto code = written_number(constant_text(value))) return letter(*code);
  // Who computes it hides it.
  const auto code = computed_number(call.arg_node(0));
  if (code) return in.values.with(letter(*code), kDecoded);
  // A byte that was computed: whose it was, it still is, and it may be any.
  const Value holes = in.values.holes(value);
  std::vector<Piece> pieces(holes.pieces.begin(), holes.pieces.end());
  for (Piece& piece : pieces) {
    piece.safety = 0;
    piece.origins |= kDecoded;
  }
  return pieces.empty() ? in.values.hole(kDecoded) : in.values.from(pieces);
}

Value call_filter_var(Interpreter& in, const Call& call) {
  const Value text = in.values.flat(call.arg(0));
  const Node* filter = call.arg_node(1);
  if (filter == nullptr || !filter->is(NodeKind::Const)) return text;
  const std::string_view name = filter->name;
  if (name == "FILTER_VALIDATE_EMAIL") {
    return in.values.with(text, 0, 0, kSafeNoBreaks | kSafeAddress);
  }
  if (name == "FILTER_SANITIZE_NUMBER_INT" || name == "FILTER_VALIDATE_INT") {
    return in.values.with(text, 0, 0, kSafeNoBreaks | kSafeNumber);
  }
  if (name == "FILTER_SANITIZE_URL" || name == "FILTER_SANITIZE_EMAIL" ||
      name == "FILTER_SANITIZE_ENCODED") {
    return in.values.with(text, 0, 0, kSafeNoBreaks);
  }
  return text;
}

}  // namespace

bool call_text_function(Interpreter& in, const Call& call, Value* result) {
  const std::string_view name = call.name;
  if (name == "sprintf" || name == "printf" || name == "__" || name == "_") {
    *result = call_format(in, call, 0, false);
  } else if (name == "vsprintf") {
    *result = call_format(in, call, 0, true);
  } else if (name == "implode" || name == "join") {
    *result = call_implode(in, call);
  } else if (name == "str_replace" || name == "str_ireplace") {
    *result = call_str_replace(in, call);
  } else if (name == "preg_replace" || name == "preg_filter") {
    *result = call_preg_replace(in, call, true);
  } else if (name == "ereg_replace" || name == "eregi_replace" || name == "mb_ereg_replace") {
    *result = call_preg_replace(in, call, false);
  } else if (name == "strtr") {
    *result = call_strtr(in, call);
  } else if (name == "substr" || name == "mb_substr") {
    *result = call_substr(in, call);
  } else if (name == "chr") {
    *result = call_chr(in, call);
  } else if (name == "filter_var") {
    *result = call_filter_var(in, call);
  } else if (name == "strtolower" || name == "strtoupper") {
    *result = is_constant_text(call.arg(0)) && name == "strtolower"
                  ? in.values.own_text(ascii_lower(constant_text(call.arg(0))))
                  : in.values.flat(call.arg(0));
  } else {
    return false;
  }
  return true;
}

std::optional<std::int64_t> written_number(std::string_view text) {
  int base = 10;
  std::size_t prefix = 0;
  if (text.size() > 1 && text.front() == '0') {
    const char kind = static_cast<char>(text[1] | 0x20);
    base = kind == 'x' ? 16 : kind == 'b' ? 2 : 8;
    prefix = kind == 'x' || kind == 'b' || kind == 'o' ? 2 : 1;
  }
  const char* const end = text.data() + text.size();
  std::uint64_t number = 0;
  const auto [parsed, error] = std::from_chars(text.data() + prefix, end, number, base);
  const bool is_written = error == std::errc{} && parsed == end;
  if (!is_written || number > std::uint64_t{kMostWritten}) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

}  // namespace backscan::php::flow
