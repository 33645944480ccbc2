// sprintf() and its kin, number_format(), var_export().
#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

#include "php/builtins.h"

namespace backscan::php::eval {
namespace {

struct Directive {
  std::size_t argument = 0;  // 1-based position, 0: the next one
  bool is_left = false;
  bool has_plus = false;
  char fill = ' ';
  std::size_t width = 0;
  std::optional<std::size_t> precision;
  char conversion = 0;
};

std::size_t read_count(std::string_view format, std::size_t& at) {
  constexpr std::size_t kMost = 100'000'000;
  std::size_t number = 0;
  for (; at < format.size() && format[at] >= '0' && format[at] <= '9'; ++at)
    number = std::min(kMost, number * 10 + static_cast<std::size_t>(format[at] - '0'));
  return number;
}

// The directive behind a '%'; conversion 0 where the format ends early.
Directive read_directive(std::string_view format, std::size_t& at) {
  Directive directive;
  std::size_t behind = at;
  const std::size_t position = read_count(format, behind);
  if (behind > at && behind < format.size() && format[behind] == '$') {
    directive.argument = position;
    at = behind + 1;
  }
  for (; at < format.size(); ++at) {
    const char c = format[at];
    if (c == '-') directive.is_left = true;
    else if (c == '+') directive.has_plus = true;
    else if (c == '0' || c == ' ') directive.fill = c;
    else if (c == '\'' && at + 1 < format.size()) directive.fill = format[++at];
    else break;
  }
  directive.width = read_count(format, at);
  if (at < format.size() && format[at] == '.') {
    ++at;
    directive.precision = read_count(format, at);
  }
  if (at < format.size() && format[at] == 'l') ++at;
  if (at < format.size()) directive.conversion = format[at++];
  return directive;
}

std::string fixed(double number, std::size_t precision) {
  if (!std::isfinite(number) || std::fabs(number) > 1e60) return double_text(number);
  return fmt::format("{:.{}f}", number, std::min<std::size_t>(precision, 50));
}

std::string convert(const Directive& directive, const Value& value) {
  const std::int64_t integer = to_int(value);
  const auto bits = static_cast<std::uint64_t>(integer);
  switch (directive.conversion) {
    case 'd': case 'i': return (directive.has_plus && integer >= 0 ? "+" : "") + std::to_string(integer);
    case 'u': return std::to_string(bits);
    case 'c': return {static_cast<char>(integer)};
    case 'x': return fmt::format("{:x}", bits);
    case 'X': return fmt::format("{:X}", bits);
    case 'o': return fmt::format("{:o}", bits);
    case 'b': return fmt::format("{:b}", bits);
    case 'f': case 'F': return fixed(to_double(value), directive.precision.value_or(6));
    case 'e': case 'E': case 'g': case 'G': return double_text(to_double(value));
    case 's': {
      std::string text = to_text(value);
      if (directive.precision) text.resize(std::min(text.size(), *directive.precision));
      return text;
    }
    default: return {};
  }
}

Value formatted(Call& c, std::string_view format, const std::vector<Value>& values) {
  BoundedText out{c.heap};
  std::size_t next = 0;
  for (std::size_t at = 0; at < format.size() && !out.is_overflown();) {
    const std::size_t percent = std::min(format.find('%', at), format.size());
    out.add(format.substr(at, percent - at));
    at = percent + 1;
    if (at >= format.size()) break;
    if (format[at] == '%') {
      out.add(format[at++]);
      continue;
    }
    const Directive directive = read_directive(format, at);
    const std::size_t index = directive.argument != 0 ? directive.argument - 1 : next++;
    if (index >= values.size() || !c.budget.step()) return false;
    if (const Unknown* unknown = values[index].unknown()) return *unknown;
    const std::string text = convert(directive, values[index]);
    if (directive.width > c.heap.max_value_bytes()) return Why::kBudget;
    const std::size_t missing = directive.width - std::min(directive.width, text.size());
    if (!directive.is_left) out.add(std::string(missing, directive.fill));
    out.add(text);
    if (directive.is_left) out.add(std::string(missing, directive.fill == '0' ? ' ' : directive.fill));
  }
  if (!out.is_overflown())
    for (const Value& value : values)
      if (const StringData* text = value.string(); text != nullptr && text->provenance.steps != nullptr)
        return c.heap.string(out.take(), text->provenance);
  return c.string(out);
}

Value sprintf(Call& c) {
  const std::string format{c.text(0)};
  std::vector<Value> values;
  for (std::size_t i = 1; i < c.count(); ++i) values.push_back(c.value(i));
  return formatted(c, format, values);
}

Value vsprintf(Call& c) {
  const std::string format{c.text(0)};
  std::vector<Value> values;
  if (const ArrayData* array = c.array(1))
    for_each(*array, [&](const Key&, const Value& element) { values.push_back(element); });
  return formatted(c, format, values);
}

Value number_format(Call& c) {
  const auto decimals = static_cast<std::size_t>(std::clamp<std::int64_t>(c.integer(1), 0, 50));
  const std::string point{c.count() > 2 ? c.text(2) : std::string_view{"."}};
  const std::string comma{c.count() > 3 ? c.text(3) : std::string_view{","}};
  std::string digits = fixed(std::fabs(to_double(c.value(0))), decimals);
  const std::size_t dot = std::min(digits.find('.'), digits.size());
  std::string out = to_double(c.value(0)) < 0 ? "-" : "";
  for (std::size_t i = 0; i < dot; ++i) {
    out.push_back(digits[i]);
    if (i + 1 < dot && (dot - i - 1) % 3 == 0) out += comma;
  }
  if (dot < digits.size()) out += point + digits.substr(dot + 1);
  return c.heap.string(std::move(out));
}

void export_value(Call& c, const Value& value, BoundedText& out, int depth) {
  constexpr int kDeepest = 20;
  const Value& v = value.target();
  if (v.is_string()) {
    out.add('\'');
    for (const char byte : v.bytes()) {
      if (byte == '\'' || byte == '\\') out.add('\\');
      out.add(byte);
    }
    out.add('\'');
  } else if (const bool* flag = v.boolean()) {
    out.add(*flag ? "true" : "false");
  } else if (const ArrayData* array = v.array()) {
    const std::string indent(static_cast<std::size_t>(depth) * 2, ' ');
    out.add("array (\n");
    for_each(*array, [&](const Key& key, const Value& element) {
      if (depth > kDeepest || out.is_overflown() || !c.budget.step()) return;
      out.add(indent + "  ");
      export_value(c, key_value(c.heap, key), out, depth + 1);
      out.add(" => ");
      export_value(c, element, out, depth + 1);
      out.add(",\n");
    });
    out.add(indent + ")");
  } else {
    out.add(v.is_null() ? "NULL" : to_text(v));
  }
}

Value var_export(Call& c) {
  if (!c.flag(1)) return {};
  BoundedText out{c.heap};
  export_value(c, c.value(0), out, 0);
  return c.string(out);
}

constexpr Builtin kFormatRows[] = {
    {"sprintf", sprintf, 1, kTakesUnknown}, {"vsprintf", vsprintf, 2},
    {"number_format", number_format},       {"var_export", var_export},
};

}  // namespace

std::span<const Builtin> format_builtins() { return kFormatRows; }

}  // namespace backscan::php::eval
