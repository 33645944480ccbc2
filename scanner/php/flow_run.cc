// The order of an analysis: the main program, then functions and classes that nobody called, each
// on its own; includes of literal neighbours; and how sinks are told what holds at them.
#include <algorithm>
#include <string>
#include <vector>

#include "php/flow_interpreter.h"
#include "php/flow_suspects.h"
#include "php/guards.h"
#include "php/sinks.h"
#include "php/token.h"

namespace backscan::php::flow {

namespace {

constexpr std::size_t kMaxValueBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxIncludeBytes = std::size_t{512} << 10;

}  // namespace

Interpreter::Interpreter(std::string_view source, const FlowLimits& limits,
                         const IncludeReader& reader)
    : values(kMaxValueBytes),
      state(values),
      sources(values),
      report(values),
      source_(source),
      limits_(limits),
      reader_(reader) {}

Interpreter::~Interpreter() = default;

const Promise& Interpreter::promise_of_name(std::string_view lower_name) {
  auto& promise = promises_[lower_name];
  if (promise == nullptr) promise = std::make_unique<const Promise>(promise_of(lower_name));
  return *promise;
}

void Interpreter::run(const SyntaxTree& tree) {
  const bool may_tell = !limits_.only_suspects || has_suspects(tree.root(), reader_);
  if (may_tell) reach.add(tree.root());
  if (!reach.has_sink()) {
    if (tree.is_truncated()) report.add_file_fact("flow.gave-up", {});
    return;
  }
  program.add(source_, tree.root());
  file_ = source_.data();
  auto main = std::make_unique<Scope>();
  main->is_main = true;
  scopes_.push_back(std::move(main));
  (void)run_list(tree.root()->kids);
  exits_ = false;
  state.truncate_guards(0);
  state.path_sinks.clear();
  run_uncalled();
  if (gave_up_ || tree.is_truncated()) report.add_file_fact("flow.gave-up", {});
}

// Outermost first: what an uncalled function calls is then seen with its caller's data.
void Interpreter::run_uncalled() {
  const std::vector<const ClassInfo*> classes = program.classes_in_order();
  const std::vector<const FunctionInfo*> functions = program.functions_in_order();
  for (const bool only_roots : {true, false}) {
    for (const FunctionInfo* function : functions) {
      const bool is_root = !program.is_called(function->node->name);
      if (function->runs == 0 && (is_root || !only_roots)) run_alone(*function, nullptr);
    }
    if (only_roots) {
      for (const ClassInfo* info : classes) run_class_alone(*info);
    }
  }
  for (std::size_t i = 0; i < closures_.size(); ++i) {
    if (closures_[i].runs == 0) run_alone(closures_[i], closure_object(closures_[i].node));
  }
}

Object* Interpreter::closure_object(const Node* node) {
  for (const auto& [key, object] : object_index_) {
    if (key.first == node) return object;
  }
  return nullptr;
}

void Interpreter::run_alone(const FunctionInfo& function, Object* self) {
  if (gave_up_ || function.body() == nullptr || function.file != source_.data()) return;
  if (!function.node->is(NodeKind::Closure) && !reach.matters(function.node)) return;
  std::vector<Value> args;
  for (const Node* param : function.params()) {
    const std::string text = "$" + std::string(param->name);
    const Source* source = sources.intern(text, {}, nullptr, param->begin, param->end);
    args.push_back(values.hole(kUnknown, source));
  }
  (void)run_function(function, nullptr, self, {}, args);
  exits_ = false;
  state.truncate_guards(0);
  state.path_sinks.clear();
}

// Methods share one object, so that what a setter stores is there when another one sends.
void Interpreter::run_class_alone(const ClassInfo& info) {
  const auto may_open = [&](const auto& entry) {
    return entry.second.runs == 0 && reach.reaches(entry.second.node);
  };
  if (std::ranges::none_of(info.methods, may_open)) return;
  objects_.push_back(Object{.class_name = info.name, .info = &info});
  Object* self = &objects_.back();
  std::vector<const FunctionInfo*> methods;
  for (const auto& [name, method] : info.methods) methods.push_back(&method);
  std::ranges::sort(methods, {}, [](const FunctionInfo* m) { return m->node->begin; });
  std::ranges::stable_partition(
      methods, [](const FunctionInfo* m) { return m->node->name == "__construct"; });
  for (const FunctionInfo* method : methods) {
    if (method->runs == 0) run_alone(*method, self);
  }
}

Span Interpreter::place_of(const Node* node) const {
  if (include_site_ != nullptr) return {include_site_->begin, include_site_->end};
  return {node->begin, node->end};
}

VisitId Interpreter::visit(const Node* node, SinkKind kind, std::string_view sink) {
  std::uint32_t guards = 0;
  for (const Guard& guard : state.guards()) {
    if (guard.target == nullptr) guards |= 1U << static_cast<unsigned>(guard.kind);
  }
  const VisitId id = report.open(node, place_of(node), context(), kind, sink, guards);
  Visit& entry = report.at(id);
  if (loops_ > 0) entry.circumstances |= kInLoop;
  if (list_loops_ > 0) entry.circumstances |= kInListLoop;
  const bool is_in_class = std::ranges::any_of(calls_, [](const auto& call) {
    return call.first != nullptr && call.second->in_class != nullptr;
  });
  if (is_in_class) entry.circumstances |= kInOwnClass;
  state.path_sinks.push_back(id);
  return id;
}

// Guards speak here and now: what they say of a source is written into the pieces.
Value Interpreter::guarded(const Value& value) {
  const Value plain = values.flat(value);
  std::vector<Piece> pieces(plain.pieces.begin(), plain.pieces.end());
  for (Piece& piece : pieces) piece.safety |= state.safety_of(piece.source);
  return values.from(pieces);
}

void Interpreter::add_role(VisitId id, Role role, const Value& value) {
  const Value checked = guarded(value);
  if (!checked.pieces.empty()) report.add_role(id, role, checked);
}

const Value* Interpreter::find_constant(std::string_view name) const {
  const auto it = constants_.find(name);
  return it == constants_.end() ? nullptr : &it->second;
}

void Interpreter::define_constant(std::string_view name, const Value& value) {
  constants_.insert_or_assign(std::string(name), value);
}

// A literal path is read through the caller's reader; anything else may define any variable.
Value Interpreter::eval_include(const Node* node) {
  const Value path = eval(node->kid(0));
  sink_include(*this, node, path);
  std::string literal = constant_text(path);
  if (literal.empty() && !path.pieces.empty() && path.pieces.back().is_text()) {
    // dirname(__FILE__) . '/x.php' and __DIR__ . '/x.php' name a neighbour all the same.
    const bool is_here = path.pieces.size() == 2 && path.pieces.front().has(kServerInfo);
    if (is_here) literal = "." + std::string(path.pieces.back().text);
  }
  if (literal.empty() || !reader_ || includes_ >= limits_.max_includes ||
      include_site_ != nullptr) {
    has_open_include_ = true;
    return values.unknown();
  }
  ++includes_;
  std::optional<std::string> text = reader_(literal);
  if (!text || text->size() > kMaxIncludeBytes) {
    has_open_include_ = true;
    return values.unknown();
  }
  files_.push_back(File{std::move(*text), {}});
  File& file = files_.back();
  std::vector<Token> tokens;
  lex(file.source, LexOptions{}, tokens);
  file.tree = parse(file.source, tokens);
  program.add(file.source, file.tree.root());
  reach.add(file.tree.root());
  include_site_ = node;
  const Ends ends = run_list(file.tree.root()->kids);
  include_site_ = nullptr;
  if (ends == Ends::kExit) exits_ = true;
  return values.text("1");
}

}  // namespace backscan::php::flow
