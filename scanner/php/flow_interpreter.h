// The abstract interpreter behind mail_flow(): runs a file over abstract values, every branch and
// two passes of every loop, and tells sinks what reaches them. A private header: sources, sinks,
// guards and functions work through it.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "php/ast.h"
#include "php/flow_program.h"
#include "php/flow_reach.h"
#include "php/flow_state.h"
#include "php/flow_value.h"
#include "php/mail_flow.h"
#include "php/sinks_report.h"
#include "php/sources.h"

namespace backscan::php::flow {

struct Promise;

enum class ObjectKind : std::uint8_t { kPlain, kMailer, kHandle, kClosure };

/// What `new`, fopen(), curl_init() or `function () {}` hand out; compared by identity.
struct Object {
  ObjectKind kind = ObjectKind::kPlain;
  std::string class_name;  // lower case, last segment; of a handle: "socket", "process", "file"
  const ClassInfo* info = nullptr;
  const FunctionInfo* closure = nullptr;
  NameMap properties;  // of a closure: what it captured
  Object* bound_self = nullptr;
  VisitId visit = 0;       // the sink that later writes to a handle belong to
  bool has_visit = false;
};

/// One call under evaluation.
struct Call {
  const Node* node = nullptr;
  std::string_view name;                     // lower case
  std::span<const Node* const> arg_nodes;    // may be fewer than args (callbacks)
  std::span<const Value> args;
  bool is_dynamic = false;                   // by a name that was computed

  [[nodiscard]] Value arg(std::size_t i) const { return i < args.size() ? args[i] : Value{}; }
  [[nodiscard]] const Node* arg_node(std::size_t i) const {
    return i < arg_nodes.size() ? arg_nodes[i] : nullptr;
  }
};

class Interpreter {
 public:
  Interpreter(std::string_view source, const FlowLimits& limits, const IncludeReader& reader);
  ~Interpreter();

  /// Everything: the main program, then whatever nobody called.
  void run(const SyntaxTree& tree);

  Values values;
  State state;
  SourceTable sources;
  Program program;
  Reach reach;
  Report report;

  // flow_expressions.cc, flow_operators.cc
  [[nodiscard]] Value eval(const Node* node);
  /// What the truth of `node` implies, and its value.
  [[nodiscard]] Value condition(const Node* node);

  // flow_variables.cc
  [[nodiscard]] Value read_variable(std::string_view name, const Node* node);
  [[nodiscard]] Cell variable_cell(std::string_view name);
  [[nodiscard]] Cell global_cell(std::string_view name);
  [[nodiscard]] Cell property_cell(Object& object, std::string_view name);
  void assign(const Node* target, const Value& value);
  void assign_variable(std::string_view name, const Value& value);
  /// extract() and its like: every name of the scope may come from `from`.
  void extract(const Value& from, const Node* node);
  [[nodiscard]] Value element_of(const Value& base, const Value& key, const Node* node);
  [[nodiscard]] Value items_of(const Value& collection);

  // flow_calls.cc, flow_inline.cc
  [[nodiscard]] Value call_function(const Call& call);
  [[nodiscard]] Value call_value(const Value& callee, const Node* node,
                                 std::span<const Node* const> arg_nodes,
                                 std::span<const Value> args);
  [[nodiscard]] Value run_function(const FunctionInfo& function, const Node* site, Object* self,
                                   std::span<const Node* const> arg_nodes,
                                   std::span<const Value> args);
  [[nodiscard]] Value call_method(const Value& object, std::string_view name, const Node* node,
                                  std::span<const Node* const> arg_nodes,
                                  std::span<const Value> args);

  // flow_objects.cc
  [[nodiscard]] Object* object_at(const Node* node, ObjectKind kind, std::string_view class_name);
  [[nodiscard]] static Value object_value(Object* object) {
    Value value;
    value.object = object;
    return value;
  }

  // For sinks.
  [[nodiscard]] VisitId visit(const Node* node, SinkKind kind, std::string_view sink);
  /// `value` as plain pieces, each with the safety that guards passed so far give it.
  [[nodiscard]] Value guarded(const Value& value);
  void add_role(VisitId id, Role role, const Value& value);
  [[nodiscard]] Span place_of(const Node* node) const;
  [[nodiscard]] bool is_in_include() const { return include_site_ != nullptr; }
  [[nodiscard]] const Value* find_constant(std::string_view name) const;
  void define_constant(std::string_view name, const Value& value);
  [[nodiscard]] Scope& scope() { return *scopes_.back(); }
  void leave() { exits_ = true; }  // exit(), die() and functions that never return
  [[nodiscard]] std::string_view main_source() const { return source_; }
  [[nodiscard]] std::uint32_t max_trace() const { return limits_.max_trace; }
  /// Calls `callback` once for what may be any of `items`, as array_map() and its like do.
  [[nodiscard]] Value call_for_each(const Value& callback, const Value& items, const Node* node);
  [[nodiscard]] bool has_given_up() const { return gave_up_; }
  /// What the name of a function or method promises (guards.h); kept, for the same few are called
  /// again and again.
  [[nodiscard]] const Promise& promise_of_name(std::string_view lower_name);

 private:
  struct File {
    std::string source;
    SyntaxTree tree;
  };

  [[nodiscard]] bool step();

  // flow_statements.cc, flow_loops.cc
  [[nodiscard]] Ends run_statement(const Node* node);
  [[nodiscard]] Ends run_list(std::span<const Node* const> statements);
  void run_dead(std::span<const Node* const> statements);
  [[nodiscard]] Ends run_body(const Node* node);
  [[nodiscard]] Ends run_if(const Node* node);
  [[nodiscard]] Ends run_switch(const Node* node);
  [[nodiscard]] Ends run_try(const Node* node);
  [[nodiscard]] Ends run_return(const Node* node);
  [[nodiscard]] Ends run_unset(const Node* node);
  void run_echo(const Node* node);
  void run_static(const Node* node);
  void run_global(const Node* node);
  [[nodiscard]] Ends run_while(const Node* node);
  [[nodiscard]] Ends run_for(const Node* node);
  [[nodiscard]] Ends run_foreach(const Node* node);
  void bind_foreach(const Node* node, const Value& subject);
  [[nodiscard]] Value each_of(const Value& subject);
  template <typename Body>
  Ends run_loop(bool is_list, bool is_surely_entered, const Body& body);
  [[nodiscard]] bool is_list_condition(const Value& value) const;
  [[nodiscard]] Ends finish_ways(std::vector<Way>& ways);
  [[nodiscard]] Ends take_exit(Ends ends);

  // flow_expressions.cc, flow_operators.cc
  [[nodiscard]] Value eval_kind(const Node* node);
  [[nodiscard]] Value eval_constant(const Node* node);
  [[nodiscard]] Value eval_interpolated(const Node* node);
  [[nodiscard]] Value eval_array(const Node* node);
  [[nodiscard]] Value eval_assign(const Node* node);
  [[nodiscard]] Value eval_compound(const Node* node);
  [[nodiscard]] Value eval_reference(const Node* node);
  [[nodiscard]] Value eval_binary(const Node* node);
  [[nodiscard]] Value eval_logic(const Node* node, bool is_and);
  [[nodiscard]] Value eval_comparison(const Node* node);
  [[nodiscard]] Value eval_arithmetic(const Node* node);
  [[nodiscard]] std::optional<Value> text_bits(char op, const Value& a, const Value& b);
  [[nodiscard]] Value eval_coalesce(const Node* node);
  [[nodiscard]] Value eval_unary(const Node* node);
  [[nodiscard]] Value eval_cast(const Node* node);
  [[nodiscard]] Value eval_ternary(const Node* node);
  [[nodiscard]] Value eval_match(const Node* node);
  [[nodiscard]] Value eval_isset(const Node* node);
  [[nodiscard]] Value eval_closure(const Node* node);
  [[nodiscard]] Value number_from(const Value& value);

  // flow_variables.cc
  [[nodiscard]] Value undefined_variable(std::string_view name, const Node* node);
  [[nodiscard]] Value read_index(const Node* node);
  [[nodiscard]] Value read_property(const Node* node);
  [[nodiscard]] Value read_static_property(const Node* node);
  [[nodiscard]] Value read_class_constant(const Node* node);
  [[nodiscard]] Cell static_cell(const ClassInfo* in, std::string_view name);
  [[nodiscard]] const ClassInfo* class_of(const Node* scope_node);
  void assign_index(const Node* target, const Value& value);
  void assign_list(const Node* target, const Value& value);
  void assign_property(const Node* target, const Value& value);
  [[nodiscard]] Value with_entry(const Value& base, const std::string* name, const Value& value);
  [[nodiscard]] Value with_element(const Value& base, const Node* key_node, const Value& value);
  [[nodiscard]] Value traced(const Node* node, const Value& value);

  // flow_calls.cc
  [[nodiscard]] Value eval_call(const Node* node);
  [[nodiscard]] Value eval_method_call(const Node* node);
  [[nodiscard]] Value eval_static_call(const Node* node);
  [[nodiscard]] Value eval_new(const Node* node);
  [[nodiscard]] Value call_user_method(Object* object, const ClassInfo* in, std::string_view name,
                                       const Node* node, std::span<const Node* const> arg_nodes,
                                       std::span<const Value> args, bool* is_found);
  [[nodiscard]] Value call_foreign_method(const Call& call, const Value& object);
  [[nodiscard]] std::vector<Value> eval_arguments(std::span<const Node* const> nodes);
  [[nodiscard]] Value eval_include(const Node* node);

  // flow_inline.cc
  void bind_parameters(const FunctionInfo& function, Scope& inner,
                       std::span<const Node* const> arg_nodes, std::span<const Value> args);
  void apply_returned_changes(std::size_t first);
  [[nodiscard]] Value take_return(std::size_t first_return, std::size_t guards_before,
                                  bool falls_off_the_end);
  void run_uncalled();
  void run_alone(const FunctionInfo& function, Object* self);
  void run_class_alone(const ClassInfo& info);
  [[nodiscard]] Object* closure_object(const Node* node);
  [[nodiscard]] std::uint64_t context() const;

  struct Returned {
    Value value;
    std::vector<Guard> guards;  // passed when it returned
  };

  std::string_view source_;
  FlowLimits limits_;
  const IncludeReader& reader_;
  std::deque<File> files_;
  const void* file_ = nullptr;        // whose offsets the running code has
  const Node* include_site_ = nullptr;
  std::vector<std::unique_ptr<Scope>> scopes_;
  NameMap globals_;
  std::unordered_map<std::string_view, std::unique_ptr<const Promise>> promises_;
  std::map<std::pair<const void*, std::string_view>, Cell> statics_;
  std::map<std::string, Value, std::less<>> constants_;
  std::map<std::pair<const Node*, std::uint64_t>, Object*> object_index_;
  std::deque<Object> objects_;
  std::deque<FunctionInfo> closures_;
  std::map<const Node*, const FunctionInfo*> closure_index_;
  std::vector<std::pair<const Node*, const FunctionInfo*>> calls_;  // the stack of callers
  std::vector<Returned> returned_;
  std::vector<Guard> loop_guards_;  // passed by one round of the loop that ended last
  std::string_view goto_label_;
  std::vector<std::string_view> pending_gotos_;
  std::set<const Node*> labels_taken_;
  std::uint64_t steps_ = 0;
  std::uint32_t depth_ = 0;
  std::uint32_t loops_ = 0;
  std::uint32_t list_loops_ = 0;
  std::uint32_t includes_ = 0;
  bool has_open_include_ = false;  // an include that could not be read may define anything
  bool exits_ = false;
  bool gave_up_ = false;
};

}  // namespace backscan::php::flow
