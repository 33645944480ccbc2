// Built-ins that take text as code, and those that say what code there is.
#include <algorithm>

#include "base/text.h"
#include "php/builtins.h"
#include "php/decoders.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {
namespace {

Value assert_text(Call& c) {
  if (!c.value(0).is_string()) {
    return c.value(0).is_unknown() ? c.evaluator.run_code("assert", c.value(0), c.site) : Value{true};
  }
  // The text is an expression; as a statement it needs its end, unless it brings one along.
  const std::string_view text = trim(c.text(0));
  const bool is_whole = text.ends_with(';') || text.ends_with('}') || text.ends_with("?>");
  const Value code = is_whole ? c.value(0) : c.heap.string(std::string{text} + ";", c.provenance(0));
  c.evaluator.run_code("assert", code, c.site);
  return true;
}

Value create_function(Call& c) {
  if (c.value(1).is_unknown()) return c.evaluator.run_code("create_function", c.value(1), c.site);
  if (c.value(0).is_unknown()) return *c.value(0).unknown();
  // PHP builds this very text, so a body that closes its brace early runs here as it does there.
  const std::string name = c.evaluator.name_anonymous_function();
  std::string code = "function " + name + "(" + std::string{c.text(0)} + "){" + std::string{c.text(1)} + "}";
  c.evaluator.run_code("create_function", c.heap.string(std::move(code), c.provenance(1)), c.site);
  return c.heap.string(name);
}

Value mb_ereg_replace(Call& c) {
  if (c.has(3) && c.text(3).find('e') != std::string_view::npos)
    c.evaluator.run_code("mb_ereg_replace", c.value(1), c.site);
  return Why::kUnsupported;
}

Value define(Call& c) {
  if (c.value(0).is_string()) c.evaluator.define(c.text(0), c.value(1));
  return true;
}
Value defined(Call& c) {
  // Another file may have defined it; whoever asks wants to be included or wants not to be.
  if (c.evaluator.has_constant(c.text(0)) || !c.evaluator.constant(c.text(0)).is_unknown()) return true;
  return Why::kEnvironment;
}
Value constant(Call& c) {
  const std::string_view name = c.text(0);
  const std::size_t colons = name.find("::");
  if (colons == name.npos) return c.evaluator.constant(name);
  const ClassData* type = c.evaluator.find_class(name.substr(0, colons));
  if (type == nullptr) return Why::kUnsupported;
  const auto it = type->constants.find(name.substr(colons + 2));
  return it == type->constants.end() ? Value{Why::kUnsupported} : it->second;
}

// A name that neither the program nor the evaluator knows may still be a function of PHP's.
Value function_exists(Call& c) {
  return c.evaluator.has_function(ascii_lower(c.text(0))) ? Value{true} : Value{Why::kEnvironment};
}
Value is_callable(Call& c) {
  if (c.value(0).is_object()) return c.value(0).object()->function != nullptr;
  return c.value(0).is_string() ? function_exists(c) : Value{Why::kEnvironment};
}
Value class_exists(Call& c) {
  return c.evaluator.find_class(c.text(0)) != nullptr ? Value{true} : Value{Why::kEnvironment};
}
Value method_exists(Call& c) {
  const ClassData* type = c.value(0).is_object() ? c.value(0).object()->type : c.evaluator.find_class(c.text(0));
  if (type == nullptr) return Why::kEnvironment;
  return type->methods.contains(ascii_lower(c.text(1)));
}
Value get_class(Call& c) {
  if (!c.value(0).is_object()) return false;
  return c.heap.string(c.value(0).object()->class_name);
}
Value get_object_vars(Call& c) {
  if (!c.value(0).is_object()) return Why::kUnsupported;
  return c.value(0).object()->properties->copy();
}
Value get_defined_vars(Call& c) { return c.evaluator.defined_variables(); }

/// The element that a field's name means: `a[b][]` is an array in an array; null where it cannot be.
Value* place_of_field(Call& c, ArrayRef& made, std::string_view name) {
  const std::size_t bracket = std::min(name.find('['), name.size());
  std::string first{name.substr(0, bracket)};
  std::ranges::replace_if(first, [](char x) { return x == '.' || x == ' '; }, '_');
  Value* place = &made->get_or_insert(*to_key(c.heap.string(std::move(first))));
  for (name.remove_prefix(bracket); name.starts_with('[') && c.budget.step();) {
    const std::size_t end = name.find(']');
    if (end == name.npos) break;
    if (place->array() == nullptr) *place = c.heap.array();
    const std::string_view key = name.substr(1, end - 1);
    place = key.empty() ? &place->array()->append({})
                        : &place->array()->get_or_insert(*to_key(c.heap.string(std::string{key})));
    name.remove_prefix(end + 1);
  }
  return place;
}

Value parse_str(Call& c) {
  const bool sets_variables = c.count() < 2;  // as PHP before 8 does
  if (c.value(0).is_unknown()) {
    if (sets_variables)
      c.evaluator.frame().scope->is_open = true;
    else
      c.assign(1, *c.value(0).unknown());
    return {};
  }
  ArrayRef made = c.heap.array();
  std::string_view rest = c.text(0);
  while (!rest.empty() && c.budget.step() && !c.heap.is_exhausted()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (equals == 0) continue;
    *place_of_field(c, made, decode_url(pair.substr(0, equals), true)) =
        c.string(decode_url(pair.substr(std::min(pair.size(), equals + 1)), true));
  }
  if (!sets_variables) {
    c.assign(1, made);
    return {};
  }
  for_each(*made, [&](const Key& key, const Value& value) {
    if (const auto* name = std::get_if<std::string>(&key)) c.evaluator.variable(*name)->value = value;
  });
  return {};
}

// Waiting costs the program nothing and the scan much, if it does so in a loop for ever.
Value sleep(Call& c) {
  constexpr std::uint64_t kPrice = 5000;
  c.budget.step(kPrice);
  return std::int64_t{0};
}

Value nothing(Call&) { return false; }
Value yes(Call&) { return true; }
Value php_version(Call& c) { return c.heap.string("7.1.33"); }

Value version_compare(Call& c) {
  const auto parts = [](std::string_view text) {
    std::vector<std::int64_t> numbers;
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t dot = std::min(text.find_first_of(".-+_", at), text.size());
      const Number number = leading_number(text.substr(at, dot - at));
      numbers.push_back(static_cast<std::int64_t>(as_double(number)));
      at = dot + 1;
    }
    return numbers;
  };
  const auto a = parts(c.text(0).substr(0, 64));
  const auto b = parts(c.text(1).substr(0, 64));
  const int order = a < b ? -1 : (b < a ? 1 : 0);
  if (!c.has(2)) return std::int64_t{order};
  const std::string op = ascii_lower(c.text(2));
  if (op == "<" || op == "lt") return order < 0;
  if (op == "<=" || op == "le") return order <= 0;
  if (op == ">" || op == "gt") return order > 0;
  if (op == ">=" || op == "ge") return order >= 0;
  if (op == "==" || op == "eq") return order == 0;
  return order != 0;
}

constexpr Builtin kCodeRows[] = {
    {"assert", assert_text, 1, kTakesUnknown},
    {"create_function", create_function, 2, kTakesUnknown},
    {"mb_ereg_replace", mb_ereg_replace, 3, kTakesUnknown},
    {"mb_eregi_replace", mb_ereg_replace, 3, kTakesUnknown},
    {"define", define, 2, kTakesUnknown}, {"defined", defined}, {"constant", constant},
    {"function_exists", function_exists}, {"is_callable", is_callable},
    {"class_exists", class_exists}, {"method_exists", method_exists, 2},
    {"get_class", get_class}, {"get_object_vars", get_object_vars},
    {"get_defined_vars", get_defined_vars, 0}, {"parse_str", parse_str, 1, kTakesUnknown | kRefSecond},
    {"mb_parse_str", parse_str, 1, kTakesUnknown | kRefSecond},
    {"sleep", sleep}, {"usleep", sleep}, {"set_time_limit", yes}, {"ignore_user_abort", yes, 0},
    {"error_reporting", nothing, 0, kTakesUnknown}, {"ini_set", nothing, 0, kTakesUnknown},
    {"ini_restore", nothing, 0}, {"set_magic_quotes_runtime", nothing, 0},
    {"get_magic_quotes_gpc", nothing, 0}, {"get_magic_quotes_runtime", nothing, 0},
    {"header", nothing, 0, kTakesUnknown}, {"session_start", yes, 0}, {"error_log", yes, 0, kTakesUnknown},
    {"phpversion", php_version, 0}, {"version_compare", version_compare, 2},
    {"extension_loaded", yes}, {"gc_collect_cycles", nothing, 0},
};

}  // namespace

std::span<const Builtin> code_builtins() { return kCodeRows; }

}  // namespace backscan::php::eval
