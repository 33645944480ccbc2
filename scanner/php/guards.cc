// Guards from conditions: comparisons, checks by function, the session. See guards.h.
#include "php/guards.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"

namespace backscan::php::flow {

namespace {

// The sources of a value, each with `kind` said about it.
std::vector<Guard> about(GuardKind kind, const Value& value) {
  std::vector<Guard> guards;
  for (const Piece& piece : value.pieces) {
    if (piece.source == nullptr || piece.is_text()) continue;
    const bool is_anyone = piece.source->whole == nullptr && piece.has(kRequest) &&
                           superglobal_origins(piece.source->text.substr(1)) != 0;
    if (is_anyone) continue;  // one field of all: which, nobody knows
    const Guard guard{kind, piece.source};
    if (std::ranges::find(guards, guard) == guards.end()) guards.push_back(guard);
  }
  return guards;
}

const Implied* control(Interpreter& in, GuardKind kind, bool when_true = true,
                       bool when_false = false) {
  const Guard guard{kind, nullptr};
  const std::span<const Guard> one{&guard, 1};
  return in.state.imply(when_true ? one : std::span<const Guard>{},
                        when_false ? one : std::span<const Guard>{});
}

template <typename Predicate>
bool any_field(const Value& value, std::uint16_t origins, const Predicate& predicate) {
  return std::ranges::any_of(value.pieces, [&](const Piece& piece) {
    return piece.source != nullptr && piece.has(origins) && predicate(piece.source->field);
  });
}

bool is_falsy_constant(const Value& value) {
  return is_constant_text(value) && truth_of(value) == Truth::kFalse;
}

// "~\\.($allowed)$~": the site's own list of endings, which this file does not spell out.
bool is_ending_of_own_list(const Value& pattern) {
  if (pattern.pieces.size() < 2 || !pattern.pieces.front().is_text() ||
      !pattern.pieces.back().is_text())
    return false;
  const bool is_from_outside =
      std::ranges::any_of(pattern.pieces, [](const Piece& piece) { return piece.has(kOutside); });
  return !is_from_outside && pattern.pieces.front().text.find("\\.") != std::string_view::npos &&
         pattern.pieces.back().text.find('$') != std::string_view::npos;
}

const Implied* implied_by_pattern(Interpreter& in, const Call& call, bool has_delimiters) {
  const Value& subject = call.args[1];
  if (!is_constant_text(call.args[0])) {
    const bool checks_ending =
        (subject.marks() & kFileName) != 0 && is_ending_of_own_list(in.values.flat(call.args[0]));
    return checks_ending ? control(in, GuardKind::kExtension) : nullptr;
  }
  switch (judge_pattern(constant_text(call.args[0]), has_delimiters)) {
    case PatternSays::kMatchIsAddress:
      return in.state.imply(about(GuardKind::kValidated, subject), {});
    case PatternSays::kMatchHasNoBreaks: {
      std::vector<Guard> guards = about(GuardKind::kNoBreaks, subject);
      if ((subject.marks() & kFileName) != 0) guards.push_back({GuardKind::kExtension, nullptr});
      return in.state.imply(guards, {});
    }
    case PatternSays::kMissHasNoBreaks:
      return in.state.imply({}, about(GuardKind::kNoBreaks, subject));
    case PatternSays::kMatchIsExtension:
      return (subject.marks() & kFileName) != 0 ? control(in, GuardKind::kExtension) : nullptr;
    case PatternSays::kNothing:
      return nullptr;
  }
  return nullptr;
}

// strpos($x, "\n") and its like: not found means that there is none.
const Implied* implied_by_search(Interpreter& in, const Call& call) {
  const Value needle = in.values.flat(call.args[1]);
  const bool is_break = std::ranges::any_of(needle.pieces, [](const Piece& piece) {
    const std::string lower = ascii_lower(piece.text);
    return lower.find_first_of("\r\n") != std::string::npos || lower == "%0a" || lower == "%0d" ||
           lower.starts_with("bcc:") || lower.starts_with("content-type") ||
           lower.starts_with("cc:");
  });
  return is_break ? in.state.imply({}, about(GuardKind::kNoBreaks, call.args[0])) : nullptr;
}

const Implied* implied_by_list(Interpreter& in, const Value& item, const Value& list) {
  if (list.has(kOutside)) return nullptr;
  std::vector<Guard> guards = about(GuardKind::kAllowList, item);
  if ((item.marks() & kFileName) != 0) guards.push_back({GuardKind::kExtension, nullptr});
  if (any_field(item, kServerInfo, [](std::string_view f) { return f == "REMOTE_ADDR"; })) {
    guards.push_back({GuardKind::kLogin, nullptr});
  }
  return in.state.imply(guards, {});
}

const Implied* implied_by_filter(Interpreter& in, const Call& call) {
  const Node* filter = call.arg_node(1);
  if (filter == nullptr || !filter->is(NodeKind::Const)) return nullptr;
  if (filter->name == "FILTER_VALIDATE_EMAIL") {
    return in.state.imply(about(GuardKind::kValidated, call.args[0]), {});
  }
  if (filter->name == "FILTER_VALIDATE_INT" || filter->name == "FILTER_VALIDATE_FLOAT" ||
      filter->name == "FILTER_VALIDATE_IP" || filter->name == "FILTER_VALIDATE_BOOLEAN") {
    return in.state.imply(about(GuardKind::kNumber, call.args[0]), {});
  }
  return nullptr;
}

}  // namespace

const Implied* both(Interpreter& in, const Implied* a, const Implied* b) {
  if (a == nullptr) return b;
  if (b == nullptr) return a;
  std::vector<Guard> when_true(a->when_true.begin(), a->when_true.end());
  when_true.insert(when_true.end(), b->when_true.begin(), b->when_true.end());
  std::vector<Guard> when_false(a->when_false.begin(), a->when_false.end());
  when_false.insert(when_false.end(), b->when_false.begin(), b->when_false.end());
  return in.state.imply(when_true, when_false);
}

const Implied* implied_by_truth(Interpreter& in, const Value& value) {
  if ((value.marks() & kCaptcha) != 0) return control(in, GuardKind::kCaptcha);
  if (any_field(value, kSession, is_login_field)) return control(in, GuardKind::kLogin);
  return nullptr;
}

const Implied* implied_by_isset(Interpreter& in, const Node* node, const Value& value) {
  const Implied* truth = implied_by_truth(in, value);
  if (node == nullptr || !node->is(NodeKind::Index) || node->kid(1) == nullptr) return truth;
  const Value key = in.eval(node->kid(1));
  if (is_constant_text(key) || !key.has(kRequest)) return truth;
  return both(in, truth, implied_by_list(in, key, in.eval(node->kid(0))));
}

namespace {

// Equality of data from outside with something the site knows.
const Implied* implied_by_equality(Interpreter& in, const Value& outside, const Value& known) {
  const bool is_hash = ((outside.marks() | known.marks()) & kHash) != 0;
  const bool is_constant = is_constant_text(known) || !known.has(kOutside | kSession | kUndefined);
  if (known.has(kSession)) {
    const bool is_token =
        any_field(known, kSession, is_token_field) || any_field(outside, kRequest, is_token_field);
    return control(in, is_token ? GuardKind::kNonce : GuardKind::kCaptcha);
  }
  if (any_field(outside, kRequest, is_token_field)) return control(in, GuardKind::kNonce);
  if (!is_constant) return nullptr;
  if ((outside.marks() & kFileName) != 0) return control(in, GuardKind::kExtension);
  if (is_hash || any_field(outside, kRequest, is_secret_field)) {
    return control(in, GuardKind::kPassword);
  }
  if (!is_constant_text(known) && any_field(outside, kRequest, is_captcha_field)) {
    return control(in, GuardKind::kCaptcha);
  }
  return in.state.imply(about(GuardKind::kAllowList, outside), {});
}

const Implied* equality(Interpreter& in, const Value& left, const Value& right) {
  for (const bool is_swapped : {false, true}) {
    const Value& value = is_swapped ? right : left;
    const Value& other = is_swapped ? left : right;
    if (is_constant_text(other) && value.implied != nullptr) {
      return truth_of(other) == Truth::kFalse ? in.state.negate(value.implied) : value.implied;
    }
    if (value.has(kRequest) && !other.has(kRequest) && !is_falsy_constant(other)) {
      return implied_by_equality(in, value, other);
    }
    if (value.has(kSession) && is_constant_text(other) && !is_falsy_constant(other) &&
        any_field(value, kSession, is_login_field)) {
      return control(in, GuardKind::kLogin);
    }
    const bool is_address = any_field(
        value, kServerInfo, [](std::string_view field) { return field == "REMOTE_ADDR"; });
    if (is_address && is_constant_text(other) && !is_falsy_constant(other)) {
      return control(in, GuardKind::kLogin);
    }
  }
  return nullptr;
}

// Limits: now against the time of the last mail, or a counter in the session.
bool is_rate_limit(const Value& left, const Value& right) {
  const auto marks = static_cast<std::uint16_t>(left.marks() | right.marks());
  const auto origins = static_cast<std::uint16_t>(left.origins() | right.origins());
  if ((marks & kTime) != 0 && (origins & kSession) != 0) return true;
  return any_field(left, kSession, is_counter_field) ||
         any_field(right, kSession, is_counter_field);
}

}  // namespace

const Implied* implied_by_comparison(Interpreter& in, const Node& node, const Value& left,
                                     const Value& right) {
  switch (node.op) {
    case TokenKind::IsEqual:
    case TokenKind::IsIdentical:
      return equality(in, left, right);
    case TokenKind::IsNotEqual:
    case TokenKind::IsNotIdentical:
      return in.state.negate(equality(in, left, right));
    default:
      break;
  }
  if (is_rate_limit(left, right)) return control(in, GuardKind::kRate, true, true);
  // count($errors) > 0, strlen($error) >= 1, and the other way round.
  const bool is_greater = node.op_char == '>' || node.op == TokenKind::IsGreaterOrEqual;
  if (left.implied != nullptr && is_constant_text(right)) {
    return is_greater ? left.implied : in.state.negate(left.implied);
  }
  if (right.implied != nullptr && is_constant_text(left)) {
    return is_greater ? in.state.negate(right.implied) : right.implied;
  }
  return nullptr;
}

const Implied* implied_by_call(Interpreter& in, const Call& call) {
  const std::string_view name = call.name;
  if (call.args.size() >= 2) {
    if (name == "filter_var") return implied_by_filter(in, call);
    if (name == "preg_match" || name == "preg_match_all") return implied_by_pattern(in, call, true);
    if (is_any(name, {"ereg", "eregi", "mb_ereg", "mb_eregi"})) {
      return implied_by_pattern(in, call, false);
    }
    if (is_any(name, {"strpos", "stripos", "strstr", "stristr", "strpbrk", "substr_count",
                      "str_contains", "strrpos", "mb_strpos", "mb_stripos", "strchr"})) {
      return implied_by_search(in, call);
    }
    if (is_any(name, {"in_array", "array_search", "array_key_exists", "key_exists"})) {
      return implied_by_list(in, call.args[0], call.args[1]);
    }
    if (name == "hash_equals") return equality(in, call.args[0], call.args[1]);
    if (is_any(name, {"strcmp", "strcasecmp", "strncmp", "strncasecmp"})) {
      return in.state.negate(equality(in, call.args[0], call.args[1]));
    }
    if (name == "password_verify" && !call.args[1].has(kRequest)) {
      return control(in, GuardKind::kPassword);
    }
  }
  if (is_any(name, {"ctype_digit", "is_numeric", "ctype_alnum", "ctype_alpha", "is_int"}) &&
      !call.args.empty()) {
    return in.state.imply(about(GuardKind::kNumber, call.args[0]), {});
  }
  if (name == "session_is_registered") return control(in, GuardKind::kLogin);
  if (in.program.function(name) != nullptr) return nullptr;
  return implied_by_method(in, call);
}

const Implied* implied_by_method(Interpreter& in, const Call& call) {
  const Promise& promise = in.promise_of_name(call.name);
  if (promise.guard) {
    const bool is_either = *promise.guard == GuardKind::kRate;  // too_many(), may_send()
    return control(in, *promise.guard, true, is_either);
  }
  if (promise.checks_address && !call.args.empty()) {
    return in.state.imply(about(GuardKind::kValidated, call.args[0]), {});
  }
  if (promise.knows_account && !call.args.empty()) {  // email_exists(): one of the site's own
    return in.state.imply(about(GuardKind::kAllowList, call.args[0]), {});
  }
  for (const Value& arg : call.args) {  // $securimage->check($_POST['captcha_code'])
    const bool is_captcha = any_field(arg, kRequest, [](std::string_view field) {
      return ascii_lower(field).find("captcha") != std::string::npos;
    });
    if (is_captcha) return control(in, GuardKind::kCaptcha);
  }
  return nullptr;
}

void pass_guard_calls(Interpreter& in, std::string_view name) {
  const Promise& promise = in.promise_of_name(name);
  if (!promise.never_returns_unchecked || in.program.function(name) != nullptr) return;
  const Guard guard{*promise.guard, nullptr};
  in.state.pass({&guard, 1});
}

}  // namespace backscan::php::flow
