// Expressions of the flow interpreter: literals, arrays, assignments, and who evaluates what.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "php/flow_interpreter.h"
#include "php/guards.h"
#include "php/sinks.h"

namespace backscan::php::flow {

namespace {

constexpr std::uint32_t kMaxDepth = 1200;  // of nested evaluation, calls included

}  // namespace

bool Interpreter::step() {
  if (gave_up_) return false;
  if (++steps_ > limits_.max_steps || values.is_exhausted()) gave_up_ = true;
  return !gave_up_;
}

Value Interpreter::eval(const Node* node) {
  if (node == nullptr) return {};
  if (!step() || depth_ >= kMaxDepth) return values.unknown();
  ++depth_;
  Value value = eval_kind(node);
  --depth_;
  return value;
}

Value Interpreter::condition(const Node* node) {
  Value value = eval(node);
  if (const Implied* truth = implied_by_truth(*this, value)) {
    value.implied = value.implied == nullptr ? truth : both(*this, value.implied, truth);
  }
  return value;
}

Value Interpreter::eval_kind(const Node* node) {
  switch (node->kind) {
    case NodeKind::String:
    case NodeKind::Int:
    case NodeKind::Float:
      return values.text(node->value);
    case NodeKind::Interpolated: return eval_interpolated(node);
    case NodeKind::ShellExec: return sink_command(*this, node, "``", eval_interpolated(node));
    case NodeKind::Variable: return read_variable(node->name, node);
    case NodeKind::VarVar: {
      const Value name = eval(node->kid(0));
      return is_constant_text(name) ? read_variable(values.keep(constant_text(name)), node)
                                    : values.holes(name);
    }
    case NodeKind::Const: return eval_constant(node);
    case NodeKind::Name: return values.text(node->name);
    case NodeKind::Index: return read_index(node);
    case NodeKind::Prop: return read_property(node);
    case NodeKind::StaticProp: return read_static_property(node);
    case NodeKind::ClassConst: return read_class_constant(node);
    case NodeKind::Call: return eval_call(node);
    case NodeKind::MethodCall: return eval_method_call(node);
    case NodeKind::StaticCall: return eval_static_call(node);
    case NodeKind::New: return eval_new(node);
    case NodeKind::NamedArg: case NodeKind::Spread: case NodeKind::ArrayItem:
      return eval(node->kids.empty() ? nullptr : node->kids.back());
    case NodeKind::Array: case NodeKind::List: return eval_array(node);
    case NodeKind::Assign: return eval_assign(node);
    case NodeKind::Binary: return eval_binary(node);
    case NodeKind::Unary: return eval_unary(node);
    case NodeKind::Cast: return eval_cast(node);
    case NodeKind::IncDec: {
      const Value number = number_from(eval(node->kid(0)));
      assign(node->kid(0), number);
      return number;
    }
    case NodeKind::Ternary: return eval_ternary(node);
    case NodeKind::Isset: case NodeKind::Empty: return eval_isset(node);
    case NodeKind::Eval: return sink_code(*this, node, "eval()", eval(node->kid(0)));
    case NodeKind::Print: case NodeKind::Clone: case NodeKind::Yield: return eval(node->kid(0));
    case NodeKind::Throw: case NodeKind::Exit:
      (void)eval(node->kid(0));
      exits_ = true;
      return {};
    case NodeKind::Include: return eval_include(node);
    case NodeKind::Closure: case NodeKind::ArrowFn: return eval_closure(node);
    case NodeKind::Match: return eval_match(node);
    case NodeKind::Error:
      for (const Node* kid : node->kids) (void)eval(kid);
      return values.unknown();
    default: return values.unknown();
  }
}

Value Interpreter::eval_constant(const Node* node) {
  std::string_view name = node->name;
  if (name.starts_with('\\')) name.remove_prefix(1);
  if (const Value* defined = find_constant(name)) return *defined;
  const std::string lower = ascii_lower(name);
  if (lower == "true") return values.text("1");
  if (lower == "false" || lower == "null") return values.text("");
  if (lower == "php_eol") return values.text("\n");
  if (lower == "__file__" || lower == "__dir__" || lower == "php_os" || lower == "php_version") {
    return values.hole(kServerInfo, sources.intern(name, {}, nullptr, node->begin, node->end));
  }
  // Before PHP 8 a bare word that is no constant is its own text: call_user_func(assert, …).
  static constexpr std::array kWords = {
      std::string_view{"assert"},     std::string_view{"system"},  std::string_view{"exec"},
      std::string_view{"shell_exec"}, std::string_view{"popen"},   std::string_view{"passthru"},
      std::string_view{"proc_open"},  std::string_view{"create_function"}};
  if (std::ranges::find(kWords, name) != kWords.end()) return values.text(name);
  return values.hole(kUnknown, sources.intern(name, {}, nullptr, node->begin, node->end));
}

Value Interpreter::eval_interpolated(const Node* node) {
  Value all;
  for (const Node* part : node->kids) all = values.concat(all, eval(part));
  return all;
}

Value Interpreter::eval_array(const Node* node) {
  std::vector<Entry> entries;
  Value rest;
  std::size_t next = 0;
  for (const Node* item : node->kids) {
    if (item == nullptr) continue;
    if (item->is(NodeKind::Spread)) {
      rest = values.join(rest, items_of(eval(item->kid(0))));
      continue;
    }
    const Value key = item->kid(0) != nullptr ? eval(item->kid(0)) : Value{};
    const Value value = eval(item->kid(1));
    if (item->kid(0) != nullptr && !is_constant_text(key)) {
      rest = values.join(rest, value);
      continue;
    }
    if (entries.size() >= Values::kMaxEntries) {
      rest = values.join(rest, value);
      continue;
    }
    const std::string name = item->kid(0) != nullptr ? constant_text(key) : std::to_string(next);
    ++next;
    entries.push_back({values.keep(name), value});
  }
  const bool is_complete = rest.is_nothing();
  return values.array(entries, rest, is_complete, !node->kids.empty());
}

Value Interpreter::traced(const Node* node, const Value& value) {
  const Span place = place_of(node);
  return values.traced(value, place.begin, place.end, limits_.max_trace);
}

Value Interpreter::eval_assign(const Node* node) {
  if (node->op != TokenKind::Char) return eval_compound(node);
  if (node->has(kByRef)) return eval_reference(node);
  Value value = eval(node->kid(1));
  const Node* target = node->kid(0);
  // $a = $b = …: the step belongs to the innermost assignment already.
  if (!node->kid(1)->is(NodeKind::Assign)) value = traced(node, value);
  assign(target, value);
  return value;
}

Value Interpreter::eval_compound(const Node* node) {
  const Node* target = node->kid(0);
  if (node->op == TokenKind::CoalesceEqual) {
    const Value joined = values.join(eval(target), traced(node, eval(node->kid(1))));
    assign(target, joined);
    return joined;
  }
  const Value before = eval(target);
  const Value right = eval(node->kid(1));
  Value after;
  if (node->op == TokenKind::ConcatEqual) {
    after = values.concat(before, traced(node, right));
  } else if (node->op == TokenKind::XorEqual) {
    after = values.with(values.merge(values.holes(before), values.flat(right)), kDecoded);
  } else if (before.array != nullptr || right.array != nullptr) {
    after = values.join(before, right);
  } else {
    after = number_from(values.merge(values.flat(before), values.flat(right)));
  }
  assign(target, after);
  return after;
}

// $a = &$b: one cell with two names. Other references read as copies.
Value Interpreter::eval_reference(const Node* node) {
  const Node* target = node->kid(0);
  const Node* origin = node->kid(1);
  const bool is_plain = target->is(NodeKind::Variable) && origin->is(NodeKind::Variable);
  if (!is_plain || superglobal_origins(origin->name) != 0) {
    const Value value = traced(node, eval(origin));
    assign(target, value);
    return value;
  }
  const Value value = read_variable(origin->name, origin);
  if (!scope().names.contains(origin->name)) assign_variable(origin->name, value);
  const Cell cell = variable_cell(origin->name);
  scope().names.assign(target->name, cell);
  return value;
}

Value Interpreter::eval_closure(const Node* node) {
  Object* object = object_at(node, ObjectKind::kClosure, "closure");
  if (const auto it = closure_index_.find(node); it != closure_index_.end()) {
    object->closure = it->second;
  } else {
    closures_.push_back(FunctionInfo{node, scope().in_class, file_});
    object->closure = &closures_.back();
    closure_index_.emplace(node, object->closure);
  }
  object->bound_self = scope().self;
  if (node->is(NodeKind::ArrowFn)) {
    object->properties = scope().names;
    return object_value(object);
  }
  if (node->kid(1) == nullptr) return object_value(object);
  for (const Node* use : node->kid(1)->kids) {
    if (use->has(kByRef)) {
      object->properties.assign(use->name, variable_cell(use->name));
    } else {
      object->properties.assign(use->name, state.new_cell(read_variable(use->name, use)));
    }
  }
  return object_value(object);
}

}  // namespace backscan::php::flow
