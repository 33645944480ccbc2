// Arrays, lists and callbacks among PHP's functions.
#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "php/flow_functions.h"
#include "php/sinks.h"

namespace backscan::php::flow {

namespace {

// Separators that part the addresses of a list; others cut an address or a name in two.
bool parts_a_list(const Value& separator) {
  if (!is_constant_text(separator)) return true;
  const std::string text = constant_text(separator);
  return text.find_first_of("\r\n,;") != std::string::npos ||
         text.find("\\n") != std::string::npos || text.find("\\r") != std::string::npos;
}

Value call_explode(Interpreter& in, const Value& separator, const Value& text_in) {
  const Value text = in.values.flat(text_in);
  const bool is_list = parts_a_list(separator);
  const std::uint16_t origins = is_list ? kList : 0;
  std::uint16_t safety = 0;
  if (is_constant_text(separator)) {
    const std::string cut = constant_text(separator);
    if (cut.find('\n') != std::string::npos) safety |= kSafeNoBreaks;
    if (is_constant_text(text) && !cut.empty() && constant_text(text).size() < 4096) {
      std::vector<Entry> entries;  // of the site's own text: each part is known
      const std::string whole = constant_text(text);
      for (std::size_t at = 0; at <= whole.size() && entries.size() < Values::kMaxEntries;) {
        const std::size_t end = std::min(whole.find(cut, at), whole.size());
        const Value part = in.values.own_text(std::string_view(whole).substr(at, end - at));
        entries.push_back({in.values.keep(std::to_string(entries.size())),
                           is_list ? in.values.with(part, kList) : part});
        at = end + cut.size();
      }
      return in.values.array(entries, {}, true, true);
    }
  }
  Value item = in.values.with(in.values.holes(text), origins, 0, safety);
  if (!is_list) item = part_of(in.values, in.sources, item, "explode");
  if (item.pieces.empty()) item = in.values.hole(static_cast<std::uint16_t>(kUnknown | origins));
  return in.values.array({}, item, false, true);
}

// Everything that one call may be given back: data of items, once through the callback.
Value call_map(Interpreter& in, const Call& call, std::size_t callback, std::size_t list) {
  const Value items = call.arg(list);
  const Value mapped = in.call_for_each(call.arg(callback), items, call.node);
  Value result = mapped.is_nothing() ? in.items_of(items) : mapped;
  return in.values.array({}, result, false, false);
}

Value call_user_func(Interpreter& in, const Call& call) {
  if (call.args.empty()) return {};
  const auto nodes = call.arg_nodes.subspan(std::min<std::size_t>(1, call.arg_nodes.size()));
  if (call.name == "call_user_func_array" || call.name == "forward_static_call_array") {
    std::vector<Value> args;
    const Value list = call.arg(1);
    if (list.array != nullptr && list.array->is_complete) {
      for (const Entry& entry : list.array->entries) args.push_back(entry.value);
    } else {
      args.assign(2, in.items_of(list));
    }
    return in.call_value(call.args[0], call.node, {}, args);
  }
  return in.call_value(call.args[0], call.node, nodes, call.args.subspan(1));
}

Value call_compact(Interpreter& in, const Call& call) {
  std::vector<Entry> entries;
  for (const Value& arg : call.args) {
    if (!is_constant_text(arg)) continue;
    const std::string_view name = in.values.keep(constant_text(arg));
    entries.push_back({name, in.read_variable(name, call.node)});
  }
  return in.values.array(entries, {}, false, true);
}

Value call_push(Interpreter& in, const Call& call) {
  const Value before = call.arg(0);
  Value items = in.items_of(before);
  for (const Value& arg : call.args.subspan(std::min<std::size_t>(1, call.args.size()))) {
    items = in.values.join(items, in.values.flat(arg));
  }
  if (const Node* target = call.arg_node(0)) {
    in.assign(target, in.values.array({}, items, false, true));
  }
  return in.values.unknown();
}

Value call_keys(Interpreter& in, const Call& call) {
  const Value list = call.arg(0);
  Value keys = in.values.holes(Value{.pieces = list.pieces});
  if (list.array != nullptr) {
    for (const Entry& entry : list.array->entries) {
      keys = in.values.merge(keys, in.values.text(entry.key));
    }
  }
  return in.values.array({}, keys, false, false);
}

// Functions that call back with values of their own, or with nothing of interest.
bool call_callbacks(Interpreter& in, const Call& call, Value* result) {
  const std::string_view name = call.name;
  if (name == "array_map") {
    *result = call_map(in, call, 0, 1);
  } else if (is_any(name, {"array_walk", "array_walk_recursive", "array_filter", "usort", "uasort",
                           "uksort", "array_reduce", "iterator_apply", "array_diff_ukey",
                           "array_udiff", "array_uintersect", "array_udiff_assoc",
                           "array_diff_uassoc", "array_uintersect_assoc",
                           "array_intersect_uassoc", "array_intersect_ukey"})) {
    if (call.args.size() < 2) return false;
    const bool is_last = name.starts_with("array_diff") || name.starts_with("array_intersect") ||
                         name.starts_with("array_u");
    const std::size_t callback = is_last ? call.args.size() - 1 : 1;
    (void)call_map(in, call, callback, 0);
    *result = name == "array_reduce" ? in.values.unknown() : call.args[0];
  } else if (is_any(name, {"call_user_func", "call_user_func_array", "forward_static_call",
                           "forward_static_call_array"})) {
    *result = call_user_func(in, call);
  } else if (is_any(name, {"preg_replace_callback", "mb_ereg_replace_callback"})) {
    *result = in.call_for_each(call.arg(1), in.values.flat(call.arg(2)), call.node);
    *result = in.values.merge(in.values.flat(call.arg(2)), in.values.flat(*result));
  } else if (is_any(name, {"register_shutdown_function", "register_tick_function"})) {
    *result = call_user_func(in, call);
  } else if (is_any(name, {"ob_start", "set_error_handler", "set_exception_handler",
                           "spl_autoload_register"})) {
    const Value argument = in.values.unknown();
    const bool has_name = !call.args.empty() && call.args[0].has(kOutside);
    if (has_name) (void)in.call_value(call.args[0], call.node, {}, {&argument, 1});
    *result = in.values.unknown();
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool call_array_function(Interpreter& in, const Call& call, Value* result) {
  const std::string_view name = call.name;
  if (call_callbacks(in, call, result)) return true;
  if (name == "explode" || name == "split" || name == "preg_split" || name == "spliti" ||
      name == "mb_split") {
    *result = call_explode(in, call.arg(0), call.arg(1));
  } else if (name == "compact") {
    *result = call_compact(in, call);
  } else if (name == "array_push" || name == "array_unshift") {
    *result = call_push(in, call);
  } else if (name == "array_keys") {
    *result = call_keys(in, call);
  } else if (name == "array_rand") {
    *result = in.values.hole(kUnknown, nullptr, kRandom);
  } else if (name.starts_with("array_diff") || name.starts_with("array_intersect")) {
    const Value items = in.items_of(call.arg(0));
    const bool is_known = std::ranges::all_of(
        items.pieces, [](const Piece& piece) { return piece.is_text() || piece.is_alternative; });
    *result = in.values.array({}, is_known ? in.values.unknown() : items, false, false);
  } else if (name == "shuffle") {
    *result = in.values.unknown();
  } else if (name == "range") {
    *result = in.values.array({}, in.values.unknown(), false, true);
  } else if (name == "func_get_args") {
    *result = in.values.unknown();
  } else {
    return false;
  }
  return true;
}

}  // namespace backscan::php::flow
