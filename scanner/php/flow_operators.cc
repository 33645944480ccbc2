// Operators of the flow interpreter: string building, logic as control flow, choices.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "php/flow_interpreter.h"
#include "php/guards.h"

namespace backscan::php::flow {

using enum TokenKind;

Value Interpreter::eval_binary(const Node* node) {
  switch (node->op) {
    case BooleanAnd: case LogicalAnd: return eval_logic(node, true);
    case BooleanOr: case LogicalOr: return eval_logic(node, false);
    case IsEqual: case IsNotEqual: case IsIdentical: case IsNotIdentical: case IsSmallerOrEqual:
    case IsGreaterOrEqual: case Spaceship:
      return eval_comparison(node);
    case Coalesce: return eval_coalesce(node);
    case Char:
      if (node->op_char == '.') return eval_interpolated(node);
      if (node->op_char == '<' || node->op_char == '>') return eval_comparison(node);
      return eval_arithmetic(node);
    case Instanceof: (void)eval(node->kid(0)); return values.unknown();
    default: return eval_arithmetic(node);
  }
}

// Each operand runs only under what the ones before it let through, so `valid($a) && mail($a)` and
// `valid($a) or die` are branches like any other.
Value Interpreter::eval_logic(const Node* node, bool is_and) {
  const std::size_t before = state.guards().size();
  std::vector<Guard> when_all;  // operands true (and) or false (or)
  std::uint16_t origins = kUnknown;
  const Implied* first = nullptr;
  bool is_left = false;  // an operand that leaves: going on means that it did not run
  for (std::size_t i = 0; i < node->kids.size() && !is_left; ++i) {
    const Value value = condition(node->kids[i]);
    if (exits_ && i > 0) {
      exits_ = false;
      is_left = true;
      break;
    }
    if (i == 0) first = value.implied;
    origins |= static_cast<std::uint16_t>(value.origins() & kList);
    if (value.implied == nullptr) continue;
    const auto guards = is_and ? value.implied->when_true : value.implied->when_false;
    when_all.insert(when_all.end(), guards.begin(), guards.end());
    state.pass(guards);
  }
  state.truncate_guards(before);
  Value result = values.hole(origins);
  if (is_left) {
    // `a or die`: a held; `a and die`: it did not.
    if (first != nullptr && node->kids.size() == 2) {
      state.pass(is_and ? first->when_false : first->when_true);
    }
    return result;
  }
  result.implied = is_and ? state.imply(when_all, {}) : state.imply({}, when_all);
  return result;
}

Value Interpreter::eval_comparison(const Node* node) {
  const Value left = condition(node->kid(0));
  const Value right = condition(node->kid(1));
  const auto is_list = static_cast<std::uint16_t>((left.origins() | right.origins()) & kList);
  Value result = values.hole(static_cast<std::uint16_t>(kUnknown | is_list));
  result.implied = implied_by_comparison(*this, *node, left, right);
  return result;
}

// A number: harmless in any role, but it remembers whose it is (loops ask, and rate checks).
Value Interpreter::number_from(const Value& value) {
  if (value.has(kRequest | kList | kSession) || value.marks() != 0) {
    Value number = values.with(values.holes(value), 0, 0, kSafeNumber | kSafeNoBreaks);
    number.implied = value.implied;
    if (!number.pieces.empty()) return number;
  }
  Value number = values.number();
  number.implied = value.implied;
  return number;
}

namespace {

// The text of what is written as constants, bare words among them: packers spell with both.
std::optional<std::string> spelled(const Interpreter& in, const Node* node, int depth = 0) {
  constexpr int kMaxDepth = 8;
  if (node == nullptr || depth > kMaxDepth) return std::nullopt;
  if (node->is(NodeKind::Const) && in.find_constant(node->name) == nullptr) {
    return std::string(node->name);
  }
  if (!node->is(NodeKind::Binary) || node->op != Char || node->op_char != '.') return std::nullopt;
  std::string all;
  for (const Node* kid : node->kids) {
    if (kid != nullptr && kid->is(NodeKind::String)) {
      all += kid->value;
      continue;
    }
    const auto part = spelled(in, kid, depth + 1);
    if (!part) return std::nullopt;
    all += *part;
  }
  return all;
}

bool is_constant_number(const Value& value) {
  return is_constant_text(value) &&
         constant_text(value).find_first_not_of("0123456789.-") == std::string::npos;
}

std::string bits_of(char op, std::string_view a, std::string_view b) {
  const std::size_t shorter = std::min(a.size(), b.size());
  std::string out(op == '|' ? std::max(a.size(), b.size()) : shorter, '\0');
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int left = i < a.size() ? a[i] : 0;
    const int right = i < b.size() ? b[i] : 0;
    out[i] = static_cast<char>(op == '^' ? left ^ right : op == '&' ? left & right : left | right);
  }
  return out;
}

// $_GET + $_POST: two arrays of the request put together.
bool is_whole_request(const Value& value) {
  return !value.pieces.empty() && std::ranges::all_of(value.pieces, [](const Piece& piece) {
    if (piece.is_alternative) return true;
    return piece.source != nullptr && piece.source->whole == nullptr && piece.source->text.size() > 1 &&
           superglobal_origins(piece.source->text.substr(1)) != 0;
  });
}

}  // namespace

// 'a' ^ 'b' and the like on two known texts: names and code are hidden so.
std::optional<Value> Interpreter::text_bits(char op, const Value& a, const Value& b) {
  if (op != '^' && op != '|' && op != '&') return std::nullopt;
  if (!is_constant_text(a) || !is_constant_text(b)) return std::nullopt;
  const std::array texts = {constant_text(a), constant_text(b)};
  for (const std::string& text : texts) {
    if (text.find_first_not_of("0123456789") == std::string::npos) return std::nullopt;
  }
  return values.with(values.own_text(bits_of(op, texts[0], texts[1])), kDecoded);
}

Value Interpreter::eval_arithmetic(const Node* node) {
  std::vector<Value> operands;
  for (const Node* kid : node->kids) {
    const auto written = node->op == Char ? spelled(*this, kid) : std::nullopt;
    operands.push_back(written ? values.own_text(*written) : eval(kid));
  }
  if (node->op == Char && operands.size() == 2) {
    if (const auto bits = text_bits(node->op_char, operands[0], operands[1])) return *bits;
  }
  Value all;
  bool has_array = false;
  for (const Value& value : operands) {
    has_array |= value.array != nullptr;
    all = has_array ? values.join(all, value) : values.merge(all, values.flat(value));
  }
  if (node->op_char == '+' && (has_array || is_whole_request(all))) return all;
  if (node->op != Char || node->op_char != '^') return number_from(all);
  const Value decoded = values.with(values.holes(all), kDecoded);  // xor is how packers hide text
  return decoded.pieces.empty() ? values.hole(kDecoded) : decoded;
}

Value Interpreter::eval_coalesce(const Node* node) {
  const Value left = eval(node->kid(0));
  const State::Mark mark = state.begin_way({});
  const Value right = eval(node->kid(1));
  std::vector<Way> ways;
  ways.push_back(state.end_way(mark, exits_ ? Ends::kExit : Ends::kNo));
  ways.push_back(Way{});
  exits_ = false;
  (void)finish_ways(ways);
  return values.join(left, right);
}

Value Interpreter::eval_unary(const Node* node) {
  Value value = node->op_char == '!' ? condition(node->kid(0)) : eval(node->kid(0));
  if (node->op_char == '@' || node->op_char == '&') return value;
  if (node->op_char == '!') {
    const auto is_list = static_cast<std::uint16_t>(value.origins() & kList);
    Value negated = values.hole(static_cast<std::uint16_t>(kUnknown | is_list));
    negated.implied = state.negate(value.implied);
    return negated;
  }
  if (node->op_char == '~' && is_constant_text(value) && node->kid(0)->is(NodeKind::String)) {
    std::string text = constant_text(value);  // ~'\x92\x9e…' spells a name
    for (char& c : text) c = static_cast<char>(~c);
    return values.own_text(text);
  }
  if (node->op_char == '-' && is_constant_number(value)) {
    return values.own_text("-" + constant_text(value));
  }
  const Value number = number_from(value);
  const bool is_text = node->op_char == '~' && !is_constant_number(value);  // a bare word is one
  return is_text && number.origins() == kUnknown ? values.unknown() : number;
}

Value Interpreter::eval_cast(const Node* node) {
  const Value value = eval(node->kid(0));
  switch (node->op) {
    case IntCast: case DoubleCast: case BoolCast:
      return is_constant_number(value) ? value : number_from(values.flat(value));
    default: return value;
  }
}

Value Interpreter::eval_ternary(const Node* node) {
  const Value decided = condition(node->kid(0));
  std::vector<Way> ways;
  std::vector<Value> results;
  for (int i = 1; i <= 2; ++i) {
    const bool is_then = i == 1;
    std::span<const Guard> conditions;
    if (decided.implied != nullptr) {
      conditions = is_then ? decided.implied->when_true : decided.implied->when_false;
    }
    const State::Mark mark = state.begin_way(conditions);
    const Node* chosen = node->kid(is_then ? 1 : 2);
    const Value value = chosen == nullptr ? decided : condition(chosen);
    ways.push_back(state.end_way(mark, exits_ ? Ends::kExit : Ends::kNo));
    if (!exits_) results.push_back(value);
    exits_ = false;
  }
  exits_ = finish_ways(ways) == Ends::kExit;
  if (results.empty()) return {};
  if (results.size() == 1) return results.front();
  Value joined = values.join(results[0], results[1]);
  joined.implied = state.choose(ways[0], results[0], ways[1], results[1]);
  return joined;
}

Value Interpreter::eval_match(const Node* node) {
  (void)condition(node->kid(0));
  Value joined;
  std::vector<Way> ways;
  for (const Node* arm : node->kids.subspan(std::min<std::size_t>(1, node->kids.size()))) {
    if (arm == nullptr) continue;
    for (const Node* kid : arm->kids.subspan(std::min<std::size_t>(1, arm->kids.size()))) {
      (void)eval(kid);
    }
    const State::Mark mark = state.begin_way({});
    const Value value = eval(arm->kid(0));
    ways.push_back(state.end_way(mark, exits_ ? Ends::kExit : Ends::kNo));
    if (!exits_) joined = values.join(joined, value);
    exits_ = false;
  }
  if (ways.empty()) return values.unknown();
  exits_ = finish_ways(ways) == Ends::kExit;
  return joined;
}

Value Interpreter::eval_isset(const Node* node) {
  const bool is_empty = node->is(NodeKind::Empty);
  std::vector<Guard> when_set;
  Value result = values.unknown();
  for (const Node* kid : node->kids) {
    const Value value = condition(kid);
    const Implied* implied = value.implied;
    if (!is_empty) implied = implied_by_isset(*this, kid, value);
    if (implied == nullptr) continue;
    when_set.insert(when_set.end(), implied->when_true.begin(), implied->when_true.end());
    if (node->kids.size() == 1) {
      result.implied = is_empty ? state.negate(implied) : implied;
    }
  }
  if (node->kids.size() > 1) result.implied = state.imply(when_set, {});
  return result;
}

}  // namespace backscan::php::flow
