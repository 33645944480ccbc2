// What PHP's own functions make of data: which pass it through, decode it, split it or make it
// harmless. Sinks and guards are looked up elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "php/flow_interpreter.h"

namespace backscan::php::flow {

/// Sets `result` and returns true where `call` is a function of the tables.
[[nodiscard]] bool call_builtin(Interpreter& in, const Call& call, Value* result);

/// A function that neither PHP's tables nor this file know: judged by its name.
[[nodiscard]] Value call_unknown(Interpreter& in, const Call& call);
[[nodiscard]] Value call_unknown_method(Interpreter& in, const Call& call, const Value& object);

/// flow_effects.cc: the common effects, by name.
enum class Effect : std::uint8_t {
  kNone,          // not in the table
  kFirst,         // data of the first argument comes back
  kFirstPart,     // … a part of it
  kSecond,
  kThird,
  kAll,           // data of all arguments
  kFirstNoBreaks, // … without line breaks
  kFirstAddress,  // … as a mail address
  kFirstQuoted,   // … as one word of a command, a PHP string or a pattern
  kNumber,        // a number taken from the first argument; its truth is the argument's
  kHash,
  kDecode,
  kSplit,         // pieces of the first argument, as a list
  kSplitSecond,
  kElement,       // one element of the first argument
  kRandom,
  kTime,
  kFileTime,
  kServerInfo,
  kRequest,       // reads the request
  kUnknown,       // known, and nothing of its arguments comes back
};
[[nodiscard]] Effect effect_of(std::string_view lower_name);
[[nodiscard]] const std::unordered_map<std::string_view, Effect>& effects();

/// flow_text.cc: functions that build text. Same contract as call_builtin().
[[nodiscard]] bool call_text_function(Interpreter& in, const Call& call, Value* result);
/// The same file: an integer as PHP writes it, in whatever base, up to so much.
inline constexpr std::int64_t kMostWritten = std::int64_t{1} << 31;
[[nodiscard]] std::optional<std::int64_t> written_number(std::string_view text);
/// flow_arrays.cc: arrays and callbacks.
[[nodiscard]] bool call_array_function(Interpreter& in, const Call& call, Value* result);
/// flow_input.cc: files, hosts, variables of the request.
[[nodiscard]] bool call_input_function(Interpreter& in, const Call& call, Value* result);

}  // namespace backscan::php::flow
