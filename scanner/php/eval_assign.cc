// Assignments: plain, by reference, compound, and lists.
#include "php/eval_evaluator.h"

namespace backscan::php::eval {

using enum NodeKind;

Value Evaluator::assign(const Node& node) {
  const Node* target = node.kid(0);
  const Node* source = node.kid(1);
  if (target == nullptr) return {};
  if (node.op != TokenKind::Char) return assign_compound(node);
  if (target->is(NodeKind::List) || target->is(NodeKind::Array)) {
    const Value value = evaluate(source);
    if (abrupt_ == Flow::kNormal) assign_list(*target, value);
    return value;
  }
  const bool is_globals_copied = target->is(NodeKind::Variable) && is_globals(source);
  if (node.has(kByRef) && source != nullptr && !source->is(NodeKind::New) && !is_globals_copied) {
    Place from = place_of(*source);
    CellRef cell = cell_at(from);
    if (!cell || abrupt_ != Flow::kNormal) return {};
    if (target->is(NodeKind::Variable)) {
      frame_->scope->variables.insert_or_assign(std::string{target->name}, cell);
      return cell->value;
    }
    Place to = place_of(*target);
    if (to.steps.empty()) {
      if (to.cell) to.cell->value = cell->value;
    } else if (Value* slot = walk(to, true)) {
      *slot = Value{cell};
    }
    return cell->value;
  }
  if (target->is(NodeKind::Variable) && target->name != "this") {
    // No place to take apart: the usual case, worth its own way.
    Value value = evaluate(source).target();
    if (abrupt_ != Flow::kNormal) return {};
    const CellRef cell = variable(target->name);
    note_globals_copy(cell, is_globals_copied);
    cell->value = value;
    return value;
  }
  Place place = place_of(*target);
  Value value = evaluate(source).target();
  if (abrupt_ != Flow::kNormal) return {};
  assign_to(place, value);
  return value;
}

Value Evaluator::assign_compound(const Node& node) {
  const Node& target = *node.kid(0);
  const Operator op = without_assignment(node.op);
  Place place = place_of(target);
  if (op.op == TokenKind::Coalesce) {
    Value* slot = walk(place, false);
    if (slot != nullptr && !slot->target().is_null()) return slot->target();
    Value value = evaluate(node.kid(1)).target();
    assign_to(place, value);
    return value;
  }
  const Value right = evaluate(node.kid(1)).target();
  if (abrupt_ != Flow::kNormal) return {};
  if (Value* before = walk(place, false); before == nullptr && place.is_superglobal) return Why::kRequest;
  Value* slot = walk(place, true);
  if (slot == nullptr) return Why::kUnsupported;
  Value& current = slot->target();
  if (op.op == TokenKind::Char && op.byte == '.') {
    if (current.is_null()) current = heap_.string("");
    append(costs(), current, right);
  } else {
    current = apply_binary(costs(), op, current, right);
  }
  return current;
}

void Evaluator::assign_node(const Node& target, const Value& value) {
  if (target.is(NodeKind::List) || target.is(NodeKind::Array)) {
    assign_list(target, value);
    return;
  }
  Place place = place_of(target);
  assign_to(place, value.target());
}

void Evaluator::assign_list(const Node& list, const Value& value) {
  const Nesting nesting{*this};
  if (nesting_ > 1000) return;
  std::int64_t position = 0;
  for (const Node* item : list.kids) {
    const std::int64_t index = position++;
    if (item == nullptr) continue;
    const bool has_key = item->is(ArrayItem) && item->kid(0) != nullptr;
    const Value key = has_key ? evaluate(item->kid(0)) : Value{index};
    const Node* target = item->is(ArrayItem) ? item->kid(1) : item;
    if (target == nullptr || abrupt_ != Flow::kNormal) continue;
    assign_node(*target, index_of(value, key, *item));
  }
}

}  // namespace backscan::php::eval
