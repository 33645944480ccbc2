// Writing variables, elements and properties, and what extract() does to a whole scope.
#include <algorithm>
#include <string>
#include <vector>

#include "php/flow_interpreter.h"
#include "php/sinks.h"

namespace backscan::php::flow {

void Interpreter::assign_variable(std::string_view name, const Value& value) {
  if (name == "this") return;
  state.set(variable_cell(name), value);
}

void Interpreter::assign(const Node* target, const Value& value) {
  if (target == nullptr || !step()) return;
  switch (target->kind) {
    case NodeKind::Variable: assign_variable(target->name, value); return;
    case NodeKind::Index: assign_index(target, value); return;
    case NodeKind::Prop: assign_property(target, value); return;
    case NodeKind::StaticProp:
      if (const ClassInfo* in = class_of(target->kid(0)); in != nullptr && !target->name.empty()) {
        state.set(static_cell(in, target->name), value);
      }
      return;
    case NodeKind::List: case NodeKind::Array: assign_list(target, value); return;
    case NodeKind::VarVar: {
      const Value name = eval(target->kid(0));
      if (is_constant_text(name)) {
        assign_variable(values.keep(constant_text(name)), value);
      } else if (value.has(kRequest)) {
        extract(value, target);  // foreach ($_POST as $k => $v) $$k = $v
      }
      return;
    }
    default: return;
  }
}

// The array `base` after base[name] = value. An unknown name (null) may be any: then nothing that
// was there is forgotten.
Value Interpreter::with_entry(const Value& base, const std::string* name, const Value& value) {
  std::vector<Entry> entries;
  Value rest;
  bool is_complete = base.array == nullptr ? base.pieces.empty() : base.array->is_complete;
  if (base.array != nullptr) {
    entries.assign(base.array->entries.begin(), base.array->entries.end());
    rest = base.array->rest;
  }
  const auto it = name == nullptr
                      ? entries.end()
                      : std::ranges::find(entries, std::string_view(*name), &Entry::key);
  if (it != entries.end()) {
    it->value = value;
  } else if (name != nullptr && entries.size() < Values::kMaxEntries) {
    entries.push_back({values.keep(*name), value});
  } else {
    rest = rest.is_nothing() ? value : values.join(rest, value);
    is_complete = false;
  }
  Value after = values.array(entries, rest, is_complete, true);
  const bool was_text = base.array == nullptr && is_constant_text(base);
  if (!was_text) after.pieces = base.pieces;
  return after;
}

Value Interpreter::with_element(const Value& base, const Node* key_node, const Value& value) {
  if (key_node == nullptr) {  // $a[] = …
    const bool is_counted = base.array != nullptr ? base.array->is_complete : base.pieces.empty();
    const std::size_t next = base.array != nullptr ? base.array->entries.size() : 0;
    const std::string name = std::to_string(next);
    return with_entry(base, is_counted ? &name : nullptr, value);
  }
  const Value key = eval(key_node);
  const std::string name = constant_text(key);
  return with_entry(base, is_constant_text(key) ? &name : nullptr, value);
}

void Interpreter::assign_index(const Node* target, const Value& value) {
  const Node* base_node = target->kid(0);
  if (base_node->is(NodeKind::Variable) && base_node->name == "GLOBALS") {
    const Value key = eval(target->kid(1));
    if (is_constant_text(key)) {
      state.set(global_cell(values.keep(constant_text(key))), value);
    }
    return;
  }
  const Value base = base_node->is(NodeKind::Variable)
                         ? state.get(variable_cell(base_node->name))
                         : eval(base_node);
  if (base.object != nullptr) return;  // ArrayAccess
  const Value after = with_element(base, target->kid(1), value);
  assign(base_node, after);
}

void Interpreter::assign_list(const Node* target, const Value& value) {
  std::size_t next = 0;
  for (const Node* item : target->kids) {
    const std::size_t position = next++;
    if (item == nullptr || !item->is(NodeKind::ArrayItem)) continue;
    const Value key = item->kid(0) != nullptr ? eval(item->kid(0))
                                              : values.own_text(std::to_string(position));
    assign(item->kid(1), element_of(value, key, item));
  }
}

void Interpreter::assign_property(const Node* target, const Value& value) {
  const Value base = eval(target->kid(0));
  const Value key = target->name.empty() ? eval(target->kid(1)) : values.text(target->name);
  if (!is_constant_text(key)) return;
  const std::string text = constant_text(key);
  if (base.object == nullptr) {  // a plain record: $user->email = …
    assign(target->kid(0), with_entry(base, &text, value));
    return;
  }
  const std::string_view name = values.keep(text);
  if (sink_property(*this, *base.object, name, value)) return;
  state.set(property_cell(*base.object, name), value);
}

void Interpreter::extract(const Value& from, const Node* node) {
  const Piece* origin = nullptr;
  for (const Piece& piece : from.pieces) {
    if (piece.source != nullptr && piece.has(kOutside | kUpload)) origin = &piece;
  }
  if (origin == nullptr) return;
  Scope& inner = scope();
  const Source* whole = origin->source;
  while (whole->whole != nullptr) whole = whole->whole;
  inner.extracted = whole;
  inner.extracted_origins = static_cast<std::uint16_t>(origin->origins & ~kUnknown);
  const Span place = place_of(node);
  for (const auto& [name, cell] : inner.names) {  // they may be overwritten
    if (state.get(cell).object != nullptr) continue;
    const std::string text = std::string(whole->text) + "['" + std::string(name) + "']";
    const Source* field = sources.intern(text, name, whole, place.begin, place.end);
    state.set(cell, values.join(state.get(cell), values.hole(inner.extracted_origins, field)));
  }
}

}  // namespace backscan::php::flow
