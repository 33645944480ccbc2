// Running a function of the file in its caller's place, so that data flows both ways through it.
#include <algorithm>
#include <string>
#include <vector>

#include "php/flow_interpreter.h"

namespace backscan::php::flow {

namespace {

constexpr std::size_t kMaxCalls = 10;       // nested
constexpr std::uint32_t kMaxRuns = 60;      // of one function; later calls pass their data through
constexpr std::uint32_t kMaxPlainRuns = 6;  // of one with nothing from outside
constexpr std::uint32_t kMaxIdleRuns = 3;   // of one that no sink hears of either

}  // namespace

// Callers as a hash: the same sink reached by two ways is judged twice.
std::uint64_t Interpreter::context() const {
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a over node positions
  for (const auto& [site, function] : calls_) {
    const std::uint64_t parts[] = {site != nullptr ? site->begin + 1U : 0U,
                                   function->node->begin + 1U};
    for (const std::uint64_t part : parts) hash = (hash ^ part) * 1099511628211U;
  }
  return hash;
}

Object* Interpreter::object_at(const Node* node, ObjectKind kind, std::string_view class_name) {
  const auto [it, is_new] = object_index_.try_emplace({node, context()}, nullptr);
  if (is_new) {
    objects_.push_back(Object{.kind = kind, .class_name = std::string(class_name)});
    values.charge(sizeof(Object));
    it->second = &objects_.back();
  } else if (it->second->kind != ObjectKind::kClosure) {
    for (const auto& [name, cell] : it->second->properties) state.set(cell, Value{});
    it->second->properties.clear();
    it->second->has_visit = false;
  }
  return it->second;
}

Value Interpreter::call_for_each(const Value& callback, const Value& items, const Node* node) {
  const Value item = items_of(items);
  const bool is_list = item.has(kList);
  ++loops_;
  if (is_list) ++list_loops_;
  const Value result = call_value(callback, node, {}, {&item, 1});
  --loops_;
  if (is_list) --list_loops_;
  return result;
}

void Interpreter::bind_parameters(const FunctionInfo& function, Scope& inner,
                                  std::span<const Node* const> arg_nodes,
                                  std::span<const Value> args) {
  const auto params = function.params();
  for (std::size_t i = 0; i < params.size(); ++i) {
    const Node* param = params[i];
    Value value;
    const Node* passed = i < arg_nodes.size() ? arg_nodes[i] : nullptr;
    if (param->has(kVariadic)) {
      std::vector<Entry> entries;
      for (std::size_t a = i; a < args.size(); ++a) {
        entries.push_back({values.keep(std::to_string(a - i)), args[a]});
      }
      value = values.array(entries, {}, true, !entries.empty());
    } else if (i < args.size()) {
      value = passed != nullptr ? traced(passed, args[i]) : args[i];
    } else if (param->kid(0) != nullptr) {
      value = eval(param->kid(0));
    }
    for (std::size_t a = 0; a < arg_nodes.size() && a < args.size(); ++a) {
      const bool is_named = arg_nodes[a] != nullptr && arg_nodes[a]->is(NodeKind::NamedArg);
      if (is_named && arg_nodes[a]->name == param->name) value = args[a];
    }
    const bool is_alias = param->has(kByRef) && passed != nullptr &&
                          passed->is(NodeKind::Variable) &&
                          superglobal_origins(passed->name) == 0 && passed->name != "this";
    inner.names.assign(param->name, is_alias ? variable_cell(passed->name) : state.new_cell(value));
    if (param->has(kPromoted) && inner.self != nullptr) {
      state.set(property_cell(*inner.self, param->name), value);
    }
  }
}

Value Interpreter::run_function(const FunctionInfo& function, const Node* site, Object* self,
                                std::span<const Node* const> arg_nodes,
                                std::span<const Value> args) {
  const bool is_closure = self != nullptr && self->kind == ObjectKind::kClosure;
  const bool is_recursive =
      std::ranges::any_of(calls_, [&](const auto& c) { return c.second == &function; });
  const bool is_idle =
      function.runs >= kMaxIdleRuns && !is_closure &&
      (function.runs >= kMaxPlainRuns || !reach.matters(function.node)) &&
      std::ranges::none_of(args, [](const Value& arg) { return arg.has(kOutside); });
  if (calls_.size() >= kMaxCalls || is_recursive || is_idle || function.runs >= kMaxRuns ||
      !step()) {
    Value passed;
    for (const Value& arg : args) passed = values.merge(passed, values.holes(arg));
    return passed.pieces.empty() ? values.unknown() : passed;
  }
  ++function.runs;
  auto inner = std::make_unique<Scope>();
  if (is_closure) {
    inner->names = self->properties;
    inner->self = self->bound_self;
  } else {
    inner->self = self;
  }
  inner->in_class = function.in_class;
  bind_parameters(function, *inner, arg_nodes, args);
  scopes_.push_back(std::move(inner));
  calls_.emplace_back(site, &function);

  // Offsets of an included file mean nothing to the reader: its code stands where it was called.
  const Node* outer_site = include_site_;
  if (function.file != source_.data() && include_site_ == nullptr) include_site_ = site;
  const std::size_t guards_before = state.guards().size();
  const std::size_t first_return = returned_.size();
  const std::size_t first_change = state.returned_changes.size();
  std::set<const Node*> labels;
  std::vector<std::string_view> gotos;
  labels.swap(labels_taken_);
  gotos.swap(pending_gotos_);
  Ends ends = Ends::kReturn;
  if (function.node->is(NodeKind::ArrowFn)) {
    const Value value = condition(function.body());
    returned_.push_back({value, {state.guards().begin(), state.guards().end()}});
  } else {
    ends = run_body(function.body());
  }
  labels.swap(labels_taken_);
  gotos.swap(pending_gotos_);

  include_site_ = outer_site;
  apply_returned_changes(first_change);
  const bool has_returned = returned_.size() > first_return;
  const Value value = take_return(first_return, guards_before, ends < Ends::kReturn);
  calls_.pop_back();
  scopes_.pop_back();
  if (ends == Ends::kExit && !has_returned) exits_ = true;
  return value;
}

// What a branch changed before it returned is lost to the rest of the function, not to the caller.
void Interpreter::apply_returned_changes(std::size_t first) {
  std::vector<Cell> locals;
  for (const auto& [name, cell] : scope().names) locals.push_back(cell);
  std::ranges::sort(locals);
  const std::vector<std::pair<Cell, Value>> changes(
      state.returned_changes.begin() + static_cast<std::ptrdiff_t>(first),
      state.returned_changes.end());
  state.returned_changes.resize(first);
  for (const auto& [cell, value] : changes) {
    if (std::ranges::binary_search(locals, cell)) continue;
    state.set(cell, values.join(state.get(cell), value));
  }
}

// The value that any return may give, with what its truth implies; guards that every way out has
// passed stay passed in the caller.
Value Interpreter::take_return(std::size_t first_return, std::size_t guards_before,
                               bool falls_off_the_end) {
  const auto guards_now = state.guards();
  if (falls_off_the_end) {
    returned_.push_back({Value{}, {guards_now.begin(), guards_now.end()}});
  }
  state.truncate_guards(guards_before);
  if (returned_.size() == first_return) return {};
  const Cell cell = state.new_cell({});
  std::vector<Way> ways;
  std::vector<Guard> common;
  for (std::size_t i = first_return; i < returned_.size(); ++i) {
    const Returned& returned = returned_[i];
    Way way;
    way.changed.emplace_back(cell, returned.value);
    const auto skipped =
        static_cast<std::ptrdiff_t>(std::min(guards_before, returned.guards.size()));
    way.guards.assign(returned.guards.begin() + skipped, returned.guards.end());
    if (i == first_return) common = way.guards;
    std::erase_if(common, [&](const Guard& guard) {
      return std::ranges::find(way.guards, guard) == way.guards.end();
    });
    ways.push_back(std::move(way));
  }
  returned_.resize(first_return);
  state.join(ways);
  state.pass(common);
  return state.get(cell);
}

}  // namespace backscan::php::flow
