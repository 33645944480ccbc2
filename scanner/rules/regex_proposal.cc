// Writing a Hyperscan expression (regex_proposal.h).
#include "rules/regex_proposal.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "rules/common_code.h"
#include "rules/regex.h"
#include "rules/regex_literals.h"
#include "rules/regex_rarity.h"

namespace backscan::rules {
namespace {

// Upper bounds above this are dropped, and lower bounds of what is not a plain run are cut to it.
constexpr std::uint32_t kWideRepeat = 16;

constexpr std::size_t kGapBytes = 16;  // possible ones, in a gap
constexpr double kTellingBits = 18;    // regex_rarity.h: three letters and a mark
constexpr double kRestBits = 22;       // of what may stand for a whole pattern
constexpr std::size_t kWordBytes = 5;  // of a literal that may, with the mark beside it
constexpr std::ptrdiff_t kWordLetters = 4;

using Kind = RegexNode::Kind;

bool is_plain(unsigned byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z') || byte == '_';
}

void write_byte(unsigned byte, std::string& out) {
  if (is_plain(byte))
    out += static_cast<char>(byte);
  else
    out += fmt::format("\\x{:02x}", byte);
}

void write_bytes(const ByteSet& bytes, std::string& out) {
  if (bytes.all()) {
    out += "[\\x00-\\xff]";
    return;
  }
  const bool is_set = bytes.count() != 1;
  if (is_set) out += '[';
  for (unsigned first = 0; first < 256; ++first) {
    if (!bytes[first]) continue;
    unsigned last = first;
    while (last < 255 && bytes[last + 1]) ++last;
    write_byte(first, out);
    if (last > first) {
      if (last > first + 1) out += '-';
      write_byte(last, out);
    }
    first = last;
  }
  if (is_set) out += ']';
}

void write(const RegexNode& node, bool is_repeated, std::string& out);

void write_repeat(const RegexNode& node, std::string& out) {
  const RegexNode& child = node.children.front();
  // The bounded repeat of one byte set costs Hyperscan a counter, that of anything longer a copy
  // of it for each time.
  const bool is_run = child.kind == Kind::kBytes;
  const std::uint32_t min = is_run ? node.min : std::min(node.min, kWideRepeat);
  const bool is_wide = node.max != RegexNode::kUnbounded && node.max > kWideRepeat;
  const std::uint32_t max = is_wide ? RegexNode::kUnbounded : node.max;
  std::string inner;
  write(child, true, inner);
  if (max == 0 || inner.empty()) return;
  out += "(?:" + inner + ')';
  if (min == 0 && max == 1)
    out += '?';
  else if (max == RegexNode::kUnbounded)
    out += min == 0 ? "*" : min == 1 ? "+" : fmt::format("{{{},}}", min);
  else if (min != 1 || max != 1)
    out += fmt::format("{{{},{}}}", min, max);
}

void write_alternatives(const RegexNode& node, bool is_repeated, std::string& out) {
  out += "(?:";
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) out += '|';
    write(node.children[i], is_repeated, out);
  }
  out += ')';
}

/// Inside a repeat assertions are left out, which only widens: Hyperscan takes an optional one
/// (`(?:^)?`) for a required one.
void write(const RegexNode& node, bool is_repeated, std::string& out) {
  if (is_repeated && node.kind >= Kind::kTextBegin) return;
  switch (node.kind) {
    case Kind::kEmpty:
      return;
    case Kind::kBytes:
      return write_bytes(node.bytes, out);
    case Kind::kConcat:
      for (const RegexNode& child : node.children) write(child, is_repeated, out);
      return;
    case Kind::kAlternate:
      return write_alternatives(node, is_repeated, out);
    case Kind::kRepeat:
      return write_repeat(node, out);
    case Kind::kTextBegin:
      out += "\\A";
      return;
    case Kind::kTextEnd:
      out += "\\z";
      return;
    case Kind::kLineBegin:
      out += "(?m:^)";
      return;
    case Kind::kLineEnd:
      out += "(?m:$)";
      return;
    case Kind::kWordBoundary:
      out += "\\b";
      return;
    case Kind::kNotWordBoundary:
      out += "\\B";
      return;
  }
}

/// A run of many possible bytes: an automaton that meets one early is busy on all the text that never
/// comes to the rest.
bool is_gap(const RegexNode& node) {
  return node.kind == Kind::kRepeat && node.children.front().kind == Kind::kBytes &&
         node.children.front().bytes.count() >= kGapBytes && node.max > 1;
}

/// The parts in a row; of a repeated piece the first copy is a part of its own.
void flatten(const RegexNode& node, std::vector<RegexNode>& parts) {
  if (node.kind == Kind::kConcat) {
    for (const RegexNode& child : node.children) flatten(child, parts);
  } else if (node.kind == Kind::kRepeat && node.min > 1 &&
             node.children.front().kind == Kind::kConcat) {
    flatten(node.children.front(), parts);
    RegexNode rest = node;
    --rest.min;
    if (rest.max != RegexNode::kUnbounded) --rest.max;
    parts.push_back(std::move(rest));
  } else {
    parts.push_back(node);
  }
}

/// True if ordinary code says such things.
bool is_ordinary(const RegexNode& part) {
  std::string expression;
  write(part, false, expression);
  return is_common(ViewKind::kCode, LazyRegex(expression).get());
}

bool begins_ordinarily(const RegexNode& regex) {
  RegexNode begin{.kind = Kind::kConcat};
  flatten(regex, begin.children);
  const auto gap = std::ranges::find_if(begin.children, is_gap);
  if (gap == begin.children.end()) return false;
  begin.children.erase(gap, begin.children.end());
  return is_ordinary(begin);
}

/// A word that ordinary code does not hold.
bool is_rare_word(const std::string& literal) {
  const auto letters = std::ranges::count_if(literal, [](unsigned char c) { return is_plain(c); });
  return letters >= kWordLetters &&
         !is_common(ViewKind::kCode, LazyRegex(expression_of_literal(literal)).get());
}

/// `regex` without what stands before its first gaps, as long as the rest tells enough and more.
RegexNode without_common_begin(const RegexNode& regex) {
  RegexNode rest{.kind = Kind::kConcat};
  flatten(regex, rest.children);
  for (;;) {
    const auto gap = std::ranges::find_if(rest.children, is_gap);
    if (gap == rest.children.end()) return rest;
    const RegexNode begin{.kind = Kind::kConcat, .children = {rest.children.begin(), gap}};
    RegexNode end{.kind = Kind::kConcat, .children = {gap + 1, rest.children.end()}};
    if (rarity_of(begin) >= kTellingBits || rarity_of(end) < kRestBits) return rest;
    rest = std::move(end);
  }
}

}  // namespace

std::string proposal_of(const RegexNode& regex) {
  std::string expression;
  write(without_common_begin(regex), false, expression);
  return expression;
}

std::string expression_of_literal(const std::string& literal) {
  std::string text = "(?i)";
  for (const char c : literal) text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return text;
}

std::vector<std::string> rare_words_of(const RegexNode& regex) {
  if (!begins_ordinarily(regex)) return {};
  std::vector<std::vector<std::string>> groups = required_groups(regex, kWordBytes);
  std::erase_if(groups, [](const std::vector<std::string>& group) {
    return !std::ranges::all_of(group, is_rare_word);
  });
  if (groups.empty()) return {};
  return std::ranges::max(groups, {}, [](const std::vector<std::string>& group) {
    return std::ranges::min(group, {}, &std::string::size).size();
  });
}

}  // namespace backscan::rules
