// Calls: arguments, functions of the program, built-ins, and the names that only evaluation shows.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "php/eval_evaluator.h"
#include "php/unpack_readable.h"

namespace backscan::php::eval {

using enum NodeKind;

namespace {

// What a function is worth running with arguments that are not known: often enough to reach what it
// hides, not so often that the pages of a web shell use up the budget.
constexpr std::uint32_t kMaxUncertainCalls = 40;
constexpr std::uint32_t kMaxUncertainNesting = 3;

constexpr auto kSinkNames = std::to_array<std::string_view>({
    "assert", "bzdecompress", "call_user_func", "call_user_func_array", "create_function", "curl_exec",
    "eval", "exec", "file_put_contents", "fsockopen", "fwrite", "imap_mail", "include", "mail",
    "mb_send_mail", "move_uploaded_file", "passthru", "pcntl_exec", "pfsockopen", "popen",
    "preg_replace", "proc_open", "require", "shell_exec", "stream_socket_client", "system",
    "unserialize", "wp_mail"});

bool is_name_byte(char c) {
  return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_';
}

// `word` as a whole word of `text`, in any case.
bool has_word(std::string_view text, std::string_view word) {
  const std::string upper_first{static_cast<char>(word[0] & ~0x20), word[0]};
  for (std::size_t at = 0; (at = text.find_first_of(upper_first, at)) != text.npos; ++at) {
    if (text.size() - at < word.size()) return false;
    const bool starts = at == 0 || !is_name_byte(text[at - 1]);
    const bool ends = at + word.size() == text.size() || !is_name_byte(text[at + word.size()]);
    if (starts && ends && equals_ignoring_case(text.substr(at, word.size()), word)) return true;
  }
  return false;
}

bool is_first_class(const Node& node) {
  return node.kids.size() == 2 && node.kid(1) != nullptr && node.kid(1)->is(Spread) &&
         node.kid(1)->kid(0) == nullptr;
}

}  // namespace

void Evaluator::add_argument(Arguments& arguments, const Node& node, bool by_reference) {
  const Node* value = &node;
  if (node.is(NamedArg)) value = node.kid(0);
  if (value == nullptr) return;
  if (node.is(Spread)) {
    const Value spread = evaluate(node.kid(0));
    constexpr std::size_t kMaxSpread = 10'000;
    if (const ArrayData* array = spread.array(); array != nullptr && array->size() < kMaxSpread)
      for_each(*array, [&](const Key&, const Value& element) { arguments.push_back(element); });
    return;
  }
  const bool is_place = value->is(NodeKind::Variable) || value->is(Index) || value->is(Prop) ||
                        value->is(StaticProp) || value->is(VarVar);
  if (by_reference && is_place) {
    Place place = place_of(*value);
    if (!place.is_superglobal) {
      if (CellRef cell = cell_at(place)) {
        arguments.push_back(Value{cell});
        return;
      }
    }
  }
  arguments.push_back(evaluate(value).target());
}

Arguments Evaluator::arguments_of(const Node& node, std::size_t first, const FunctionData* function,
                                  const Builtin* builtin) {
  Arguments arguments;
  const Node* parameters = function == nullptr ? nullptr : function->node->kid(0);
  for (std::size_t i = first; i < node.kids.size(); ++i) {
    if (node.kid(i) == nullptr || abrupt_ != Flow::kNormal) break;
    const std::size_t position = i - first;
    bool by_reference = builtin != nullptr && builtin->takes_reference(position);
    if (parameters != nullptr && !parameters->kids.empty()) {
      const Node* parameter = parameters->kid(std::min(position, parameters->kids.size() - 1));
      const bool is_rest = parameter != nullptr && parameter->has(kVariadic);
      if (parameter != nullptr && (position < parameters->kids.size() || is_rest))
        by_reference = parameter->has(kByRef);
    }
    add_argument(arguments, *node.kid(i), by_reference);
  }
  return arguments;
}

Value Evaluator::call_node(const Node& node) {
  const Node* name_node = node.kid(0);
  if (name_node == nullptr) return {};
  frame_->unit->calls.set(node.end - 1);
  std::optional<Callee> callee;
  if (name_node->is(NodeKind::Name)) {
    callee = callee_of_name(node.name.empty() ? name_node->name : node.name);
  } else {
    const Value value = evaluate(name_node).target();
    if (abrupt_ != Flow::kNormal) return {};
    callee = callee_of(value);
    if (callee && value.is_string()) {
      note_resolved(*name_node, value.bytes(), true);
      note_hidden_name(callee->name, *name_node, node);
    }
    if (!callee) {
      arguments_of(node, 1, nullptr, nullptr);
      return value.is_unknown() ? *value.unknown() : Unknown{Why::kUnsupported};
    }
  }
  if (is_first_class(node)) return heap_.string(callee->name);
  const Builtin* builtin = callee->function == nullptr ? find_builtin(callee->name) : nullptr;
  Arguments arguments = arguments_of(node, 1, callee->function, builtin);
  if (abrupt_ != Flow::kNormal) return {};
  const Value result = invoke(*callee, arguments, &node);
  if (result.bytes().size() < 2) return result;
  const bool is_decoder = builtin != nullptr && (builtin->flags & kDecoder) != 0;
  if (callee->function != nullptr || is_decoder) note_resolved(node, result.bytes(), false);
  if (callee->function != nullptr) note_decoded(result, &node);
  return result;
}

Value Evaluator::call_method(const Node& node) {
  const Value holder = evaluate(node.kid(0)).target();
  bool is_known = true;
  const std::string name =
      node.kid(1) == nullptr ? std::string{node.name} : ascii_lower(name_at(node, 1, is_known));
  frame_->unit->calls.set(node.end - 1);
  ObjectData* object = holder.object();
  FunctionData* function =
      object == nullptr || !is_known ? nullptr : find_method(object->type, name);
  Callee callee{.function = function, .self = ObjectRef{object}, .type = object == nullptr ? nullptr : object->type};
  if (function == nullptr && object != nullptr) {
    if (object->function != nullptr && (name == "call" || name == "__invoke")) callee = *callee_of(holder);
    // A closure kept in a property is no method, but obfuscators write ($this->f)().
    if (FunctionData* magic = find_method(object->type, "__call"); magic != nullptr && is_known) {
      ArrayRef rest = heap_.array();
      for (const Value& argument : arguments_of(node, 2, nullptr, nullptr)) rest->append(argument);
      Arguments pair{heap_.string(name), Value{rest}};
      callee.function = magic;
      return invoke(callee, pair, &node);
    }
    if (equals_ignoring_case(object->class_name, "ReflectionFunction") && name.starts_with("invoke")) {
      const Value* target = object->properties->find(Key{std::string{"name"}});
      Arguments arguments = arguments_of(node, 2, nullptr, nullptr);
      if (target == nullptr) return Why::kUnsupported;
      if (name == "invoke") return call(*target, std::move(arguments), &node);
      Arguments spread;
      if (const ArrayData* array = arguments.empty() ? nullptr : arguments[0].target().array())
        for_each(*array, [&](const Key&, const Value& element) { spread.push_back(element); });
      return call(*target, std::move(spread), &node);
    }
  }
  Arguments arguments = arguments_of(node, 2, callee.function, nullptr);
  if (abrupt_ != Flow::kNormal) return {};
  if (callee.function == nullptr)
    return holder.is_unknown() ? *holder.unknown() : Unknown{Why::kUnsupported};
  return invoke(callee, arguments, &node);
}

Value Evaluator::call_static(const Node& node) {
  std::string class_name;
  const ClassData* type = class_at(node.kid(0), class_name);
  bool is_known = true;
  const std::string name =
      node.kid(1) == nullptr ? std::string{node.name} : ascii_lower(name_at(node, 1, is_known));
  frame_->unit->calls.set(node.end - 1);
  Callee callee{.function = is_known ? find_method(type, name) : nullptr, .type = type};
  if (callee.function != nullptr && !callee.function->node->has(kStatic)) callee.self = frame_->self;
  Arguments arguments = arguments_of(node, 2, callee.function, nullptr);
  if (abrupt_ != Flow::kNormal || callee.function == nullptr) return Why::kUnsupported;
  return invoke(callee, arguments, &node);
}

Value Evaluator::invoke(const Callee& callee, Arguments& arguments, const Node* site) {
  if (callee.function != nullptr) return call_function(*callee.function, callee, arguments);
  if (const Builtin* builtin = find_builtin(callee.name)) return call_builtin(*builtin, arguments, site);
  // A function of another file, or one that the evaluator does not have.
  bool had_data = false;
  for (const Value& argument : arguments) had_data |= argument.target().bytes().size() >= 64;
  return Unknown{Why::kUnsupported, had_data};
}

Value Evaluator::call_builtin(const Builtin& builtin, Arguments& arguments, const Node* site) {
  const Nesting nesting{*this};
  const std::span<Value> values{arguments.data(), arguments.size()};
  class eval::Call invocation{heap_, budget_, *this, values, site};
  Value result = run_builtin(builtin, invocation);
  if ((builtin.flags & kDecoder) != 0) note_decoded(result, site);
  return result;
}

Value Evaluator::call_function(FunctionData& function, const Callee& callee, Arguments& arguments) {
  const Nesting nesting{*this};
  const bool is_uncertain = std::ranges::any_of(
      arguments, [](const Value& argument) { return argument.target().is_unknown(); });
  if (calls_ >= budget_.limits().max_calls || abrupt_ != Flow::kNormal) return Why::kBudget;
  if (is_uncertain && (++function.uncertain_calls > kMaxUncertainCalls ||
                       function.active_calls >= kMaxUncertainNesting))
    return Why::kUnsupported;
  Scope scope;
  Frame frame{.scope = &scope,
              .unit = function.unit,
              .function = &function,
              .type = function.owner,
              .called = callee.type,
              .self = callee.self};
  if (ObjectData* closure = callee.closure.object())
    for_each(*closure->properties, [&](const Key& key, const Value&) {
      Value* captured = closure->properties->find(key);
      Cell* shared = captured->cell();
      scope.variables[to_text(key_value(heap_, key))] =
          shared != nullptr ? CellRef{shared} : heap_.cell(*captured);
    });
  Frame* const caller = std::exchange(frame_, &frame);
  ++calls_;
  ++function.active_calls;
  bind_parameters(function, frame, arguments);
  const Value result = run_body(function, frame);
  --function.active_calls;
  --calls_;
  frame_ = caller;
  return result;
}

void Evaluator::bind_parameters(FunctionData& function, Frame& frame, Arguments& arguments) {
  const Node* parameters = function.node->kid(0);
  for (const Value& argument : arguments) frame.arguments.push_back(argument.target());
  if (parameters == nullptr) return;
  for (std::size_t i = 0; i < parameters->kids.size(); ++i) {
    const Node* parameter = parameters->kid(i);
    if (parameter == nullptr) continue;
    CellRef cell;
    if (parameter->has(kVariadic)) {
      ArrayRef rest = heap_.array();
      for (std::size_t k = i; k < arguments.size(); ++k) rest->append(arguments[k]);
      cell = heap_.cell(Value{rest});
    } else if (i < arguments.size()) {
      Cell* shared = parameter->has(kByRef) ? arguments[i].cell() : nullptr;
      cell = shared != nullptr ? CellRef{shared} : heap_.cell(arguments[i].target());
    } else {
      cell = heap_.cell(evaluate(parameter->kid(0)));
    }
    if (parameter->has(kPromoted) && frame.self)
      frame.self->properties->set(Key{std::string{parameter->name}}, cell->value);
    frame.scope->variables.insert_or_assign(std::string{parameter->name}, std::move(cell));
  }
}

Value Evaluator::run_body(FunctionData& function, Frame& frame) {
  const Node* body = function.node->kid(2);
  if (body == nullptr) return {};
  if (function.node->is(ArrowFn)) return evaluate(body);
  const Flow flow = run_all(*body);
  if (flow == Flow::kExit || flow == Flow::kThrow || flow == Flow::kStop) abrupt_ = flow;
  const bool prefers_possible = frame.has_possible_result && !frame.result.is_string() &&
                                (flow != Flow::kReturn || frame.result.is_unknown() ||
                                 frame.possible_result.is_string());
  return prefers_possible ? frame.possible_result : frame.result;
}

void Evaluator::note_hidden_name(std::string_view name, const Node& callee, const Node& site) {
  if (!std::ranges::binary_search(kSinkNames, name) || !calls_noted_.insert(&callee).second) return;
  const Unit& unit = *frame_->unit;
  budget_.bytes(unit.source.size());
  if (has_word(unit.source, name)) return;
  layers_.add_fact("unpack.hidden-name", place_on_disk(&site), unit.layer, std::string{name} + "()",
                   std::string{unit.source.substr(callee.begin, std::min<Offset>(callee.end - callee.begin, 80))});
}

void Evaluator::note_resolved(const Node& node, std::string_view text, bool is_name) {
  constexpr std::size_t kLongest = 4096;
  constexpr std::size_t kMost = 20'000;
  auto& resolutions = frame_->unit->resolutions;
  if (text.size() > kLongest || resolutions.size() > kMost) return;
  const auto [it, is_new] = resolutions.try_emplace(&node);
  if (is_new)
    it->second = {std::string{text}, is_name, false};
  else if (it->second.text != text)
    it->second.is_ambiguous = true;
}

void Evaluator::note_decoded(const Value& value, const Node* site) {
  const StringData* text = value.target().string();
  if (text == nullptr || !is_readable_program(text->bytes)) return;
  if (text->provenance.steps == nullptr) {
    budget_.bytes(text->bytes.size() + frame_->unit->source.size());
    if (find_bytes(frame_->unit->source, text->bytes, 0) != std::string_view::npos) return;
  }
  const Span origin = text->provenance.origin == Span{} ? place_on_disk(site) : text->provenance.origin;
  layers_.remember({text->bytes, steps_of("", text->provenance), origin, frame_->unit});
}

}  // namespace backscan::php::eval
