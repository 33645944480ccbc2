// Beginning and end of an evaluation.
#include "php/eval_evaluator.h"

#include <algorithm>
#include <array>

#include "php/lexer.h"

namespace backscan::php::eval {
namespace {

// Trees of all texts together, in nodes: about 60 MB.
constexpr std::size_t kMaxNodes = 500'000;

}  // namespace

Evaluator::Evaluator(std::string_view source, std::string_view file_name, const UnpackLimits& limits)
    : budget_(limits),
      heap_({.max_alive_bytes = limits.max_memory_bytes, .max_value_bytes = limits.max_value_bytes}),
      layers_(budget_),
      nodes_left_(kMaxNodes) {
  auto root = std::make_unique<Unit>();
  root->source = source;
  root->file = file_name;
  files_.self_path = file_name;
  files_.self_content = source;
  units_.push_back(std::move(root));
}

// Stops where the parser would: a node takes three tokens with the blanks between them, seldom more.
void Evaluator::tokenise(std::string_view source) {
  tokens_.clear();
  Lexer lexer(source, {});
  std::array<Token, 1024> portion;
  while (const std::size_t count = lexer.next(portion)) {
    tokens_.insert(tokens_.end(), portion.begin(), portion.begin() + static_cast<std::ptrdiff_t>(count));
    if (tokens_.size() > nodes_left_ * 4) return;
  }
}

Unpacked Evaluator::run(std::optional<SyntaxTree> parsed) {
  Unit& root = *units_.front();
  if (parsed && parsed->size() <= nodes_left_ && !parsed->is_truncated()) {
    root.tree = std::move(*parsed);
  } else {
    tokenise(root.source);
    root.tree = parse(root.source, tokens_, {.max_nodes = static_cast<std::uint32_t>(nodes_left_)});
  }
  nodes_left_ -= std::min<std::size_t>(nodes_left_, root.tree.size());
  if (root.tree.root() == nullptr || !has_sink(*root.tree.root())) return {};
  root.statements = Marks{root.source.size()};
  root.calls = Marks{root.source.size()};
  Frame frame{.scope = &globals_, .unit = &root};
  frame_ = &frame;
  define_halt_offset(*root.tree.root());
  run_all(*root.tree.root());
  finish();
  frame_ = nullptr;
  return layers_.take();
}

void Evaluator::define_halt_offset(const Node& block) {
  for (const Node* statement : block.kids)
    if (statement != nullptr && statement->is(NodeKind::HaltCompiler))
      define("__COMPILER_HALT_OFFSET__",
             static_cast<std::int64_t>(statement->value.data() - units_.front()->source.data()));
}

}  // namespace backscan::php::eval
