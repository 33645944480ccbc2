// Checks that a program makes before it sends: what the truth of an expression says about data
// (validated, no line breaks, one of a list) or about who gets here (login, nonce, captcha, …).
#pragma once

#include <optional>
#include <string_view>

#include "php/flow_interpreter.h"

namespace backscan::php::flow {

/// What it implies that `value` itself is truthy: a login in the session, a captcha's answer.
[[nodiscard]] const Implied* implied_by_truth(Interpreter& in, const Value& value);
/// … that the comparison `node` of two values holds.
[[nodiscard]] const Implied* implied_by_comparison(Interpreter& in, const Node& node,
                                                   const Value& left, const Value& right);
/// … that isset(`node`) holds.
[[nodiscard]] const Implied* implied_by_isset(Interpreter& in, const Node* node,
                                              const Value& value);
/// … that a function or method returned something truthy.
[[nodiscard]] const Implied* implied_by_call(Interpreter& in, const Call& call);
[[nodiscard]] const Implied* implied_by_method(Interpreter& in, const Call& call);
/// Functions of elsewhere that do not return unless the check passes (check_admin_referer()).
void pass_guard_calls(Interpreter& in, std::string_view name);

[[nodiscard]] const Implied* both(Interpreter& in, const Implied* a, const Implied* b);

/// guards_names.cc: what a name promises.
struct Promise {
  std::optional<GuardKind> guard;
  bool never_returns_unchecked = false;
  bool checks_address = false;
  bool knows_account = false;  // says whether the site has that account
  bool cleans = false;  // takes line breaks out, whatever else it does
  bool passes = false;  // hands on what it is given, in another form
};
[[nodiscard]] Promise promise_of(std::string_view lower_name);
[[nodiscard]] bool is_login_field(std::string_view name);
[[nodiscard]] bool is_secret_field(std::string_view name);
[[nodiscard]] bool is_captcha_field(std::string_view name);
[[nodiscard]] bool is_token_field(std::string_view name);
[[nodiscard]] bool is_counter_field(std::string_view name);

/// guards_patterns.cc: what a regular expression says of a text that matches, or does not.
enum class PatternSays : std::uint8_t {
  kNothing,
  kMatchIsAddress,
  kMatchHasNoBreaks,
  kMissHasNoBreaks,
  kMatchIsExtension,
};
[[nodiscard]] PatternSays judge_pattern(std::string_view pattern, bool has_delimiters);
/// True where replacing every match of `pattern` leaves no line break.
[[nodiscard]] bool removes_breaks(std::string_view pattern, bool has_delimiters);

}  // namespace backscan::php::flow
