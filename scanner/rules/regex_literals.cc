// Required literals, in the manner of a prefilter: exact sets of short texts are multiplied along a
// concatenation while they stay small, and cut off as candidates when they do not.
#include "rules/regex_literals.h"

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"

namespace backscan::rules {
namespace {

using Kind = RegexNode::Kind;
using Texts = std::set<std::string>;

constexpr std::size_t kMaxTexts = 32;
constexpr std::size_t kMaxAlternatives = 256;
constexpr std::size_t kMaxTextBytes = 64;
constexpr std::size_t kMaxLetters = 4;  // of a byte set that is spelt out

std::size_t shortest(const Texts& texts) {
  std::size_t length = texts.empty() ? 0 : SIZE_MAX;
  for (const std::string& text : texts) length = std::min(length, text.size());
  return length;
}

/// Longest shortest literal wins, then the smaller set.
bool is_better(const Texts& a, const Texts& b) {
  if (shortest(a) != shortest(b)) return shortest(a) > shortest(b);
  return a.size() < b.size();
}

struct Literals {
  std::optional<Texts> exact;  // the whole language, where it is small
  std::vector<Texts> groups;   // otherwise: every match holds one text of each
};

Literals of_bytes(const ByteSet& bytes) {
  Texts letters;
  for (unsigned byte = 0; byte < 256; ++byte)
    if (bytes[byte]) letters.insert(std::string(1, ascii_lower(static_cast<char>(byte))));
  if (letters.size() > kMaxLetters) return {};
  return {.exact = std::move(letters)};
}

/// Keeps `texts` as a group, unless one of them is empty: then it says nothing.
void add_group(std::vector<Texts>& groups, const Texts& texts) {
  if (shortest(texts) > 0) groups.push_back(texts);
}

/// All that a node requires, exact or not.
std::vector<Texts> groups_of(const Literals& literals) {
  std::vector<Texts> groups = literals.groups;
  if (literals.exact) add_group(groups, *literals.exact);
  return groups;
}

const Texts* best_of(const std::vector<Texts>& groups) {
  const Texts* best = nullptr;
  for (const Texts& group : groups)
    if (best == nullptr || is_better(group, *best)) best = &group;
  return best;
}

std::optional<Texts> product(const Texts& heads, const Texts& tails) {
  if (heads.size() * tails.size() > kMaxTexts) return std::nullopt;
  Texts joined;
  for (const std::string& head : heads)
    for (const std::string& tail : tails) {
      if (head.size() + tail.size() > kMaxTextBytes) return std::nullopt;
      joined.insert(head + tail);
    }
  return joined;
}

Literals literals_of(const RegexNode& node);

Literals of_concat(const RegexNode& node) {
  Literals result;
  Texts run = {""};
  bool is_exact = true;
  for (const RegexNode& child : node.children) {
    Literals part = literals_of(child);
    result.groups.insert(result.groups.end(), part.groups.begin(), part.groups.end());
    if (part.exact) {
      if (auto joined = product(run, *part.exact)) {
        run = std::move(*joined);
        continue;
      }
    }
    // The run ends here; a new one begins with this child, if its texts are known.
    is_exact = false;
    add_group(result.groups, run);
    run = part.exact ? std::move(*part.exact) : Texts{""};
  }
  if (is_exact) return {.exact = std::move(run)};
  add_group(result.groups, run);
  return result;
}

Literals of_alternate(const RegexNode& node) {
  Texts exact;
  Texts required;
  bool is_exact = true;
  bool is_required = true;
  for (const RegexNode& child : node.children) {
    const Literals part = literals_of(child);
    is_exact = is_exact && part.exact.has_value();
    if (part.exact) exact.insert(part.exact->begin(), part.exact->end());
    const std::vector<Texts> groups = groups_of(part);
    const Texts* best = best_of(groups);
    is_required = is_required && best != nullptr;
    if (best != nullptr) required.insert(best->begin(), best->end());
  }
  Literals result;
  if (is_exact && exact.size() <= kMaxTexts)
    result.exact = std::move(exact);
  else if (is_required && required.size() <= kMaxAlternatives)
    result.groups.push_back(std::move(required));
  return result;
}

Literals of_repeat(const RegexNode& node) {
  const Literals child = literals_of(node.children.front());
  if (node.max == 0) return {.exact = Texts{""}};
  if (node.min == 0 && node.max == 1 && child.exact) {
    Texts texts = *child.exact;
    texts.insert("");
    return {.exact = std::move(texts)};
  }
  if (node.min == 0) return {};
  if (node.min == 1 && node.max == 1) return child;
  if (!child.exact) return {.groups = child.groups};
  // Copies are joined as far as they stay small; all of them, where their number is fixed.
  Literals result;
  Texts run = {""};
  for (std::uint32_t i = 0; i < node.min; ++i) {
    auto joined = product(run, *child.exact);
    if (!joined) break;
    run = std::move(*joined);
    if (i + 1 == node.max) return {.exact = std::move(run)};
  }
  add_group(result.groups, run);
  return result;
}

Literals literals_of(const RegexNode& node) {
  switch (node.kind) {
    case Kind::kBytes:
      return of_bytes(node.bytes);
    case Kind::kConcat:
      return of_concat(node);
    case Kind::kAlternate:
      return of_alternate(node);
    case Kind::kRepeat:
      return of_repeat(node);
    default:
      return {.exact = Texts{""}};
  }
}

}  // namespace

std::vector<std::vector<std::string>> required_groups(const RegexNode& regex,
                                                      std::size_t min_bytes) {
  std::vector<std::vector<std::string>> result;
  for (const Texts& group : groups_of(literals_of(regex)))
    if (shortest(group) >= min_bytes) result.emplace_back(group.begin(), group.end());
  return result;
}

std::vector<std::string> required_literals(const RegexNode& regex, std::size_t min_bytes) {
  const std::vector<Texts> groups = groups_of(literals_of(regex));
  const Texts* best = best_of(groups);
  if (best == nullptr || shortest(*best) < min_bytes) return {};
  return {best->begin(), best->end()};
}

std::uint32_t required_run(const RegexNode& regex) {
  std::uint32_t run = 0;
  switch (regex.kind) {
    case Kind::kRepeat: {
      const RegexNode& child = regex.children.front();
      if (child.kind == Kind::kBytes && child.bytes.count() <= 128) return regex.min;
      return regex.min == 0 ? 0 : required_run(child);
    }
    case Kind::kConcat:
      for (const RegexNode& child : regex.children) run = std::max(run, required_run(child));
      return run;
    case Kind::kAlternate:
      run = RegexNode::kUnbounded;
      for (const RegexNode& child : regex.children) run = std::min(run, required_run(child));
      return run;
    default:
      return 0;
  }
}

bool begins_with_wide_repeat(const RegexNode& regex) {
  switch (regex.kind) {
    case Kind::kRepeat: {
      const RegexNode& child = regex.children.front();
      if (child.kind == Kind::kBytes)
        return regex.max > 8 && regex.min < kLongRun && child.bytes.count() > 16;
      return begins_with_wide_repeat(child);
    }
    case Kind::kConcat:
      for (const RegexNode& child : regex.children) {
        // Only the first position of a text can start one.
        if (child.kind == Kind::kTextBegin) return false;
        if (begins_with_wide_repeat(child)) return true;
        const bool may_be_empty = child.kind == Kind::kRepeat && child.min == 0;
        const bool is_assertion = child.kind >= Kind::kTextBegin;
        if (!may_be_empty && !is_assertion) return false;
      }
      return false;
    case Kind::kAlternate:
      return std::ranges::any_of(regex.children, begins_with_wide_repeat);
    default:
      return false;
  }
}

}  // namespace backscan::rules
