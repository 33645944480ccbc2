// What an evaluation knows of the program itself: parsed texts, the functions and classes they
// declare, variables in scope. Apart from the evaluator so that its parts share words, not habits.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "php/ast.h"
#include "php/value_array.h"

namespace backscan::php::eval {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <typename T>
using TextMap = std::unordered_map<std::string, T, TextHash, std::equal_to<>>;

/// One bit for every byte of a text: which statements and calls of it were reached.
class Marks {
 public:
  explicit Marks(std::size_t size) : bits_(size + 1) {}
  void set(Offset at) {
    if (at < bits_.size()) bits_[at] = true;
  }
  [[nodiscard]] bool get(Offset at) const { return at < bits_.size() && bits_[at]; }

 private:
  std::vector<bool> bits_;
};

/// A name or constant string that a place of the text turned out to mean.
struct Resolution {
  std::string text;
  bool is_name = false;       // of a called function
  bool is_ambiguous = false;  // different values at different times
};

/// One parsed text: the file itself or a layer. Never moves, lives as long as the evaluation.
struct Unit {
  std::string owned;        // a layer's text
  std::string_view source;  // the text, `owned` or the file
  std::string file;         // what __FILE__ is
  SyntaxTree tree;
  std::uint32_t layer = 0;  // index + 1 among the layers; 0: the file
  std::uint32_t depth = 0;
  Span origin;              // in the file on disk; unused for the file
  Marks statements{0};      // by first byte
  Marks calls{0};           // by last byte
  std::unordered_map<const Node*, Resolution> resolutions;
  std::unordered_map<const Node*, std::unordered_map<std::string_view, std::uint32_t>> labels;
  std::vector<const Node*> around_sinks;  // what is or holds one, sorted; listed when first asked for
  bool are_sinks_listed = false;
  std::vector<Offset> line_starts;  // made when the first __LINE__ is asked for
};

struct ClassData;

/// A function, method or closure of the evaluated program.
struct FunctionData {
  const Node* node = nullptr;  // Function, Method, Closure or ArrowFn
  Unit* unit = nullptr;
  const ClassData* owner = nullptr;
  std::uint32_t uncertain_calls = 0;  // with arguments that are not known
  std::uint32_t active_calls = 0;
};

struct ClassData {
  std::string name;    // lower case
  std::string parent;  // lower case, may be empty
  const Node* node = nullptr;
  Unit* unit = nullptr;
  TextMap<FunctionData> methods;  // by lower-cased name
  TextMap<Value> constants;
  TextMap<CellRef> statics;
  std::vector<std::pair<std::string_view, const Node*>> defaults;  // of instance properties
};

/// Variables by name.
struct Scope {
  TextMap<CellRef> variables;
  bool is_open = false;  // extract() of something unknown: any variable may be set
};

/// One activation: of a file, a layer (in its caller's scope) or a function.
struct Frame {
  Scope* scope = nullptr;
  Unit* unit = nullptr;
  FunctionData* function = nullptr;
  const ClassData* type = nullptr;   // self
  const ClassData* called = nullptr;  // static
  ObjectRef self;
  std::vector<Value> arguments;
  Value result;
  Value possible_result;  // of a return behind a condition that is not known
  bool has_possible_result = false;
  std::vector<std::string_view> open_gotos;  // taken or not: only the other way was followed so far
  std::unordered_map<const Node*, std::uint32_t> undecided;  // visits of conditions not known
};

using Arguments = boost::container::small_vector<Value, 4>;

/// What a value names when it is called.
struct Callee {
  FunctionData* function = nullptr;
  std::string name;  // lower-cased built-in or unknown function; empty: cannot be known
  ObjectRef self;
  const ClassData* type = nullptr;
  Value closure;  // keeps a closure alive while it runs
};

/// How a statement ended.
enum class Flow : std::uint8_t { kNormal, kBreak, kContinue, kReturn, kGoto, kThrow, kExit, kStop };

}  // namespace backscan::php::eval
