// Built-ins that call what they are given: array_map(), call_user_func() and the rest of the ways to
// run a function without naming it.
#include "php/builtins.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {
namespace {

// A callback over elements that are not known is still called once: it may be the one that evals.
Value call_once(Call& c, const Value& callback) {
  c.evaluator.call(callback, {Value{Why::kRequest}}, c.site);
  return Why::kRequest;
}

Value array_map(Call& c) {
  const Value callback = c.value(0);
  const ArrayData* first = c.array(1);
  if (first == nullptr) return call_once(c, callback);
  ArrayRef made = c.heap.array();
  const ArrayRef held{c.array(1)};
  const ArrayRef second{c.array(2)};
  std::size_t at = 0;
  for (std::size_t slot = 0; slot < held->slots(); ++slot) {
    if (!held->is_live(slot)) continue;
    if (!c.budget.step() || c.heap.is_exhausted()) break;
    Arguments arguments{held->value_at(slot).target()};
    if (second) arguments.push_back(at < second->slots() ? second->value_at(at).target() : Value{});
    ++at;
    Value result = callback.is_null() ? arguments[0] : c.evaluator.call(callback, std::move(arguments), c.site);
    if (second) made->append(std::move(result));
    else made->set(held->key_at(slot), std::move(result));
  }
  return made;
}

Value array_filter(Call& c) {
  const ArrayRef held{c.array(0)};
  const Value callback = c.value(1);
  if (!held) return call_once(c, callback);
  const std::int64_t mode = c.integer(2);
  ArrayRef made = c.heap.array();
  for (std::size_t slot = 0; slot < held->slots(); ++slot) {
    if (!held->is_live(slot)) continue;
    if (!c.budget.step()) break;
    const Value element = held->value_at(slot).target();
    const Value name = key_value(c.heap, held->key_at(slot));
    Arguments arguments{mode == 2 ? name : element};
    if (mode == 1) arguments.push_back(name);
    const Value keep = callback.is_null() ? element : c.evaluator.call(callback, std::move(arguments), c.site);
    if (keep.is_unknown() || to_bool(keep)) made->set(held->key_at(slot), element);
  }
  return made;
}

Value array_walk(Call& c) {
  const Value callback = c.value(1);
  ArrayData* array = c.own_array(0);
  if (array == nullptr) return call_once(c, callback);
  for (std::size_t slot = 0; slot < array->slots(); ++slot) {
    if (!array->is_live(slot)) continue;
    if (!c.budget.step()) break;
    Value& element = array->value_at(slot);
    const CellRef shared = element.is_reference() ? CellRef{element.cell()} : c.heap.cell(element);
    Arguments arguments{Value{shared}, key_value(c.heap, array->key_at(slot))};
    if (c.count() > 2) arguments.push_back(c.value(2));
    c.evaluator.call(callback, std::move(arguments), c.site);
    // The callback may have changed the variable: find the array again.
    array = c.own_array(0);
    if (array == nullptr || slot >= array->slots()) break;
    if (!array->value_at(slot).is_reference()) array->value_at(slot) = shared->value;
  }
  return true;
}

Value array_reduce(Call& c) {
  const ArrayRef held{c.array(0)};
  const Value callback = c.value(1);
  if (!held) return call_once(c, callback);
  Value carried = c.value(2);
  for (std::size_t slot = 0; slot < held->slots() && c.budget.step(); ++slot)
    if (held->is_live(slot))
      carried = c.evaluator.call(callback, {carried, held->value_at(slot).target()}, c.site);
  return carried;
}

// array_udiff(a, b, callback) and its kin: the last argument is called with elements of both.
Value last_is_callback(Call& c) {
  const Value callback = c.value(c.count() - 1);
  const auto first_of = [&](std::size_t i) {
    const ArrayData* array = c.array(i);
    return array != nullptr && array->size() > 0 ? array->value_at(0).target() : Value{Why::kRequest};
  };
  c.evaluator.call(callback, {first_of(0), first_of(1)}, c.site);
  return Why::kUnsupported;
}

Value call_user_func(Call& c) {
  Arguments arguments;
  for (std::size_t i = 1; i < c.count(); ++i) arguments.push_back(c.value(i));
  return c.evaluator.call(c.value(0), std::move(arguments), c.site);
}

Value call_user_func_array(Call& c) {
  constexpr std::size_t kMost = 1000;
  Arguments arguments;
  const ArrayData* array = c.array(1);
  if (array == nullptr || array->size() > kMost) return call_once(c, c.value(0));
  for_each(*array, [&](const Key&, const Value& value) { arguments.push_back(value); });
  return c.evaluator.call(c.value(0), std::move(arguments), c.site);
}

Value register_shutdown_function(Call& c) {
  Arguments arguments;
  for (std::size_t i = 1; i < c.count(); ++i) arguments.push_back(c.value(i));
  c.evaluator.add_shutdown(c.value(0), std::move(arguments));
  return {};
}

Value set_error_handler(Call& c) {
  const Value before = c.evaluator.handler();
  c.evaluator.set_handler(c.value(0));
  return before;
}

Value trigger_error(Call& c) {
  if (!c.evaluator.handler().is_null())
    c.evaluator.call(c.evaluator.handler(), {c.integer(1, 1024), c.value(0), c.heap.string(""), std::int64_t{0}}, c.site);
  return true;
}

Value func_get_args(Call& c) {
  ArrayRef made = c.heap.array();
  for (const Value& argument : c.evaluator.frame().arguments) made->append(argument);
  return made;
}
Value func_get_arg(Call& c) {
  const auto& arguments = c.evaluator.frame().arguments;
  const std::int64_t at = c.integer(0);
  return at >= 0 && std::cmp_less(at, arguments.size()) ? arguments[static_cast<std::size_t>(at)] : Value{};
}
Value func_num_args(Call& c) { return static_cast<std::int64_t>(c.evaluator.frame().arguments.size()); }

constexpr Builtin kCallbackRows[] = {
    {"array_map", array_map, 2, kTakesUnknown},
    {"array_filter", array_filter, 1, kTakesUnknown},
    {"array_walk", array_walk, 2, kRefFirst | kTakesUnknown},
    {"array_walk_recursive", array_walk, 2, kRefFirst | kTakesUnknown},
    {"array_reduce", array_reduce, 2, kTakesUnknown},
    {"array_udiff", last_is_callback, 3, kTakesUnknown},
    {"array_uintersect", last_is_callback, 3, kTakesUnknown},
    {"array_diff_ukey", last_is_callback, 3, kTakesUnknown},
    {"array_intersect_ukey", last_is_callback, 3, kTakesUnknown},
    {"call_user_func", call_user_func, 1, kTakesUnknown},
    {"forward_static_call", call_user_func, 1, kTakesUnknown},
    {"call_user_func_array", call_user_func_array, 2, kTakesUnknown},
    {"forward_static_call_array", call_user_func_array, 2, kTakesUnknown},
    {"call_user_method", call_user_func, 1, kTakesUnknown},
    {"func_get_args", func_get_args, 0},
    {"func_get_arg", func_get_arg, 1},
    {"func_num_args", func_num_args, 0},
    {"register_shutdown_function", register_shutdown_function, 1, kTakesUnknown},
    {"header_register_callback", register_shutdown_function, 1, kTakesUnknown},
    {"register_tick_function", register_shutdown_function, 1, kTakesUnknown},
    {"set_error_handler", set_error_handler, 1, kTakesUnknown},
    {"set_exception_handler", set_error_handler, 1, kTakesUnknown},
    {"trigger_error", trigger_error, 1},
    {"user_error", trigger_error, 1},
};

}  // namespace

std::span<const Builtin> callback_builtins() { return kCallbackRows; }

}  // namespace backscan::php::eval
