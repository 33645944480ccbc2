// A run of n bytes holds every n-th byte of the text (runs.h).
#include "rules/runs.h"

namespace backscan::rules {
namespace {

using Kind = RegexNode::Kind;
constexpr std::size_t kMaxSetBytes = 128;

void find_longest(const RegexNode& node, const RegexNode*& longest) {
  if (node.kind == Kind::kConcat) {
    for (const RegexNode& child : node.children) find_longest(child, longest);
    return;
  }
  const bool is_run = node.kind == Kind::kRepeat && node.children.front().kind == Kind::kBytes &&
                      node.children.front().bytes.count() <= kMaxSetBytes;
  if (is_run && (longest == nullptr || node.min > longest->min)) longest = &node;
}

}  // namespace

std::optional<ByteRun> run_in_every_match(const RegexNode& regex, std::uint32_t min_bytes) {
  const RegexNode* longest = nullptr;
  find_longest(regex, longest);
  if (longest == nullptr || longest->min < min_bytes || longest->min == 0) return std::nullopt;
  ByteRun run{.min_bytes = longest->min};
  const ByteSet& set = longest->children.front().bytes;
  for (std::size_t byte = 0; byte < set.size(); ++byte)
    if (set[byte]) run.bytes[byte / 64] |= std::uint64_t{1} << (byte % 64);
  return run;
}

bool holds_run(std::string_view text, const ByteRun& run) {
  std::size_t begin = 0;  // no run begins before
  for (std::size_t probe = run.min_bytes - 1; probe < text.size();) {
    std::size_t first = probe + 1;
    while (first > begin && run.holds(text[first - 1])) --first;
    const std::size_t enough = first + run.min_bytes;
    std::size_t end = probe + 1;
    if (first <= probe) {
      if (enough > text.size()) return false;
      while (end < enough && run.holds(text[end])) ++end;
      if (end == enough) return true;
      ++end;  // no part of a run
    }
    begin = end;
    probe = end + run.min_bytes - 1;
  }
  return false;
}

}  // namespace backscan::rules
