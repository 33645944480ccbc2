// Applies the effect table, and judges functions nobody knows by their names.
#include "php/flow_functions.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "php/flow_decode.h"
#include "php/guards.h"

namespace backscan::php::flow {

namespace {

// An array keeps its shape through trim() and the like; text keeps its pieces.
Value pass(Interpreter& in, const Value& value) {
  Value passed = value;
  passed.object = nullptr;
  if (value.pieces.empty() && value.array == nullptr) return in.values.unknown();
  return passed;
}

Value split(Interpreter& in, const Value& text, std::uint16_t origins) {
  Value item = in.values.with(in.values.holes(text), origins);
  if (item.pieces.empty()) {
    item = is_constant_text(text) && origins == 0
               ? in.values.flat(text)
               : in.values.hole(static_cast<std::uint16_t>(kUnknown | origins));
  }
  return in.values.array({}, item, false, false);
}

Value number(Interpreter& in, const Value& value) {
  if (is_constant_text(value)) return in.values.number();
  Value number = in.values.with(in.values.holes(value), 0, 0, kSafeNumber | kSafeNoBreaks);
  if (number.pieces.empty()) number = in.values.number();
  number.implied = value.implied;
  if (value.array != nullptr && truth_of(value) == Truth::kFalse) number = in.values.text("0");
  return number;
}

Value decode(Interpreter& in, const Call& call) {
  const Value text = in.values.flat(call.arg(0));
  if (is_constant_text(text)) {
    if (const auto plain = decode_constant(call.name, constant_text(text), call)) {
      Value value = in.values.own_text(*plain);
      return in.values.with(value, kDecoded);
    }
  }
  if (call.name == "strrev" || call.name == "pack") {
    return call.name == "pack" ? in.values.with(in.values.holes(call.arg(1)), kDecoded)
                               : in.values.with(in.values.holes(text), 0);
  }
  const Value holes = in.values.with(in.values.holes(text), kDecoded);
  return holes.pieces.empty() ? in.values.hole(kDecoded) : holes;
}

Value hashed(Interpreter& in, const Call& call) {
  const Value& text = call.name == "hash" || call.name == "hash_hmac" ? call.arg(1) : call.arg(0);
  Value holes = in.values.with(in.values.holes(text), 0, kHash, kSafeNoBreaks);
  return holes.pieces.empty() ? in.values.hole(kUnknown, nullptr, kHash) : holes;
}

Value request_source(Interpreter& in, const Call& call) {
  const std::string text = std::string(call.name) + "()";
  const Span place = in.place_of(call.node);
  return in.values.hole(kRequest, in.sources.intern(text, {}, nullptr, place.begin, place.end));
}

Value apply(Interpreter& in, const Call& call, Effect effect) {
  Values& values = in.values;
  const Value first = call.arg(0);
  switch (effect) {
    case Effect::kFirst:
      return pass(in, first);
    case Effect::kFirstPart:
      return part_of(values, in.sources, first, call.name);
    case Effect::kSecond:
      return pass(in, call.arg(1));
    case Effect::kThird:
      return pass(in, call.arg(2));
    case Effect::kAll: {
      Value all;
      for (const Value& arg : call.args) all = values.join(all, arg);
      return all;
    }
    case Effect::kFirstNoBreaks:
      return values.with(values.flat(first), 0, 0, kSafeNoBreaks);
    case Effect::kFirstAddress:
      return values.with(values.flat(first), 0, 0, kSafeNoBreaks | kSafeAddress);
    case Effect::kFirstQuoted:
      return values.with(values.flat(first), 0, 0, kSafeQuoted);
    case Effect::kNumber:
      return number(in, first);
    case Effect::kHash:
      return hashed(in, call);
    case Effect::kDecode:
      return decode(in, call);
    case Effect::kSplit:
      return split(in, first, kList);
    case Effect::kSplitSecond:
      return split(in, call.arg(1), kList);
    case Effect::kElement:
      return in.items_of(first);
    case Effect::kRandom:
      return values.hole(kUnknown, nullptr, kRandom);
    case Effect::kTime:
      return values.hole(kUnknown, nullptr, kTime);
    case Effect::kFileTime:
      return values.hole(kSession, nullptr, kTime);
    case Effect::kServerInfo: {
      const std::string text = std::string(call.name) + "()";
      const Span place = in.place_of(call.node);
      return values.hole(kServerInfo, in.sources.intern(text, {}, nullptr, place.begin, place.end));
    }
    case Effect::kRequest:
      return request_source(in, call);
    case Effect::kNone:
    case Effect::kUnknown:
      break;
  }
  return values.unknown();
}

Value by_name(Interpreter& in, const Call& call) {
  const Promise& promise = in.promise_of_name(call.name);
  if (!promise.cleans && !promise.passes) return in.values.unknown();
  Value passed;
  for (const Value& arg : call.args) passed = in.values.merge(passed, in.values.holes(arg));
  if (passed.pieces.empty()) return in.values.unknown();
  // Whatever it is, a function named so was meant to take line breaks out.
  return promise.cleans ? in.values.with(passed, 0, 0, kSafeNoBreaks) : passed;
}

}  // namespace

bool call_builtin(Interpreter& in, const Call& call, Value* result) {
  if (call_text_function(in, call, result) || call_array_function(in, call, result) ||
      call_input_function(in, call, result)) {
    return true;
  }
  const Effect effect = effect_of(call.name);
  if (effect == Effect::kNone) return false;
  *result = apply(in, call, effect);
  return true;
}

Value call_unknown(Interpreter& in, const Call& call) {
  constexpr std::array kLeaving = {std::string_view{"wp_die"},
                                   std::string_view{"wp_send_json"},
                                   std::string_view{"wp_send_json_error"},
                                   std::string_view{"wp_send_json_success"},
                                   std::string_view{"abort"},
                                   std::string_view{"show_error"},
                                   std::string_view{"drupal_exit"}};
  if (std::ranges::find(kLeaving, call.name) != kLeaving.end()) in.leave();
  return by_name(in, call);
}

Value call_unknown_method(Interpreter& in, const Call& call, const Value& object) {
  const Node* receiver = call.node->kid(0);
  if (receiver != nullptr && !call.node->is(NodeKind::Call) && may_read_request(call.name)) {
    const std::string scope =
        ascii_lower(receiver->name) + (receiver->is(NodeKind::MethodCall) ? "()" : "");
    if (is_request_reader(scope, call.name)) {
      const std::string field = constant_text(call.arg(0));
      const std::string text = scope + "->" + std::string(call.name) + "('" + field + "')";
      const Span place = in.place_of(call.node);
      return in.values.hole(kRequest,
                            in.sources.intern(text, field, nullptr, place.begin, place.end));
    }
  }
  // A captcha service's answer stays one through ->isSuccess() and ->json().
  if ((object.marks() & kCaptcha) != 0) return in.values.hole(kRemote, nullptr, kCaptcha);
  const Value passed = by_name(in, call);
  const bool is_getter = call.name.starts_with("get") && passed.origins() == kUnknown;
  if (!is_getter) return passed;
  const std::string text = "->" + std::string(call.name) + "()";
  const Span place = in.place_of(call.node);
  return in.values.hole(kUnknown,
                        in.sources.intern(text, call.name, nullptr, place.begin, place.end));
}

}  // namespace backscan::php::flow
