// PHP's own functions as the evaluator knows them: a table from names to pure C++ functions, and the
// view they have of their arguments. What is not in the table gives Unknown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "php/unpack_budget.h"
#include "php/value_convert.h"
#include "php/value_heap.h"

namespace backscan::php::eval {

class Evaluator;

/// One call of a built-in: its arguments (values; by-reference ones as Cell) and where it may charge
/// its work. Conversions are PHP's.
class Call {
 public:
  Call(Heap& owner, Budget& limits, Evaluator& caller, std::span<Value> values, const Node* place)
      : heap(owner), budget(limits), evaluator(caller), args(values), site(place) {}

  Heap& heap;
  Budget& budget;
  Evaluator& evaluator;
  std::span<Value> args;
  const Node* site;

  [[nodiscard]] std::size_t count() const { return args.size(); }
  [[nodiscard]] bool has(std::size_t i) const { return i < args.size() && !value(i).is_null(); }
  [[nodiscard]] const Value& value(std::size_t i) const {
    static const Value kNull;
    return i < args.size() ? args[i].target() : kNull;
  }
  /// The argument as text, good until the argument changes. Empty where it is missing.
  [[nodiscard]] std::string_view text(std::size_t i);
  [[nodiscard]] std::int64_t integer(std::size_t i, std::int64_t missing = 0) const {
    return has(i) ? to_int(value(i)) : missing;
  }
  [[nodiscard]] bool flag(std::size_t i, bool missing = false) const {
    return has(i) ? to_bool(value(i)) : missing;
  }
  [[nodiscard]] ArrayData* array(std::size_t i) const { return value(i).array(); }
  /// The array behind a by-reference argument, made its own for writing; null where it is none.
  [[nodiscard]] ArrayData* own_array(std::size_t i) const;
  /// Assigns to a by-reference argument; a value argument takes it without effect.
  void assign(std::size_t i, Value value) const;

  /// A string made from argument `from`: keeps where that came from.
  [[nodiscard]] Value string(std::string bytes, std::size_t from = 0) const;
  [[nodiscard]] Value string(BoundedText& text, std::size_t from = 0) const;
  [[nodiscard]] Provenance provenance(std::size_t i) const;
};

/// string_view::find() in linear time: that one is quadratic on hostile text. npos where not found.
[[nodiscard]] inline std::size_t find_bytes(std::string_view text, std::string_view needle,
                                            std::size_t from) {
  if (from > text.size()) return text.npos;
  const void* found =
      ::memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
  return found == nullptr
             ? text.npos
             : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

enum BuiltinFlag : std::uint8_t {
  kTakesUnknown = 1,  // wants to see arguments that are Unknown
  kDecoder = 2,       // its name is a step of a layer, its result may be one
  kRefFirst = 4,      // by reference: the first, second, third argument, all from the second
  kRefSecond = 8,
  kRefThird = 16,
  kRefFourth = 32,
  kRefRest = 64,
};

struct Builtin {
  std::string_view name;  // lower case
  Value (*run)(Call& call);
  std::uint8_t min_args = 1;
  std::uint8_t flags = 0;

  [[nodiscard]] bool takes_reference(std::size_t argument) const;
};

[[nodiscard]] const Builtin* find_builtin(std::string_view lower_name);

/// Runs `builtin`: too few arguments and arguments it cannot take give Unknown, work is charged, and
/// a decoder's name is added to the provenance of its result.
[[nodiscard]] Value run_builtin(const Builtin& builtin, Call& call);

// The tables, one a file.
[[nodiscard]] std::span<const Builtin> array_builtins();
[[nodiscard]] std::span<const Builtin> array_order_builtins();
[[nodiscard]] std::span<const Builtin> callback_builtins();
[[nodiscard]] std::span<const Builtin> code_builtins();
[[nodiscard]] std::span<const Builtin> decoder_builtins();
[[nodiscard]] std::span<const Builtin> file_builtins();
[[nodiscard]] std::span<const Builtin> format_builtins();
[[nodiscard]] std::span<const Builtin> hash_builtins();
[[nodiscard]] std::span<const Builtin> json_builtins();
[[nodiscard]] std::span<const Builtin> math_builtins();
[[nodiscard]] std::span<const Builtin> output_builtins();
[[nodiscard]] std::span<const Builtin> pack_builtins();
[[nodiscard]] std::span<const Builtin> regex_builtins();
[[nodiscard]] std::span<const Builtin> replace_builtins();
[[nodiscard]] std::span<const Builtin> serialize_builtins();
[[nodiscard]] std::span<const Builtin> string_builtins();
[[nodiscard]] std::span<const Builtin> split_builtins();
[[nodiscard]] std::span<const Builtin> type_builtins();

}  // namespace backscan::php::eval
