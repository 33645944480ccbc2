// The end of an evaluation: what PHP runs last (buffers, shutdown functions, destructors), and then
// what it would not run here and now: functions nobody called, branches not taken, code behind an
// exit, decoded texts that went nowhere. Hidden code waits for another request in just such places.
#include <algorithm>

#include "base/text.h"
#include "php/eval_evaluator.h"
#include "php/name_filter.h"
#include "php/unpack_readable.h"

namespace backscan::php::eval {

using enum NodeKind;

namespace {

// A call that may turn text into code, or decode some.
bool is_sink_call(const Node& node) {
  const Node* callee = node.kid(0);
  if (callee == nullptr || !callee->is(NodeKind::Name)) return true;
  static constexpr std::string_view kTakesCode[] = {
      "assert", "create_function", "preg_replace", "call_user_func", "call_user_func_array",
      "array_map", "array_filter", "array_walk", "usort", "uasort", "uksort", "register_shutdown_function",
      "ob_start", "file_put_contents", "fwrite", "preg_replace_callback"};
  static constexpr NameFilter kFilter = [] {
    NameFilter all;
    for (const std::string_view name : kTakesCode) all.add(name);
    return all;
  }();
  if (kFilter.may_hold(node.name) &&
      std::ranges::find(kTakesCode, node.name) != std::end(kTakesCode)) {
    return true;
  }
  const Builtin* builtin = find_builtin(node.name);
  return builtin != nullptr && (builtin->flags & kDecoder) != 0;
}

// A literal path holds no code of this file; `data:` and `php://filter` may.
bool names_plain_file(const Node& path) {
  return path.is(NodeKind::String) && path.value.find(':') == std::string_view::npos;
}

bool is_sink(const Node& node) {
  switch (node.kind) {
    case NodeKind::Eval: return true;
    case NodeKind::Include: return node.kid(0) != nullptr && !names_plain_file(*node.kid(0));
    case NodeKind::Call: return is_sink_call(node);
    default: return false;
  }
}

// Text as eval takes it: PHP from the first byte on, whatever tags come later.
bool starts_inside_php(std::string_view text) {
  return !trim(text).starts_with('<') && is_bare_php(text.substr(0, text.find("<?")));
}

}  // namespace

bool has_sink(const Node& node) {
  if (is_sink(node)) return true;
  return std::ranges::any_of(node.kids, [](const Node* kid) { return kid != nullptr && has_sink(*kid); });
}

namespace {

bool list_sinks(const Node& node, std::vector<const Node*>& around) {
  bool is_around = is_sink(node);
  for (const Node* kid : node.kids)
    if (kid != nullptr) is_around |= list_sinks(*kid, around);
  if (is_around) around.push_back(&node);
  return is_around;
}

}  // namespace

// Most functions of a library hold none, and need not be walked again and again.
bool Evaluator::holds_sink(const Node& node) {
  Unit& unit = *frame_->unit;
  if (!unit.are_sinks_listed) {
    list_sinks(*unit.tree.root(), unit.around_sinks);
    std::ranges::sort(unit.around_sinks);
    unit.are_sinks_listed = true;
  }
  return std::ranges::binary_search(unit.around_sinks, &node);
}

bool Evaluator::has_unreached_sink(const Node& node) {
  if (!holds_sink(node)) return false;
  if (node.is(Function) || node.is(Class)) return false;
  if (is_sink(node) && !frame_->unit->calls.get(node.end - 1)) return true;
  return std::ranges::any_of(
      node.kids, [this](const Node* kid) { return kid != nullptr && has_unreached_sink(*kid); });
}

void Evaluator::run_uncalled(const Node& node, const ClassData* type) {
  const Node* body = node.kid(2);
  if (body == nullptr || budget_.is_spent()) return;
  Scope scope;
  scope.is_open = true;
  FunctionData* function = nullptr;
  if (type != nullptr)
    function = find_method(type, node.name);
  else if (node.is(Function))
    function = find_function(node.name);
  if (function == nullptr || function->node != &node || !holds_sink(*body)) return;
  Frame frame{.scope = &scope, .unit = frame_->unit, .function = function, .type = type, .called = type};
  if (type != nullptr) frame.self = make_object(type, type->name);
  if (const Node* parameters = node.kid(0))
    for (const Node* parameter : parameters->kids)
      if (parameter != nullptr)
        scope.variables.insert_or_assign(std::string{parameter->name}, heap_.cell(Value{Why::kUnsupported}));
  Frame* const outer = std::exchange(frame_, &frame);
  run_unreached_in(*body);
  frame_ = outer;
}

// Runs what of `node` was never reached and holds a sink.
void Evaluator::run_unreached_in(const Node& node) {
  if (budget_.is_spent()) return;
  abrupt_ = Flow::kNormal;
  if (!holds_sink(node)) return;
  Marks& reached = frame_->unit->statements;
  if (node.is(Function)) return run_uncalled(node, nullptr);
  if (node.is(Class)) {
    const ClassData* type = find_class(node.name);
    if (type == nullptr || type->node != &node) return;
    for (std::size_t i = 1; i < node.kids.size(); ++i)
      if (node.kid(i) != nullptr && node.kid(i)->is(Method)) run_uncalled(*node.kid(i), type);
    return;
  }
  if (node.is(Block)) {
    for (std::size_t i = 0; i < node.kids.size(); ++i) {
      const Node* statement = node.kid(i);
      if (statement == nullptr) continue;
      if (statement->is(Function) || statement->is(Class) || reached.get(statement->begin) ||
          !has_unreached_sink(*statement)) {
        run_unreached_in(*statement);
        continue;
      }
      // The statements before it that were passed over set up what it uses.
      std::size_t first = i;
      while (first > 0 && node.kid(first - 1) != nullptr && !reached.get(node.kid(first - 1)->begin)) --first;
      for (; first <= i; ++first) {
        abrupt_ = Flow::kNormal;
        if (node.kid(first) != nullptr && contained(node.kid(first)) == Flow::kStop) return;
      }
    }
    return;
  }
  if (is_sink(node) && !frame_->unit->calls.get(node.end - 1)) {
    evaluate_contained(&node);
    return;
  }
  for (const Node* kid : node.kids)
    if (kid != nullptr) run_unreached_in(*kid);
}

void Evaluator::run_unreached() {
  // Big libraries are all uncalled functions, and loops over what is not known seldom end: neither
  // is worth the whole budget.
  constexpr std::int64_t kMost = 600'000;
  constexpr std::int64_t kMostOfOneLoop = 100'000;
  budget_.hold_back(kMost);
  const std::int64_t most_before = std::exchange(max_loop_steps_, kMostOfOneLoop);
  // Layers that open on the way are looked through as well: the list grows.
  for (std::size_t i = units_looked_through_; i < units_.size() && !budget_.is_spent(); ++i) {
    Unit& unit = *units_[i];
    if (unit.tree.root() == nullptr) continue;
    Frame frame{.scope = &globals_, .unit = &unit};
    Frame* const outer = std::exchange(frame_, &frame);
    run_unreached_in(*unit.tree.root());
    frame_ = outer;
    abrupt_ = Flow::kNormal;
    units_looked_through_ = i + 1;
  }
  max_loop_steps_ = most_before;
  if (budget_.release())
    layers_.add_fact("unpack.gave-up", {}, 0, "", "functions that nothing calls take too long");
}

// Decoded programs that wait in variables.
void Evaluator::note_globals() {
  for (const auto& [name, cell] : globals_.variables) {
    const Value& value = cell->value.target();
    if (value.bytes().size() >= 64) note_decoded(value, nullptr);
  }
}

// Opens the decoded texts that nothing was seen to run; whether there was one.
bool Evaluator::open_candidates() {
  const std::size_t layers_before = layers_.size();
  for (Candidate& candidate : layers_.take_candidates()) {
    if (budget_.is_spent()) return false;
    Frame frame{.scope = &globals_, .unit = const_cast<Unit*>(candidate.unit)};
    Frame* const outer = std::exchange(frame_, &frame);
    std::string text = starts_inside_php(candidate.text) ? "<?php " + candidate.text : candidate.text;
    if (!layers_.is_open(text) && !is_too_deep(*candidate.unit)) {
      const std::uint32_t layer = layers_.open(text, candidate.steps, candidate.origin, *candidate.unit);
      Unit* unit = layer == 0 ? nullptr
                              : unit_of(std::move(text), candidate.unit->file, *candidate.unit, layer,
                                        candidate.origin);
      if (unit != nullptr) run_unit(*unit);
    }
    frame_ = outer;
    abrupt_ = Flow::kNormal;
  }
  return layers_.size() > layers_before;
}

void Evaluator::tell_budget() {
  std::string_view what;
  switch (budget_.spent()) {
    case Spent::kNothing: return;
    case Spent::kSteps: what = "the budget of steps ended"; break;
    case Spent::kOutput: what = "the budget of output ended"; break;
    case Spent::kMemory: what = "the budget of memory ended"; break;
  }
  layers_.add_fact("unpack.gave-up", {}, 0, "", std::string{what});
}

// After the budget ended: what is held goes, and a small reserve lets the rest have its look.
void Evaluator::revive() {
  abrupt_ = Flow::kNormal;
  if (!budget_.is_spent()) return;
  tell_budget();
  if (budget_.spent() == Spent::kOutput) return;
  if (budget_.spent() == Spent::kMemory) {
    globals_.variables.clear();
    statics_.clear();
    objects_.clear();
    shutdown_.clear();
    output_ = {};
  }
  constexpr std::uint64_t kShare = 10;
  budget_.grant(static_cast<std::int64_t>(budget_.limits().max_steps / kShare));
}

void Evaluator::finish() {
  abrupt_ = Flow::kNormal;
  while (output_.is_buffering() && !budget_.is_spent()) {
    end_buffer(true, nullptr);
    abrupt_ = Flow::kNormal;
  }
  for (std::size_t i = 0; i < shutdown_.size() && !budget_.is_spent(); ++i) {
    const auto [callable, arguments] = shutdown_[i];
    call(callable, arguments, nullptr);
    abrupt_ = Flow::kNormal;
  }
  run_destructors();
  revive();
  note_globals();
  run_unreached();
  revive();
  note_globals();
  // What is opened here may decode more.
  constexpr int kMaxRounds = 8;
  for (int round = 0; round < kMaxRounds && open_candidates(); ++round) {
  }
  revive();
  run_unreached();
  tell_budget();
  resolve_layers();
}

}  // namespace backscan::php::eval
