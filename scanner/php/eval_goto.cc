// goto: which statement of a block holds a label, and entering a statement at a label inside it.
#include "php/eval_evaluator.h"

namespace backscan::php::eval {

using enum NodeKind;

namespace {

using Labels = std::unordered_map<std::string_view, std::uint32_t>;

// Adds the labels below `node`; functions and classes have labels of their own.
void collect(const Node& node, std::uint32_t index, Labels& labels, std::uint64_t& visited) {
  ++visited;
  if (node.is(Label)) labels.emplace(node.name, index);
  if (node.is(Function) || node.is(Class) || node.is(NodeKind::Closure) || node.is(ExprStmt)) return;
  for (const Node* kid : node.kids)
    if (kid != nullptr) collect(*kid, index, labels, visited);
}

}  // namespace

std::optional<std::uint32_t> Evaluator::label_index(const Node& block, std::string_view label) {
  auto& known = frame_->unit->labels;
  auto it = known.find(&block);
  if (it == known.end()) {
    it = known.emplace(&block, Labels{}).first;
    std::uint64_t visited = 0;
    for (std::size_t i = 0; i < block.kids.size(); ++i)
      if (block.kid(i) != nullptr) collect(*block.kid(i), static_cast<std::uint32_t>(i), it->second, visited);
    budget_.step(visited);
  }
  const auto found = it->second.find(label);
  return found == it->second.end() ? std::nullopt : std::optional{found->second};
}

// Enters `statement`, which is the label or holds it. PHP allows a jump into a branch, not into a
// loop; one that is tried anyway starts the loop.
Flow Evaluator::seek(const Node& statement, std::string_view label) {
  const Nesting nesting{*this};
  if (nesting_ > 1000 || !budget_.step()) return Flow::kStop;
  frame_->unit->statements.set(statement.begin);
  if (statement.is(Label)) return Flow::kNormal;
  if (statement.is(Block)) return execute_block(statement, label);
  if (statement.is(If) || statement.is(Try) || statement.is(Namespace)) {
    for (const Node* part : statement.kids) {
      if (part == nullptr) continue;
      if (part->is(Label) && part->name == label) return Flow::kNormal;
      const Node* inner = part->is(NodeKind::Catch) || part->is(NodeKind::Finally) ? part->kid(0) : part;
      if (inner != nullptr && inner->is(Block) && label_index(*inner, label)) return execute_block(*inner, label);
      if (inner != nullptr && inner->is(If)) {
        const Flow flow = seek(*inner, label);
        if (flow != Flow::kNormal) return flow;
      }
    }
    return Flow::kNormal;
  }
  return execute(&statement);
}

}  // namespace backscan::php::eval
