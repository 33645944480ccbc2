// Expressions: literals, variables' values, operators that decide what is evaluated at all.
#include <algorithm>

#include "base/text.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {

using enum NodeKind;

// A C++ frame per nesting; with the widest frames of the evaluator this stays below 2 MB of stack.
constexpr std::uint32_t kMaxNesting = 1600;

bool Evaluator::may_go_on() {
  if (abrupt_ != Flow::kNormal) return false;
  if (heap_.is_exhausted()) budget_.end(Spent::kMemory);
  if (!budget_.step()) {
    abrupt_ = Flow::kStop;
    return false;
  }
  return nesting_ <= kMaxNesting;
}

Value Evaluator::evaluate(const Node* node) {
  if (node == nullptr) return {};
  Nesting nesting{*this};
  if (!nesting.is_allowed()) return Why::kBudget;
  switch (node->kind) {
    case NodeKind::String: case NodeKind::Name: return literal(*node);
    case Int: case Float: return as_value(parse_literal(node->value));
    case NodeKind::Variable: case VarVar: return read_variable(*node);
    case Index: return read_index(*node);
    case Interpolated: return interpolated(*node);
    case Const: return read_constant(*node);
    case Binary: return binary(*node);
    case Assign: return assign(*node);
    case NodeKind::Call: return call_node(*node);
    case MethodCall: return call_method(*node);
    case StaticCall: return call_static(*node);
    case IncDec: return increase(*node);
    case Ternary: return ternary(*node);
    case Unary:
      if (node->op_char == '@') return evaluate(node->kid(0));
      return apply_unary(costs(), node->op_char, evaluate(node->kid(0)));
    case Cast: return apply_cast(costs(), node->op, evaluate(node->kid(0)));
    case NodeKind::Array: case NodeKind::List: return array_literal(*node);
    case Prop: case StaticProp: return read_property(*node);
    default: return evaluate_rare(*node);
  }
}

Value Evaluator::evaluate_rare(const Node& node) {
  switch (node.kind) {
    case NodeKind::Isset: return isset(node);
    case NodeKind::Empty: return is_empty(node);
    case NodeKind::Eval: {
      const Value code = evaluate(node.kid(0));
      frame_->unit->calls.set(node.end - 1);
      return run_code("eval", code, &node);
    }
    case NodeKind::Include: {
      const Value path = evaluate(node.kid(0));
      frame_->unit->calls.set(node.end - 1);
      return include("include", path, &node);
    }
    case NodeKind::Print: echo(evaluate(node.kid(0))); return std::int64_t{1};
    case NodeKind::New: return create(node);
    case NodeKind::ClassConst: return class_constant(node);
    case NodeKind::Closure: case ArrowFn: return make_closure(node);
    case NodeKind::Match: return match(node);
    case NodeKind::Exit:
      echo(evaluate(node.kid(0)));
      if (abrupt_ == Flow::kNormal) abrupt_ = Flow::kExit;
      return {};
    case NodeKind::Throw:
      thrown_ = evaluate(node.kid(0));
      if (abrupt_ == Flow::kNormal) abrupt_ = Flow::kThrow;
      return {};
    case NodeKind::Clone: {
      const Value original = evaluate(node.kid(0));
      if (!original.is_object()) return original;
      ObjectRef copy = make_object(original.object()->type, original.object()->class_name);
      copy->properties = original.object()->properties->copy();
      return copy;
    }
    default:
      // What has no value of its own (an error, a yield) may still hold calls.
      for (const Node* kid : node.kids) evaluate(kid);
      return Why::kUnsupported;
  }
}

Value Evaluator::literal(const Node& node) {
  const std::string_view bytes = node.is(NodeKind::Name) ? node.name : node.value;
  if (bytes.size() == 1) return heap_.character(static_cast<unsigned char>(bytes[0]));
  StringRef& cached = literals_[&node];
  if (!cached) {
    const Unit& unit = *frame_->unit;
    const Span origin = unit.layer == 0 ? Span{node.begin, node.end} : unit.origin;
    const Value made = heap_.string(bytes, {nullptr, origin});
    if (made.string() == nullptr) return made;
    cached = StringRef{made.string()};
  }
  return cached;
}

Value Evaluator::interpolated(const Node& node) {
  Value text = heap_.string("");
  for (const Node* part : node.kids) append(costs(), text, evaluate(part).target());
  return text;
}

Value Evaluator::array_literal(const Node& node) {
  ArrayRef array = heap_.array();
  for (const Node* item : node.kids) {
    if (item == nullptr) continue;
    if (item->is(Spread)) {
      const Value spread = evaluate(item->kid(0));
      if (const ArrayData* elements = spread.array())
        for_each(*elements, [&](const Key&, const Value& element) { array->append(element); });
      continue;
    }
    const Node* value_node = item->is(ArrayItem) ? item->kid(1) : item;
    const Node* key_node = item->is(ArrayItem) ? item->kid(0) : nullptr;
    const Value key = evaluate(key_node);
    Value value;
    if (item->has(kByRef) && value_node != nullptr) {
      Place place = place_of(*value_node);
      if (CellRef cell = cell_at(place)) value = cell;
    } else {
      value = evaluate(value_node);
    }
    if (abrupt_ != Flow::kNormal) break;
    if (key_node == nullptr)
      array->append(std::move(value));
    else if (const auto known = to_key(key))
      array->set(*known, std::move(value));
  }
  return array;
}

Value Evaluator::binary(const Node& node) {
  if (node.op == TokenKind::BooleanAnd || node.op == TokenKind::BooleanOr ||
      node.op == TokenKind::LogicalAnd || node.op == TokenKind::LogicalOr)
    return logical(node);
  if (node.op == TokenKind::Coalesce) return coalesce(node);
  const Operator op{node.op, node.op == TokenKind::Char ? node.op_char : '\0'};
  Value result = evaluate(node.kid(0));
  if (node.op == TokenKind::Instanceof) {
    std::string name;
    const ClassData* type = class_at(node.kid(1), name);
    if (result.is_unknown()) return result;
    return type != nullptr && result.is_object() && result.object()->type == type;
  }
  const bool is_concat = op.op == TokenKind::Char && op.byte == '.';
  for (std::size_t i = 1; i < node.kids.size(); ++i) {
    const Value right = evaluate(node.kid(i));
    // From the third term on the sum is ours alone: it grows in place.
    if (is_concat && i > 1)
      append(costs(), result, right.target());
    else
      result = apply_binary(costs(), op, result, right);
  }
  return result;
}

Value Evaluator::logical(const Node& node) {
  const bool is_and = node.op == TokenKind::BooleanAnd || node.op == TokenKind::LogicalAnd;
  std::optional<Unknown> undecided;
  for (const Node* operand : node.kids) {
    // Behind something undecided an exit may or may not happen: go on as if not.
    const Value value = undecided ? evaluate_contained(operand) : evaluate(operand);
    if (abrupt_ != Flow::kNormal) return {};
    if (value.is_unknown())
      undecided = undecided ? undecided : std::optional{*value.unknown()};
    else if (to_bool(value) != is_and)
      return !is_and;
  }
  if (undecided) return *undecided;
  return is_and;
}

Value Evaluator::evaluate_contained(const Node* node) {
  const Value value = evaluate(node);
  if (abrupt_ == Flow::kExit || abrupt_ == Flow::kThrow) abrupt_ = Flow::kNormal;
  return value;
}

Value Evaluator::coalesce(const Node& node) {
  const Value first = evaluate(node.kid(0));
  if (first.is_unknown()) {
    const Value second = evaluate_contained(node.kid(1));
    return second.is_string() || second.is_array() ? second : first;
  }
  return first.target().is_null() ? evaluate(node.kid(1)) : first;
}

Value Evaluator::ternary(const Node& node) {
  const Value condition = evaluate(node.kid(0));
  const Node* then = node.kid(1);
  if (!condition.is_unknown()) {
    if (!to_bool(condition)) return evaluate(node.kid(2));
    return then == nullptr ? condition : evaluate(then);
  }
  const Value yes = then == nullptr ? condition : evaluate_contained(then);
  const Value no = evaluate_contained(node.kid(2));
  // Of two ways prefer the one with something to open in it.
  if (yes.is_unknown()) return no;
  const bool is_better = no.is_string() && !yes.is_string();
  return is_better ? no : yes;
}

Value Evaluator::match(const Node& node) {
  const Value subject = evaluate(node.kid(0));
  Value possible = subject.is_unknown() ? subject : Value{};
  for (std::size_t i = 1; i < node.kids.size(); ++i) {
    const Node* arm = node.kid(i);
    if (arm == nullptr) continue;
    bool is_taken = arm->kids.size() < 2;
    for (std::size_t c = 1; c < arm->kids.size() && !is_taken; ++c) {
      const Value condition = evaluate(arm->kid(c));
      is_taken = !subject.is_unknown() && !condition.is_unknown() && is_identical(subject, condition);
    }
    if (subject.is_unknown()) {
      const Value value = evaluate_contained(arm->kid(0));
      if (!value.is_unknown()) possible = value;
    } else if (is_taken) {
      return evaluate(arm->kid(0));
    }
  }
  return possible;
}

Value Evaluator::isset(const Node& node) {
  std::optional<Unknown> undecided;
  for (const Node* kid : node.kids) {
    if (kid == nullptr) continue;
    const Value value = evaluate(kid);
    if (value.target().is_unknown())
      undecided = *value.target().unknown();
    else if (value.target().is_null())
      return false;
  }
  if (undecided) return Unknown{undecided->why, false};
  return true;
}

Value Evaluator::is_empty(const Node& node) {
  const Value value = evaluate(node.kid(0));
  if (value.is_unknown()) return value;
  return !to_bool(value);
}

Value Evaluator::increase(const Node& node) {
  if (node.kid(0) == nullptr) return {};
  Place place = place_of(*node.kid(0));
  Value* slot = walk(place, true);
  if (slot == nullptr) return Why::kUnsupported;
  const Value before = slot->target();
  Value after = node.op == TokenKind::Inc ? increment(costs(), before) : decrement(costs(), before);
  slot->target() = after;
  return node.has(kPrefix) ? after : before;
}

Value Evaluator::make_closure(const Node& node) {
  FunctionData*& function = closure_of_[&node];
  if (function == nullptr) {
    closures_.push_back(std::make_unique<FunctionData>(
        FunctionData{.node = &node, .unit = frame_->unit, .owner = frame_->type}));
    function = closures_.back().get();
  }
  ObjectRef closure{new ObjectData{heap_}};
  closure->class_name = "Closure";
  closure->function = function;
  closure->bound = frame_->self;
  const Node* uses = node.kid(1);
  if (uses != nullptr) {
    for (const Node* use : uses->kids) {
      const CellRef cell = variable(use->name);
      closure->properties->set(Key{std::string{use->name}},
                               use->has(kByRef) ? Value{cell} : cell->value);
    }
  } else if (node.is(ArrowFn)) {
    for (const auto& [name, cell] : frame_->scope->variables)
      closure->properties->set(Key{name}, cell->value);
  }
  return closure;
}

}  // namespace backscan::php::eval
