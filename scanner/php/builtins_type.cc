// Built-ins that ask and change types, and what the server says about itself (Unknown, but for what
// a program may count on).
#include "base/text.h"
#include "php/builtins.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {
namespace {

Value is_string(Call& c) { return c.value(0).is_string(); }
Value is_array(Call& c) { return c.value(0).is_array(); }
Value is_object(Call& c) { return c.value(0).is_object(); }
Value is_null(Call& c) { return c.value(0).is_null(); }
Value is_bool(Call& c) { return c.value(0).boolean() != nullptr; }
Value is_int(Call& c) { return c.value(0).integer() != nullptr; }
Value is_float(Call& c) { return c.value(0).number() != nullptr; }
Value is_scalar(Call& c) {
  return !c.value(0).is_array() && !c.value(0).is_object() && !c.value(0).is_null();
}
Value is_numeric(Call& c) {
  const Value& v = c.value(0);
  if (v.is_string()) return numeric(v.bytes()).has_value();
  return v.integer() != nullptr || v.number() != nullptr;
}

Value intval(Call& c) {
  const std::int64_t base = c.integer(1, 10);
  if (base == 10 || !c.value(0).is_string()) return to_int(c.value(0));
  const std::string_view name = base == 16 ? "hexdec" : (base == 8 ? "octdec" : "bindec");
  std::string_view text = c.text(0);
  if (base == 16 && (text.starts_with("0x") || text.starts_with("0X"))) text.remove_prefix(2);
  if (base != 16 && base != 8 && base != 2) return Why::kUnsupported;
  Value digits[] = {c.heap.string(text)};
  Call inner{c.heap, c.budget, c.evaluator, digits, c.site};
  return find_builtin(name)->run(inner);
}
Value floatval(Call& c) { return to_double(c.value(0)); }
Value strval(Call& c) { return to_string(c.heap, c.value(0)); }
Value boolval(Call& c) { return to_bool(c.value(0)); }
Value gettype(Call& c) { return c.heap.string(type_name(c.value(0))); }

Value settype(Call& c) {
  const std::string type = ascii_lower(c.text(1));
  const Value& v = c.value(0);
  if (type.starts_with("int")) c.assign(0, to_int(v));
  else if (type.starts_with("str")) c.assign(0, to_string(c.heap, v));
  else if (type.starts_with("bool")) c.assign(0, to_bool(v));
  else if (type == "float" || type == "double") c.assign(0, to_double(v));
  else return Why::kUnsupported;
  return true;
}

Value all_are(Call& c, bool (*test)(char)) {
  if (!c.value(0).is_string() || c.text(0).empty()) return false;
  for (const char byte : c.text(0))
    if (!test(byte)) return false;
  return true;
}
bool is_alpha(char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }
Value ctype_digit(Call& c) { return all_are(c, is_digit); }
Value ctype_alpha(Call& c) { return all_are(c, is_alpha); }
Value ctype_alnum(Call& c) {
  return all_are(c, [](char x) { return is_digit(x) || is_alpha(x); });
}
Value ctype_xdigit(Call& c) {
  return all_are(c, [](char x) { return is_digit(x) || (ascii_lower(x) >= 'a' && ascii_lower(x) <= 'f'); });
}
Value ctype_upper(Call& c) {
  return all_are(c, [](char x) { return x >= 'A' && x <= 'Z'; });
}
Value ctype_lower(Call& c) {
  return all_are(c, [](char x) { return x >= 'a' && x <= 'z'; });
}
Value ctype_space(Call& c) {
  return all_are(c, [](char x) { return x == ' ' || (x >= '\t' && x <= '\r'); });
}

Value environment(Call&) { return Why::kEnvironment; }
Value remote(Call&) { return Why::kRemote; }
Value request(Call&) { return Why::kRequest; }

constexpr Builtin kTypeRows[] = {
    {"is_string", is_string}, {"is_array", is_array}, {"is_object", is_object}, {"is_null", is_null},
    {"is_bool", is_bool}, {"is_int", is_int}, {"is_integer", is_int}, {"is_long", is_int},
    {"is_float", is_float}, {"is_double", is_float}, {"is_scalar", is_scalar},
    {"is_numeric", is_numeric}, {"intval", intval}, {"floatval", floatval}, {"doubleval", floatval},
    {"strval", strval}, {"boolval", boolval}, {"gettype", gettype},
    {"settype", settype, 2, kRefFirst},
    {"ctype_digit", ctype_digit}, {"ctype_alpha", ctype_alpha}, {"ctype_alnum", ctype_alnum},
    {"ctype_xdigit", ctype_xdigit}, {"ctype_upper", ctype_upper}, {"ctype_lower", ctype_lower},
    {"ctype_space", ctype_space},
    {"time", environment, 0}, {"microtime", environment, 0}, {"date", environment, 0},
    {"rand", environment, 0}, {"mt_rand", environment, 0}, {"uniqid", environment, 0},
    {"getenv", request, 0}, {"filter_input", request, 0}, {"getallheaders", request, 0},
    {"apache_request_headers", request, 0}, {"php_sapi_name", environment, 0},
    {"php_uname", environment, 0}, {"ini_get", environment, 0}, {"getcwd", environment, 0},
    {"phpinfo", environment, 0}, {"get_current_user", environment, 0},
    {"curl_exec", remote, 0}, {"gethostbyname", remote, 0}, {"fsockopen", remote, 0},
};

}  // namespace

std::span<const Builtin> type_builtins() { return kTypeRows; }

}  // namespace backscan::php::eval
