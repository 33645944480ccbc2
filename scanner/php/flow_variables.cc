// Reading variables, elements and properties. A name the file never assigns is told apart: it comes
// from the request where extract() ran or where the file's own form has a field of that name.
#include <algorithm>
#include <string>
#include <vector>

#include "php/flow_interpreter.h"

namespace backscan::php::flow {

namespace {

constexpr std::size_t kMaxWays = 16;  // constant keys that one access may have

// The constants that a value may be, one a way; empty where a way is none.
std::vector<std::string> constant_ways(const Value& key) {
  std::vector<std::string> ways(1);
  for (const Piece& piece : key.pieces) {
    if (piece.is_alternative) {
      ways.emplace_back();
    } else if (piece.is_text()) {
      ways.back() += piece.text;
    } else {
      return {};
    }
  }
  std::erase(ways, std::string{});
  if (ways.size() > kMaxWays) ways.clear();
  return ways;
}

}  // namespace

Cell Interpreter::global_cell(std::string_view name) {
  if (const auto* it = globals_.find(name); it != globals_.end()) return it->cell;
  Scope& main = *scopes_.front();
  if (const auto* it = main.names.find(name); it != main.names.end()) return it->cell;
  const std::uint16_t origins = superglobal_origins(name);
  if (origins == 0) {
    const Cell cell = state.new_cell(undefined_variable(name, nullptr));
    main.names.emplace(name, cell);
    return cell;
  }
  const Source* source = sources.intern("$" + std::string(name), {}, nullptr, 0, 0);
  const Cell cell = state.new_cell(values.hole(origins, source));
  globals_.emplace(name, cell);
  return cell;
}

Cell Interpreter::variable_cell(std::string_view name) {
  if (superglobal_origins(name) != 0) return global_cell(name);
  Scope& inner = scope();
  if (const auto* it = inner.names.find(name); it != inner.names.end()) return it->cell;
  const Cell cell = state.new_cell({});
  inner.names.emplace(name, cell);
  return cell;
}

Value Interpreter::undefined_variable(std::string_view name, const Node* node) {
  const Offset begin = node != nullptr ? place_of(node).begin : 0;
  const Offset end = node != nullptr ? place_of(node).end : 0;
  const Scope& inner = scope();
  const std::string text = "$" + std::string(name);
  if (inner.extracted != nullptr && name != "this") {
    const std::string from = std::string(inner.extracted->text) + "['" + std::string(name) + "']";
    return values.hole(inner.extracted_origins,
                       sources.intern(from, name, inner.extracted, begin, end));
  }
  if (!inner.is_main || name == "this") {
    return values.hole(kUnknown, sources.intern(text, {}, nullptr, begin, end));
  }
  if (program.is_assigned(name)) return {};
  if (has_open_include_ || name == "argv" || name == "argc") {
    return values.hole(kUnknown, sources.intern(text, {}, nullptr, begin, end));
  }
  // register_globals, as old forms use it: the page posts to itself and reads the bare name.
  const std::uint16_t origins = program.is_form_field(name) ? kRequest : kUndefined;
  return values.hole(origins, sources.intern(text, name, nullptr, begin, end));
}

Value Interpreter::read_variable(std::string_view name, const Node* node) {
  if (superglobal_origins(name) != 0) return state.get(global_cell(name));
  if (name == "GLOBALS") return {};
  if (name == "this") {
    return scope().self != nullptr ? object_value(scope().self) : values.unknown();
  }
  const auto* it = scope().names.find(name);
  if (it == scope().names.end()) return undefined_variable(name, node);
  const Value& value = state.get(it->cell);
  return value.is_nothing() && scope().extracted != nullptr ? undefined_variable(name, node)
                                                            : value;
}

Value Interpreter::items_of(const Value& collection) {
  Value all = values.holes(Value{.pieces = collection.pieces});
  if (collection.array == nullptr) return all;
  bool is_first = all.pieces.empty();
  for (const Entry& entry : collection.array->entries) {
    all = is_first ? entry.value : values.join(all, entry.value);
    is_first = false;
  }
  const Value& rest = collection.array->rest;
  if (rest.is_nothing()) return all;
  return is_first ? rest : values.join(all, rest);
}

Value Interpreter::element_of(const Value& base, const Value& key, const Node* node) {
  const Span place = place_of(node);
  const std::vector<std::string> names = constant_ways(key);
  if (names.empty()) {
    Value item = items_of(base);
    const bool is_chosen = key.has(kRequest) && base.array != nullptr && base.pieces.empty();
    // The visitor chooses among the site's own entries.
    if (is_chosen && !item.has(kOutside)) return values.with(item, 0, 0, kSafeAllowed);
    const bool is_drawn = (key.marks() & kRandom) != 0 && item.array == nullptr;
    return is_drawn ? values.with(item, 0, kRandom) : item;
  }
  Value result;
  bool is_first = true;
  for (const std::string& name : names) {
    Value found;
    const Entry* entry = nullptr;
    if (base.array != nullptr) {
      const auto it = std::ranges::find(base.array->entries, name, &Entry::key);
      if (it != base.array->entries.end()) entry = &*it;
    }
    if (entry != nullptr) {
      found = entry->value;
    } else {
      found = field_of(values, sources, base, name, place.begin, place.end);
      if (base.array != nullptr) found = values.join(found, base.array->rest);
    }
    result = is_first ? found : values.join(result, found);
    is_first = false;
  }
  return result;
}

Value Interpreter::read_index(const Node* node) {
  const Node* base_node = node->kid(0);
  const Value key = node->kid(1) != nullptr ? eval(node->kid(1)) : Value{};
  if (base_node->is(NodeKind::Variable) && base_node->name == "GLOBALS") {
    return is_constant_text(key) ? state.get(global_cell(values.keep(constant_text(key))))
                                 : values.unknown();
  }
  const Value base = eval(base_node);
  if (is_constant_text(base)) {  // one letter of a known string
    const std::string text = constant_text(base);
    const std::string position = constant_text(key);
    const bool is_number = !position.empty() && position.size() < 8 &&
                           position.find_first_not_of("0123456789") == std::string::npos;
    if (!is_number) return values.unknown();
    const std::size_t at = std::stoul(position);
    return at < text.size() ? values.own_text(text.substr(at, 1)) : Value{};
  }
  return element_of(values.without_numbers(base), key, node);
}

Cell Interpreter::property_cell(Object& object, std::string_view name) {
  if (const auto* it = object.properties.find(name); it != object.properties.end()) {
    return it->cell;
  }
  Value value;
  const Node* declared = program.property(object.info, name);
  if (declared != nullptr && declared->kid(0) != nullptr) {
    value = eval(declared->kid(0));
  } else if (object.kind == ObjectKind::kPlain) {
    const std::string text = "$this->" + std::string(name);
    value = values.hole(kUnknown, sources.intern(text, {}, nullptr, 0, 0));
  }
  const Cell cell = state.new_cell(value);
  object.properties.emplace(name, cell);
  return cell;
}

Value Interpreter::read_property(const Node* node) {
  const Value base = eval(node->kid(0));
  Value key = node->name.empty() ? eval(node->kid(1)) : values.text(node->name);
  if (base.object == nullptr) return element_of(base, key, node);
  if (!is_constant_text(key)) return values.unknown();
  return state.get(property_cell(*base.object, values.keep(constant_text(key))));
}

const ClassInfo* Interpreter::class_of(const Node* scope_node) {
  if (scope_node == nullptr) return nullptr;
  if (!scope_node->is(NodeKind::Name) && !scope_node->is(NodeKind::Const)) {
    const Value value = eval(scope_node);
    if (value.object != nullptr) return value.object->info;
    return is_constant_text(value) ? program.find_class(constant_text(value)) : nullptr;
  }
  const std::string key = class_key(scope_node->name);
  const ClassInfo* here = scope().in_class;
  if (key == "self" || key == "static") return here;
  if (key == "parent") return here != nullptr ? program.find_class(here->parent) : nullptr;
  return program.find_class(scope_node->name);
}

Cell Interpreter::static_cell(const ClassInfo* in, std::string_view name) {
  const Node* declared = program.property(in, name);
  // Keyed by the declaration, so that a child and its parent share it.
  const void* owner = declared != nullptr ? static_cast<const void*>(declared) : in;
  const auto [it, is_new] = statics_.try_emplace({owner, name}, Cell{0});
  if (is_new) {
    const Cell cell = state.new_cell({});
    it->second = cell;
    if (declared != nullptr) state.set(cell, eval(declared->kid(0)));
  }
  return statics_.at({owner, name});
}

Value Interpreter::read_static_property(const Node* node) {
  const ClassInfo* in = class_of(node->kid(0));
  if (in == nullptr || node->name.empty()) return values.unknown();
  return state.get(static_cell(in, node->name));
}

Value Interpreter::read_class_constant(const Node* node) {
  if (node->name == "class") return values.text(node->kid(0)->name);
  const Node* declared = program.constant(class_of(node->kid(0)), node->name);
  if (declared == nullptr) return values.unknown();
  return eval(declared->kid(0));
}

}  // namespace backscan::php::flow
