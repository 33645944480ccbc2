// json_decode(), json_encode(), serialize-free: data tables that packers keep as text.
#include <nlohmann/json.hpp>

#include "php/builtins.h"
#include "php/decoders.h"

namespace backscan::php::eval {
namespace {

constexpr int kDeepest = 64;

// Counts the brackets before parsing: the parser's tree must not outgrow the value budget.
bool is_shallow(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > kDeepest) return false;
  }
  return true;
}

Value from_json(Call& c, const nlohmann::json& json) {
  if (!c.budget.step() || c.heap.is_exhausted()) return Why::kBudget;
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_unsigned() || json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number_float()) return json.get<double>();
  if (json.is_string()) return c.string(json.get<std::string>());
  if (!json.is_structured()) return {};
  ArrayRef made = c.heap.array();
  if (json.is_array()) {
    for (const auto& element : json) made->append(from_json(c, element));
    return made;
  }
  for (const auto& [key, element] : json.items())
    made->set(to_key(c.heap.string(key)).value_or(Key{key}), from_json(c, element));
  return made;
}

Value json_decode(Call& c) {
  constexpr std::size_t kLongest = 1u << 20;
  const std::string_view text = c.text(0);
  if (text.size() > kLongest || !is_shallow(text)) return Why::kBudget;
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return {};
  const Value made = from_json(c, json);
  if (!json.is_object() || c.flag(1)) return made;
  ObjectRef object{new ObjectData{c.heap}};
  object->class_name = "stdClass";
  object->properties = ArrayRef{made.array()};
  return object;
}

nlohmann::json to_json(Call& c, const Value& value, int depth) {
  const Value& v = value.target();
  if (!c.budget.step() || depth > kDeepest || v.is_null()) return nullptr;
  if (const bool* flag = v.boolean()) return *flag;
  if (const auto* number = v.integer()) return *number;
  if (const double* number = v.number()) return *number;
  const ArrayData* array = v.is_object() ? v.object()->properties.get() : v.array();
  if (array == nullptr) return to_text(v);
  const bool is_list = array->is_list() && !v.is_object();
  nlohmann::json made = is_list ? nlohmann::json::array() : nlohmann::json::object();
  for_each(*array, [&](const Key& key, const Value& element) {
    if (is_list) made.push_back(to_json(c, element, depth + 1));
    else made[to_text(key_value(c.heap, key))] = to_json(c, element, depth + 1);
  });
  return made;
}

Value json_encode(Call& c) {
  if (const Unknown* unknown = find_unknown(c.value(0))) return *unknown;
  return c.string(to_json(c, c.value(0), 0)
                      .dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

constexpr Builtin kJsonRows[] = {{"json_decode", json_decode}, {"json_encode", json_encode}};

}  // namespace

std::span<const Builtin> json_builtins() { return kJsonRows; }

}  // namespace backscan::php::eval
