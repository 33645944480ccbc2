// Whether any sink of a file could state a fact at all: one walk over the tree, blind to order,
// branches and guards, before the interpreter runs. Most files of an honest site hold sinks, but
// nothing from outside that could come to them. Whatever the interpreter may find must be suspected
// here, so a source, a sink or a way of data that it learns has to be learnt here, too.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "php/ast.h"
#include "php/flow_models.h"
#include "php/flow_taint.h"
#include "php/mail_flow.h"

namespace backscan::php::flow {

class Suspects {
 public:
  /// `reader` tells which includes of literal paths can be read: then anything is suspected.
  void look(const Node* root, const IncludeReader& reader);

  [[nodiscard]] bool any() const { return has_any_; }

 private:
  using Name = std::uint32_t;
  struct NameInfo {
    std::string_view text;
    std::uint32_t last_function = 0;  // that used a variable of this name, and which
    Place last_variable = kNowhere;
    std::uint32_t functions = 0;  // the first of a chain
    std::uint32_t methods = 0;
    std::uint32_t function_group = 0;  // what stands for all of the chain
    std::uint32_t method_group = 0;
    Place property = kNowhere;  // of an object of the file's own classes
    Place element = kNowhere;   // of arrays and other objects
    bool is_class = false;
    bool has_traits = false;  // whether the next three were asked for
    bool is_sending = false;
    bool makes_mailer = false;
    bool may_read_request = false;
    Place constant = kNowhere;
    Place class_constant = kNowhere;
    Model model = Model::kUnread;
    bool is_assigned = false;
    bool is_spelled = false;  // as a text, too
    std::uint8_t passes = 2;  // 0, 1, or not asked yet
  };
  struct Slot {
    std::uint32_t hash = 0;
    Name name = 0;
  };
  struct VariableInfo {
    std::uint32_t function;
    Name name;
    Place place;
  };
  struct Param {
    Place place;
    bool is_reference;
  };
  struct Function {
    Name name = 0;
    std::uint32_t next = 0;
    std::uint32_t first_param = 0;
    std::uint32_t params = 0;
    bool is_closure = false;
    bool is_variadic = false;
    Place result = kNowhere;
    Place any = kNowhere;  // to every variable
    Place all = kNowhere;  // of every variable
  };
  struct CallSite {
    Name name;
    bool is_method;
    std::uint32_t first_arg;
    std::uint32_t args;
    Place result;
  };
  struct Argument {
    Place place = kNowhere;
    Place shared = kNowhere;  // where it may be passed by reference
    bool is_spread = false;   // for any of the parameters
  };
  struct Arguments {
    static constexpr std::size_t kMax = 12;  // those behind share the last
    std::array<Argument, kMax> items;
    std::size_t size = 0;
    std::size_t written = 0;  // as many as the call has

    [[nodiscard]] Place at(std::size_t i) const { return i < size ? items[i].place : kNowhere; }
    [[nodiscard]] std::span<const Argument> all() const { return {items.data(), size}; }
  };
  struct Sink {
    Place place;
    std::uint32_t bits;
    Place callee = kNowhere;  // whose bits decide, too
  };
  struct Literal {
    const Node* node;
    Place place;
  };
  struct Include {
    const Node* path;
    Place place;
  };

  [[nodiscard]] Name name_of(std::string_view text);
  [[nodiscard]] std::size_t slot_of(std::string_view text, std::uint32_t hash) const;
  [[nodiscard]] Name known_name(std::string_view text) const;  // 0: nothing is called so
  [[nodiscard]] Model model_of(Name name);
  void grow_names();
  void grow_variables();

  // flow_suspects.cc: expressions and statements
  Place visit(const Node* node);
  Place visit_other(const Node* node);
  Place visit_statement(const Node* node);
  void visit_all(std::span<const Node* const> nodes);
  Place either(Place a, Place b);
  Place choice(Place a, Place b);
  Place passed(Place from, Carries carries);
  Place literal(const Node* node);
  Place concat(std::span<const Node* const> parts);
  Place joined_text(std::span<const Place> parts, bool is_text);
  Place variable(std::string_view name);
  Place variable_in(std::uint32_t function, Name name);
  Place superglobal(std::string_view name);
  Place constant(const Node* node);
  Place index(const Node* node);
  Place property(const Node* node);
  Place named_element(Place base, std::string_view name);
  Place property_named(std::string_view name);
  Place element_named(std::string_view name);
  void assign_variable(std::string_view text, Place value);
  void assign_property(const Node* target, Place value);
  Place array(const Node* node);
  Place assignment(const Node* node);
  Place binary(const Node* node);
  Place closure(const Node* node);
  void assign(const Node* target, Place value);
  /// What a reference to `node` shares; kNowhere where it is no variable.
  Place shared(const Node* node);
  void walk_foreach(const Node* node);
  void declare_class(const Node* node);
  void declare_function(const Node* node);
  void bind_params(const Node* node, Function& function);
  void globals(const Node* node);

  // flow_suspects_calls.cc
  Place call(const Node* node);
  Place method_call(const Node* node);
  Place static_call(const Node* node);
  Place create(const Node* node);
  Place modelled(const Node* node, Model model, const Arguments& args);
  Place modelled_source(const Node* node, Model model, const Arguments& args);
  Place callbacks(const Node* node, const Arguments& args);
  Place call_back(const Node* callee, const Arguments& items);
  Place link_values(const Arguments& args);
  Place dynamic_call(Place callee, const Arguments& args);
  Place call_named(Name name, bool is_method, std::span<const Argument> args);
  Place merged(const Arguments& args, Carries carries);
  Arguments arguments(const Node* node, std::size_t first);
  Place& scope_any();
  Place& scope_all();
  void link_calls();
  std::uint32_t group_of(std::uint32_t first);
  void link_params(const Function& function, std::span<const Argument> args);
  void link_dynamic(bool is_any);
  void call_constructor(std::string_view class_name, const Arguments& args);
  [[nodiscard]] Name own_name(std::string text) {
    if (const Name known = known_name(text); known != 0) return known;
    return name_of(texts_.emplace_back(std::move(text)));
  }

  // flow_suspects_sinks.cc
  void sink(Place place, std::uint32_t bits) { sinks_.push_back({place, bits}); }
  void sink_function(const Node* node, Model model, const Arguments& args);
  void sink_command_line(Place command) {
    has_commands_ = true;
    sink(command, kTaintTelling | kTaintUndefined | kTaintHidden | kTaintMailWord);
  }
  void sink_setting(const Node* node, const Arguments& args);
  void sink_method(const Node* node, Name name, const Arguments& args);
  void note_alias(const Node* node);
  [[nodiscard]] const NameInfo& method_traits(Name name);
  void judge_literals();
  void note_spelled(std::string_view text);
  void note_property(std::string_view text);
  void sink_include(const Node* node);
  void judge_variables();
  void judge_includes(const IncludeReader& reader);
  void judge_sinks();
  [[nodiscard]] std::uint32_t literal_bits(std::string_view text, bool has_names) const;
  [[nodiscard]] bool has_literal(bool (*predicate)(std::string_view)) const;
  [[nodiscard]] bool passes(Name name);

  TaintGraph graph_;
  std::vector<NameInfo> names_{1};
  std::vector<Slot> name_slots_;
  std::deque<std::string> texts_;  // of names that the source writes otherwise
  std::vector<VariableInfo> variables_{1};
  std::vector<std::uint32_t> variable_slots_;
  std::vector<Function> functions_{2};  // 1: the main program
  std::vector<Param> params_;
  std::vector<CallSite> calls_;
  std::vector<Argument> call_args_;
  std::vector<Sink> sinks_;
  std::vector<Sink> replaces_;  // of what /e would run
  std::vector<Sink> writes_;    // to a handle, of whatever kind
  std::vector<Literal> literals_;
  std::vector<std::string_view> html_;
  std::vector<Include> includes_;
  std::vector<Sink> maker_places_;                 // where a name of a mailer would make one
  std::vector<std::pair<Name, Place>> instances_;  // of classes, by name
  std::uint32_t function_ = 1;                     // whose code is walked
  std::uint32_t scope_ = 1;                        // whose variables it sees
  Place number_ = kNowhere;
  Place path_ = kNowhere;
  Place empty_ = kNowhere;
  Place outside_ = kNowhere;
  Place made_ = kNowhere;  // text of bits
  Place request_ = kNowhere;
  Place own_object_ = kNowhere;
  Place this_ = kNowhere;  // which no class may have made
  Place any_property_ = kNowhere;
  Place any_spelled_property_ = kNowhere;
  Place any_element_ = kNowhere;
  Place any_spelled_element_ = kNowhere;
  Place all_properties_ = kNowhere;
  Place any_constant_ = kNowhere;
  Place closure_args_ = kNowhere;
  Place closure_results_ = kNowhere;
  Place function_args_ = kNowhere;
  Place function_results_ = kNowhere;
  Place shared_params_ = kNowhere;  // of whatever may be called by a value
  bool has_dynamic_calls_ = false;
  bool has_value_calls_ = false;        // of whatever a value names
  bool has_chosen_properties_ = false;  // $this->$name = …
  bool has_chosen_variables_ = false;   // $$name
  bool has_commands_ = false;
  bool hides_text_ = false;  // decoders, chr(), words in bits
  bool has_mailer_ = false;
  bool has_curl_ = false;
  bool has_senders_ = false;  // methods that send, if there is a mailer
  bool has_any_ = false;      // nothing more need be known
};

[[nodiscard]] bool has_suspects(const Node* root, const IncludeReader& reader);

}  // namespace backscan::php::flow
