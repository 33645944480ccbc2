// Statements other than loops. A condition that cannot be decided is taken both ways, one after the
// other, and whatever ends the program on one way ends only that way.
#include "php/eval_evaluator.h"

namespace backscan::php::eval {

using enum NodeKind;

Flow Evaluator::execute(const Node* node) {
  if (node == nullptr) return Flow::kNormal;
  Nesting nesting{*this};
  if (!nesting.is_allowed()) return abrupt_ == Flow::kNormal ? Flow::kStop : abrupt_;
  frame_->unit->statements.set(node->begin);
  switch (node->kind) {
    case ExprStmt:
      evaluate(node->kid(0));
      return abrupt_;
    case Block: return execute_block(*node);
    case If: return execute_if(*node);
    case NodeKind::Echo:
      for (const Node* part : node->kids) echo(evaluate(part));
      return abrupt_;
    case Return: return execute_return(*node);
    case For: return execute_for(*node);
    case While: case DoWhile: return execute_while(*node);
    case Foreach: return execute_foreach(*node);
    case Switch: return execute_switch(*node);
    case Break: case Continue:
      levels_ = std::max<std::int64_t>(1, node->kid(0) == nullptr ? 1 : to_int(evaluate(node->kid(0))));
      return node->is(Break) ? Flow::kBreak : Flow::kContinue;
    case NodeKind::Goto:
      goto_label_ = node->name;
      return Flow::kGoto;
    default: return execute_rare(*node);
  }
}

Flow Evaluator::execute_rare(const Node& node) {
  switch (node.kind) {
    case InlineHtml: output_.write(node.value, {}, heap_.max_value_bytes()); return Flow::kNormal;
    case Function: declare_function(node); return Flow::kNormal;
    case Class: declare_class(node); return abrupt_;
    case Global: execute_global(node); return abrupt_;
    case StaticVar: execute_static(node); return abrupt_;
    case NodeKind::Unset:
      for (const Node* target : node.kids)
        if (target != nullptr) unset(*target);
      return abrupt_;
    case Try: return execute_try(node);
    case Namespace: case NodeKind::Declare: return execute(node.kid(0));
    case ConstDecl: define(node.name, evaluate(node.kid(0))); return abrupt_;
    case HaltCompiler: return frame_->function == nullptr ? Flow::kReturn : Flow::kNormal;
    case Label: case UseDecl: return Flow::kNormal;
    case Error:
      for (const Node* part : node.kids) {
        if (const Flow flow = execute(part); flow != Flow::kNormal) return flow;
      }
      return Flow::kNormal;
    default:
      // An expression where a statement is expected.
      evaluate(&node);
      return abrupt_;
  }
}

// From statement `first` on, entered at `label` where one is given.
Flow Evaluator::execute_from(const Node& block, std::size_t first, std::string_view label) {
  for (std::size_t i = first; i < block.kids.size();) {
    const Node* statement = block.kid(i);
    const Flow flow = label.empty() || statement == nullptr ? execute(statement) : seek(*statement, label);
    label = {};
    if (flow == Flow::kNormal) {
      ++i;
      continue;
    }
    if (flow != Flow::kGoto) return flow;
    const auto target = label_index(block, goto_label_);
    if (!target) return flow;
    i = *target;
    label = goto_label_;
  }
  return Flow::kNormal;
}

Flow Evaluator::execute_block(const Node& block, std::string_view label) {
  const auto target = label.empty() ? std::nullopt : label_index(block, label);
  return target ? execute_from(block, *target, label) : execute_from(block, 0, {});
}

// Runs a body to its end, then the ways that conditions without an answer left aside.
Flow Evaluator::run_all(const Node& block) {
  if (!block.is(Block)) return execute(&block);
  hoist(block);
  constexpr std::size_t kMaxWays = 400;
  Flow flow = execute_from(block, 0, {});
  Frame& frame = *frame_;
  for (std::size_t way = 0; way < frame.open_gotos.size() && way < kMaxWays; ++way) {
    if (flow == Flow::kStop) return flow;
    abrupt_ = Flow::kNormal;
    if (!label_index(block, frame.open_gotos[way])) continue;
    const Value result = frame.result;
    flow = execute_block(block, frame.open_gotos[way]);
    if (frame.result.is_null() || frame.result.is_unknown()) frame.result = result;
  }
  return flow;
}

bool Evaluator::is_second_visit(const Node& node) { return ++frame_->undecided[&node] % 2 == 0; }

// Runs one way of an undecided condition. Whatever would leave the block is only noted, so that the
// code behind is seen as well; `is_final` lets a jump through, which ends loops of undecided jumps.
Flow Evaluator::contained(const Node* node, bool is_final) {
  Frame& frame = *frame_;
  const Value result_before = frame.result;
  const Flow flow = execute(node);
  switch (flow) {
    case Flow::kGoto:
      if (is_final) return flow;
      if (std::ranges::find(frame.open_gotos, goto_label_) == frame.open_gotos.end())
        frame.open_gotos.push_back(goto_label_);
      return Flow::kNormal;
    case Flow::kBreak: case Flow::kContinue:
      loop_may_end_ = true;
      return is_final ? flow : Flow::kNormal;
    case Flow::kReturn:
      if (is_final) return flow;
      if (!frame.result.is_unknown() && !frame.result.is_null()) {
        frame.possible_result = frame.result;
        frame.has_possible_result = true;
      }
      frame.result = result_before;
      return Flow::kNormal;
    case Flow::kExit: case Flow::kThrow:
      abrupt_ = Flow::kNormal;
      return Flow::kNormal;
    default: return flow;
  }
}

Flow Evaluator::execute_if(const Node& node) {
  std::size_t i = 0;
  bool is_undecided = false;
  bool is_final = false;
  for (; i + 1 < node.kids.size(); i += 2) {
    const Value condition = is_undecided ? evaluate_contained(node.kid(i)) : evaluate(node.kid(i));
    if (abrupt_ != Flow::kNormal) return abrupt_;
    if (condition.is_unknown()) {
      if (!is_undecided) is_final = is_second_visit(node);
      is_undecided = true;
      const Flow flow = contained(node.kid(i + 1), is_final);
      if (flow != Flow::kNormal) return flow;
    } else if (to_bool(condition)) {
      return is_undecided ? contained(node.kid(i + 1), is_final) : execute(node.kid(i + 1));
    }
  }
  const Node* otherwise = node.kids.size() % 2 == 1 ? node.kids.back() : nullptr;
  if (otherwise == nullptr) return Flow::kNormal;
  return is_undecided ? contained(otherwise, is_final) : execute(otherwise);
}

Flow Evaluator::execute_return(const Node& node) {
  Value result = evaluate(node.kid(0)).target();
  if (abrupt_ != Flow::kNormal) return abrupt_;
  frame_->result = std::move(result);
  return Flow::kReturn;
}

Flow Evaluator::execute_try(const Node& node) {
  Flow flow = execute(node.kid(0));
  for (std::size_t i = 1; i < node.kids.size(); ++i) {
    const Node* part = node.kid(i);
    if (part == nullptr) continue;
    if (part->is(NodeKind::Catch) && flow == Flow::kThrow) {
      abrupt_ = Flow::kNormal;
      if (!part->name.empty()) variable(part->name)->value = thrown_;
      flow = execute(part->kid(0));
    } else if (part->is(NodeKind::Finally) && flow != Flow::kStop) {
      const Flow pending = std::exchange(abrupt_, Flow::kNormal);
      const Flow after = execute(part->kid(0));
      if (after != Flow::kNormal) flow = after;
      if (abrupt_ == Flow::kNormal && flow == pending) abrupt_ = pending;
    }
  }
  // What a try block does not throw here it may throw in PHP: its handlers are worth a look.
  return flow;
}

void Evaluator::execute_global(const Node& node) {
  for (const Node* name : node.kids) {
    if (name == nullptr || !name->is(NodeKind::Variable)) continue;
    Scope* const local = std::exchange(frame_->scope, &globals_);
    const CellRef cell = variable(name->name);
    frame_->scope = local;
    frame_->scope->variables.insert_or_assign(std::string{name->name}, cell);
  }
}

void Evaluator::execute_static(const Node& node) {
  for (const Node* item : node.kids) {
    if (item == nullptr) continue;
    const Node* name = item->is(NodeKind::Assign) ? item->kid(0) : item;
    if (name == nullptr || !name->is(NodeKind::Variable)) continue;
    CellRef& cell = statics_[item];
    if (!cell) cell = heap_.cell(item->is(NodeKind::Assign) ? evaluate(item->kid(1)) : Value{});
    frame_->scope->variables.insert_or_assign(std::string{name->name}, cell);
  }
}

}  // namespace backscan::php::eval
