// Loops and switch. A loop whose condition is not known runs once; an endless one gets a part of the
// budget and is then left, so that what stands behind it is still seen.
#include <algorithm>

#include "php/eval_evaluator.h"

namespace backscan::php::eval {

using enum NodeKind;

namespace {

// What is left for a loop: most of the budget, but never all of it, and no more than `most` steps.
class LoopBudget {
 public:
  LoopBudget(const Budget& budget, std::int64_t most)
      : budget_(budget), floor_(std::max(budget.steps_left() / 4, budget.steps_left() - most)) {}
  [[nodiscard]] bool is_spent() const { return budget_.steps_left() < floor_; }

 private:
  const Budget& budget_;
  std::int64_t floor_;
};

// while (true), for (;;): only a break ends it.
bool is_constant(const Node* condition) {
  return condition == nullptr || condition->is(Const) || condition->is(Int) ||
         (condition->is(NodeKind::Block) && condition->kids.empty());
}

}  // namespace

// Turns what ended a loop's body into what the loop does: true to leave it, with `flow` for outside.
bool Evaluator::leaves_loop(Flow& flow) {
  if (flow == Flow::kNormal) return false;
  if (flow != Flow::kBreak && flow != Flow::kContinue) return true;
  if (--levels_ > 0) return true;
  const bool leaves = flow == Flow::kBreak;
  flow = Flow::kNormal;
  return leaves;
}

void Evaluator::tell_endless(const Node& loop) {
  layers_.add_fact("unpack.gave-up", place_on_disk(&loop), frame_->unit->layer, "", "endless loop");
}

Flow Evaluator::execute_while(const Node& node) {
  const bool checks_first = node.is(While);
  const Node* condition_node = node.kid(checks_first ? 0 : 1);
  const Node* body = node.kid(checks_first ? 1 : 0);
  const LoopBudget share{budget_, max_loop_steps_};
  const bool outer_may_end = std::exchange(loop_may_end_, false);
  Flow flow = Flow::kNormal;
  for (bool is_first = true;; is_first = false) {
    if (checks_first || !is_first) {
      const Value condition = evaluate(condition_node);
      if (abrupt_ != Flow::kNormal) {
        flow = abrupt_;
        break;
      }
      if (condition.is_unknown()) {
        if (checks_first && is_first) flow = contained(body);
        break;
      }
      if (!to_bool(condition)) break;
    }
    flow = execute(body);
    if (leaves_loop(flow) || (loop_may_end_ && !is_first && is_constant(condition_node))) break;
    if (share.is_spent()) {
      tell_endless(node);
      break;
    }
  }
  loop_may_end_ = outer_may_end;
  return flow;
}

Flow Evaluator::execute_for(const Node& node) {
  const auto run = [&](const Node* list) {
    Value last = true;
    if (list != nullptr)
      for (const Node* expression : list->kids)
        last = evaluate(expression != nullptr && expression->is(ExprStmt) ? expression->kid(0) : expression);
    return last;
  };
  const LoopBudget share{budget_, max_loop_steps_};
  const bool outer_may_end = std::exchange(loop_may_end_, false);
  run(node.kid(0));
  Flow flow = abrupt_;
  for (bool is_first = true; flow == Flow::kNormal; is_first = false) {
    const Value condition = run(node.kid(1));
    if (abrupt_ != Flow::kNormal) {
      flow = abrupt_;
      break;
    }
    if (condition.is_unknown()) {
      if (is_first) flow = contained(node.kid(3));
      break;
    }
    if (!to_bool(condition)) break;
    flow = execute(node.kid(3));
    if (leaves_loop(flow) || (loop_may_end_ && !is_first && is_constant(node.kid(1)))) break;
    if (share.is_spent()) {
      tell_endless(node);
      break;
    }
    run(node.kid(2));
    flow = abrupt_;
  }
  loop_may_end_ = outer_may_end;
  return flow;
}

Flow Evaluator::foreach_unknown(const Node& node) {
  if (node.kid(1) != nullptr) assign_node(*node.kid(1), Why::kRequest);
  if (node.kid(2) != nullptr) assign_node(*node.kid(2), Why::kRequest);
  return contained(node.kid(3));
}

Flow Evaluator::execute_foreach(const Node& node) {
  const Node* subject = node.kid(0);
  const Node* target = node.kid(2);
  if (subject == nullptr || target == nullptr) return Flow::kNormal;
  const bool by_reference = target->has(kByRef);
  Value held = evaluate(subject).target();
  if (abrupt_ != Flow::kNormal) return abrupt_;
  if (held.is_unknown()) return foreach_unknown(node);
  if (held.is_object()) held = Value{held.object()->properties};
  if (!held.is_array()) return Flow::kNormal;
  Place place;
  if (by_reference) {
    // Walks the variable itself, which grows under the loop; `held` must not keep a second owner.
    place = place_of(*subject);
    held = Value{};
  }
  const LoopBudget share{budget_, max_loop_steps_};
  const bool outer_may_end = std::exchange(loop_may_end_, false);
  Flow flow = Flow::kNormal;
  for (std::size_t slot = 0;; ++slot) {
    ArrayData* array = held.array();
    if (by_reference) {
      Value* root = walk(place, true);
      array = root == nullptr ? nullptr : own_array(root->target());
    }
    if (array == nullptr || slot >= array->slots()) break;
    if (!array->is_live(slot)) continue;
    if (node.kid(1) != nullptr) assign_node(*node.kid(1), key_value(heap_, array->key_at(slot)));
    if (by_reference) {
      Value& element = array->value_at(slot);
      if (!element.is_reference()) element = Value{heap_.cell(element)};
      if (target->is(NodeKind::Variable))
        frame_->scope->variables.insert_or_assign(std::string{target->name}, CellRef{element.cell()});
    } else {
      assign_node(*target, Value{array->value_at(slot)});
    }
    flow = execute(node.kid(3));
    if (leaves_loop(flow)) break;
    if (share.is_spent()) {
      tell_endless(node);
      break;
    }
  }
  loop_may_end_ = outer_may_end;
  return flow;
}

// Every case once, each ended by whatever ends it.
Flow Evaluator::switch_unknown(const Node& node) {
  for (std::size_t i = 1; i < node.kids.size(); ++i) {
    if (node.kid(i) == nullptr) continue;
    const Flow flow = contained(node.kid(i)->kid(1));
    if (flow != Flow::kNormal) return flow;
  }
  return Flow::kNormal;
}

Flow Evaluator::execute_switch(const Node& node) {
  const Value subject = evaluate(node.kid(0)).target();
  if (abrupt_ != Flow::kNormal) return abrupt_;
  if (subject.is_unknown()) return switch_unknown(node);
  std::size_t taken = 0;
  for (std::size_t i = 1; i < node.kids.size() && taken == 0; ++i) {
    const Node* arm = node.kid(i);
    if (arm == nullptr || arm->kid(0) == nullptr) continue;
    const Value condition = evaluate(arm->kid(0));
    if (abrupt_ != Flow::kNormal) return abrupt_;
    if (!condition.is_unknown() && is_loosely_equal(subject, condition)) taken = i;
  }
  for (std::size_t i = 1; i < node.kids.size() && taken == 0; ++i)
    if (node.kid(i) != nullptr && node.kid(i)->kid(0) == nullptr) taken = i;
  for (std::size_t i = taken; taken != 0 && i < node.kids.size(); ++i) {
    if (node.kid(i) == nullptr) continue;
    Flow flow = execute(node.kid(i)->kid(1));
    if (flow == Flow::kBreak || flow == Flow::kContinue) {
      if (--levels_ > 0) return flow;
      return Flow::kNormal;
    }
    if (flow != Flow::kNormal) return flow;
  }
  return Flow::kNormal;
}

}  // namespace backscan::php::eval
