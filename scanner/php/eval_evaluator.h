// The evaluator: walks the tree of a PHP program with known values where it can and Unknown where it
// cannot, goes both ways at conditions it cannot decide, and opens a layer wherever text would have
// become code. It reads and writes nothing but its own memory (DESIGN.md, "unpacked").
//
// One class in several files, by what PHP offers: eval_expression.cc, eval_place.cc (what can be
// assigned to), eval_call.cc, eval_callable.cc, eval_class.cc, eval_statement.cc, eval_loop.cc,
// eval_goto.cc, eval_code.cc (text that becomes code), eval_rest.cc (what was never reached).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "php/builtins.h"
#include "php/eval_files.h"
#include "php/eval_layers.h"
#include "php/eval_operator.h"
#include "php/eval_output.h"
#include "php/eval_patterns.h"
#include "php/eval_place.h"
#include "php/eval_program.h"
#include "php/unpack.h"

namespace backscan::php::eval {

class Evaluator {
 public:
  Evaluator(std::string_view source, std::string_view file_name, const UnpackLimits& limits);

  /// Everything: the file, what it leaves for its end, what it never reached.
  [[nodiscard]] Unpacked run(std::optional<SyntaxTree> parsed);

  // What built-ins need of the program around them.

  /// Calls a function value (name, closure, [object, method]) as PHP's callbacks do.
  Value call(const Value& callable, Arguments arguments, const Node* site);
  /// Text becomes code: opens a layer and runs it. `sink` is the step's name ("eval", "assert").
  Value run_code(std::string_view sink, const Value& code, const Node* site);
  /// The same for whole files, which start outside `<?php` (include).
  Value run_file(std::string_view sink, const Value& content, const Node* site);
  Value include(std::string_view sink, const Value& path, const Node* site);
  [[nodiscard]] std::string name_anonymous_function();

  [[nodiscard]] bool has_function(std::string_view lower_name) const;
  [[nodiscard]] const ClassData* find_class(std::string_view name) const;
  [[nodiscard]] Value constant(std::string_view name) const;
  [[nodiscard]] bool has_constant(std::string_view name) const { return constants_.contains(name); }
  void define(std::string_view name, const Value& value);
  [[nodiscard]] Frame& frame() { return *frame_; }
  [[nodiscard]] Scope& globals() { return globals_; }
  [[nodiscard]] const CellRef& variable(std::string_view name);
  [[nodiscard]] Value defined_variables();

  void add_shutdown(Value callable, Arguments arguments);
  void set_handler(Value callable) { error_handler_ = std::move(callable); }
  [[nodiscard]] const Value& handler() const { return error_handler_; }
  void echo(const Value& text);
  void end_buffer(bool writes_on, const Node* site);
  [[nodiscard]] Output& output() { return output_; }
  [[nodiscard]] Files& files() { return files_; }
  [[nodiscard]] Patterns& patterns() { return patterns_; }
  void note_self_reading(const Node* site);
  /// Keeps a decoded text that looks like a program, in case nothing is seen running it.
  void note_decoded(const Value& value, const Node* site);
  void exit_program() { abrupt_ = Flow::kExit; }
  [[nodiscard]] Costs costs() { return {heap_, budget_}; }

 private:
  // Stops expressions early and bounds the C++ stack.
  class Nesting {
   public:
    explicit Nesting(Evaluator& evaluator) : evaluator_(evaluator) { ++evaluator_.nesting_; }
    ~Nesting() { --evaluator_.nesting_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    [[nodiscard]] bool is_allowed() { return evaluator_.may_go_on(); }

   private:
    Evaluator& evaluator_;
  };
  [[nodiscard]] bool may_go_on();

  // eval_expression.cc
  Value evaluate(const Node* node);
  Value evaluate_rare(const Node& node);
  Value literal(const Node& node);
  Value interpolated(const Node& node);
  Value read_constant(const Node& node);
  Value magic_constant(std::string_view upper_name, const Node& node);
  Value array_literal(const Node& node);
  Value binary(const Node& node);
  Value logical(const Node& node);
  Value coalesce(const Node& node);
  Value ternary(const Node& node);
  Value match(const Node& node);
  Value isset(const Node& node);
  Value is_empty(const Node& node);
  Value increase(const Node& node);
  Value make_closure(const Node& node);
  Value evaluate_contained(const Node* node);

  // eval_place.cc
  Place place_of(const Node& node);
  Place place_of_variable(std::string_view name);
  Value* walk(Place& place, bool creates, std::size_t steps_left_out = 0);
  void assign_to(Place& place, Value value);
  CellRef cell_at(Place& place);
  void unset(const Node& node);
  Value read_variable(const Node& node);
  Value read_index(const Node& node);
  Value index_of(const Value& base, const Value& index, const Node& node);
  Value read_property(const Node& node);
  bool is_globals(const Node* node);
  bool is_globals_copy(std::string_view name) const;
  void note_globals_copy(const CellRef& cell, bool is_copy);
  std::string name_at(const Node& node, std::size_t kid, bool& is_known);
  ArrayData* own_array(Value& slot);

  // eval_assign.cc
  Value assign(const Node& node);
  Value assign_compound(const Node& node);
  void assign_list(const Node& list, const Value& value);
  void assign_node(const Node& target, const Value& value);

  // eval_call.cc
  Value call_node(const Node& node);
  Value call_method(const Node& node);
  Value call_static(const Node& node);
  Arguments arguments_of(const Node& node, std::size_t first, const FunctionData* function,
                         const Builtin* builtin);
  void add_argument(Arguments& arguments, const Node& node, bool by_reference);
  Value invoke(const Callee& callee, Arguments& arguments, const Node* site);
  Value call_function(FunctionData& function, const Callee& callee, Arguments& arguments);
  void bind_parameters(FunctionData& function, Frame& frame, Arguments& arguments);
  Value run_body(FunctionData& function, Frame& frame);
  Value call_builtin(const Builtin& builtin, Arguments& arguments, const Node* site);
  void note_hidden_name(std::string_view name, const Node& callee, const Node& site);
  void note_resolved(const Node& node, std::string_view text, bool is_name);

  // eval_callable.cc
  std::optional<Callee> callee_of(const Value& value);
  std::optional<Callee> callee_of_name(std::string_view name);
  FunctionData* find_function(std::string_view lower_name);
  FunctionData* find_method(const ClassData* type, std::string_view lower_name);

  // eval_class.cc
  void declare_function(const Node& node);
  void declare_class(const Node& node);
  void hoist(const Node& block);
  Value create(const Node& node);
  ObjectRef make_object(const ClassData* type, std::string_view name);
  const ClassData* class_at(const Node* node, std::string& name);
  CellRef static_property(const Node& node);
  Value class_constant(const Node& node);
  void run_destructors();

  // eval_statement.cc, eval_loop.cc, eval_goto.cc
  Flow execute(const Node* node);
  Flow execute_rare(const Node& node);
  Flow execute_block(const Node& block, std::string_view label = {});
  Flow execute_from(const Node& block, std::size_t first, std::string_view label);
  Flow execute_if(const Node& node);
  Flow execute_return(const Node& node);
  Flow execute_try(const Node& node);
  void execute_static(const Node& node);
  void execute_global(const Node& node);
  Flow contained(const Node* node, bool is_final = false);
  Flow run_all(const Node& block);
  bool is_second_visit(const Node& node);
  Flow execute_while(const Node& node);
  Flow execute_for(const Node& node);
  Flow execute_foreach(const Node& node);
  Flow foreach_unknown(const Node& node);
  Flow execute_switch(const Node& node);
  Flow switch_unknown(const Node& node);
  bool leaves_loop(Flow& flow);
  void tell_endless(const Node& loop);
  std::optional<std::uint32_t> label_index(const Node& block, std::string_view label);
  Flow seek(const Node& statement, std::string_view label);

  // eval_code.cc
  Unit* unit_of(std::string text, std::string file, const Unit& parent, std::uint32_t layer,
                Span origin);
  void tokenise(std::string_view source);
  Value run_unit(Unit& unit);
  Value tell_too_deep();
  bool is_too_deep(const Unit& parent);
  Value open_and_run(std::string_view sink, std::string text, const Value& code, const Node* site,
                     bool is_include);
  [[nodiscard]] Span place_on_disk(const Node* site) const;
  [[nodiscard]] std::uint32_t line_of(const Node& node);

  // eval_rest.cc
  void finish();
  void run_unreached();
  void run_unreached_in(const Node& node);
  void run_uncalled(const Node& node, const ClassData* type);
  [[nodiscard]] bool holds_sink(const Node& node);
  bool has_unreached_sink(const Node& node);
  bool open_candidates();
  void note_globals();
  void tell_budget();
  void revive();
  void define_halt_offset(const Node& block);
  void resolve_layers();

  Budget budget_;
  std::vector<std::unique_ptr<Unit>> units_;
  Heap heap_;
  Layers layers_;
  Files files_;
  Patterns patterns_;
  Output output_;
  Scope globals_;
  std::vector<CellRef> globals_copies_;  // variables that $GLOBALS was assigned to
  TextMap<Value> constants_;
  TextMap<std::unique_ptr<FunctionData>> functions_;
  std::vector<std::unique_ptr<FunctionData>> closures_;
  TextMap<std::unique_ptr<ClassData>> classes_;
  TextMap<Unit*> units_by_text_;
  std::unordered_map<const Node*, StringRef> literals_;
  std::unordered_map<const Node*, CellRef> statics_;
  std::unordered_map<const Node*, FunctionData*> closure_of_;
  std::set<const Node*> calls_noted_;
  std::vector<ObjectRef> objects_;
  std::vector<std::pair<Value, Arguments>> shutdown_;
  Value error_handler_;
  Value thrown_;
  Frame* frame_ = nullptr;
  CellRef unknown_cell_;
  Flow abrupt_ = Flow::kNormal;  // an expression ended the program or threw
  std::int64_t levels_ = 0;      // of break and continue still to leave
  std::string_view goto_label_;
  std::int64_t max_loop_steps_ = INT64_MAX;  // of one loop
  bool loop_may_end_ = false;    // a break was seen behind a condition that is not known
  std::uint32_t nesting_ = 0;
  std::uint32_t calls_ = 0;
  std::uint32_t open_layers_ = 0;
  std::uint32_t anonymous_functions_ = 0;
  std::size_t nodes_left_ = 0;
  std::size_t units_looked_through_ = 0;
  std::vector<Token> tokens_;
};

/// Whether anything below `node` may turn text into code or decode some.
[[nodiscard]] bool has_sink(const Node& node);

/// The last part of a qualified name.
[[nodiscard]] std::string_view without_namespace(std::string_view name);

}  // namespace backscan::php::eval
