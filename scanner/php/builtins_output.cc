// Built-ins that write, and those that hold back what is written.
#include "php/builtins.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {
namespace {

Value printf(Call& c) {
  const Builtin* sprintf = find_builtin("sprintf");
  const Value text = run_builtin(*sprintf, c);
  c.evaluator.echo(text);
  return text.is_unknown() ? text : Value{static_cast<std::int64_t>(text.bytes().size())};
}

Value print_r(Call& c) {
  if (c.flag(1)) return c.value(0).is_array() ? Value{Why::kUnsupported} : to_string(c.heap, c.value(0));
  c.evaluator.echo(c.value(0));
  return true;
}

Value ob_start(Call& c) {
  c.evaluator.output().start(c.value(0));
  return true;
}

Value contents(Call& c) {
  const Output::Buffer* buffer = c.evaluator.output().top();
  if (buffer == nullptr) return false;
  if (!buffer->is_known) return Unknown{Why::kUnsupported, !buffer->text.empty()};
  return c.heap.string(buffer->text, buffer->provenance);
}
Value ob_get_contents(Call& c) { return contents(c); }

Value ob_get_clean(Call& c) {
  Value text = contents(c);
  c.evaluator.output().end();
  return text;
}
Value ob_get_flush(Call& c) {
  Value text = contents(c);
  c.evaluator.end_buffer(true, c.site);
  return text;
}
Value ob_end_clean(Call& c) {
  c.evaluator.end_buffer(false, c.site);
  return true;
}
Value ob_end_flush(Call& c) {
  c.evaluator.end_buffer(true, c.site);
  return true;
}
Value ob_clean(Call& c) {
  if (Output::Buffer* buffer = c.evaluator.output().top()) {
    buffer->text.clear();
    buffer->is_known = true;
  }
  return true;
}
Value ob_get_level(Call& c) { return static_cast<std::int64_t>(c.evaluator.output().levels()); }
Value ob_get_length(Call& c) {
  const Output::Buffer* buffer = c.evaluator.output().top();
  return buffer == nullptr ? Value{false} : Value{static_cast<std::int64_t>(buffer->text.size())};
}

constexpr Builtin kOutputRows[] = {
    {"printf", printf, 1, kTakesUnknown}, {"vprintf", printf, 2, kTakesUnknown},
    {"print_r", print_r}, {"ob_start", ob_start, 0, kTakesUnknown},
    {"ob_get_contents", ob_get_contents, 0}, {"ob_get_clean", ob_get_clean, 0},
    {"ob_get_flush", ob_get_flush, 0}, {"ob_end_clean", ob_end_clean, 0},
    {"ob_end_flush", ob_end_flush, 0}, {"ob_flush", ob_clean, 0}, {"ob_clean", ob_clean, 0},
    {"ob_get_level", ob_get_level, 0}, {"ob_get_length", ob_get_length, 0},
};

}  // namespace

std::span<const Builtin> output_builtins() { return kOutputRows; }

}  // namespace backscan::php::eval
