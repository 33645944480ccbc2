// From which functions of a file a sink can be reached: the rest need not be run on their own, and
// a file without any not at all. Its own file, because it must follow whatever sinks are added.
#pragma once

#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "php/ast.h"

namespace backscan::php::flow {

/// Methods of mail libraries that send.
[[nodiscard]] bool is_sending_method(std::string_view lower_name);
/// A pattern of preg_replace() that cannot be one whose replacement is run.
[[nodiscard]] bool is_harmless_pattern(const Node* pattern);

/// A call graph by names alone, so that it errs on the side of reaching: a call of `send` may be
/// one of any function or method of that name.
class Reach {
 public:
  /// Adds a file, the main one or an include; the tree must outlive this.
  void add(const Node* root);

  /// True if anything in the files may open a sink or state a fact.
  [[nodiscard]] bool has_sink() const { return has_sink_; }
  /// True if running `function` (a Function, a Method, or one that was not added) may do so.
  [[nodiscard]] bool reaches(const Node* function);
  /// True for these, and for what may hand them data through a property or a global variable.
  [[nodiscard]] bool matters(const Node* function);

 private:
  struct Function {
    std::vector<std::string_view> calls;  // lower-case names, some of them more than once
    bool has_sink = false;
    bool hands_data = false;
  };

  void walk(const Node* node, Function& in);
  void look_at_call(const Node* node, Function& in);
  void look_at_callback(const Node* callback, Function& in);
  void note_call(std::string_view text, Function& in);
  void look_at_assignment(const Node* target, Function& in);
  struct Caller {
    std::string_view callee;
    const Node* node;
    Function* function;
  };
  void spread();

  std::map<const Node*, Function> functions_;  // the root of a file is one too
  std::deque<std::string> names_;              // of callbacks and classes, in lower case
  bool has_sink_ = false;
  bool is_spread_ = false;
};

}  // namespace backscan::php::flow
