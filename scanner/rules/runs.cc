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
  // From `first` on a run may begin; up to `known` all bytes may stand in it.
  std::size_t first = 0;
  std::size_t known = 0;
  for (;;) {
    const std::size_t end = first + run.min_bytes;
    if (end > text.size()) return false;
    std::size_t at = end;
    while (at > known && run.holds(text[at - 1])) --at;
    if (at == known) return true;
    first = at;
    known = end;
  }
}

}  // namespace backscan::rules
