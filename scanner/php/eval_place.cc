// Places: variables, elements and properties, read and written.
#include <array>

#include "base/text.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {

using enum NodeKind;

namespace {

constexpr std::array<std::string_view, 14> kSuperglobals = {
    "_GET", "_POST", "_REQUEST", "_COOKIE", "_FILES", "_SERVER", "_ENV", "_SESSION",
    "HTTP_GET_VARS", "HTTP_POST_VARS", "HTTP_COOKIE_VARS", "HTTP_SERVER_VARS",
    "HTTP_RAW_POST_DATA", "HTTP_POST_FILES"};

bool is_superglobal(std::string_view name) {
  if (name.empty() || (name[0] != '_' && name[0] != 'H')) return false;
  return std::ranges::find(kSuperglobals, name) != kSuperglobals.end();
}

// What the server says about the file itself is known; all else of $_SERVER is the request's.
bool names_own_file(std::string_view key) {
  return key == "SCRIPT_FILENAME" || key == "PHP_SELF" || key == "SCRIPT_NAME" ||
         key == "PATH_TRANSLATED" || key == "ORIG_PATH_TRANSLATED";
}

}  // namespace

// $GLOBALS, also as ${"GLO" . "BALS"}, and a variable it was assigned to: before PHP 8.1 such a copy
// still wrote to and read from the variables themselves, which packers build their tables on.
bool Evaluator::is_globals(const Node* node) {
  if (node == nullptr) return false;
  if (node->is(NodeKind::Variable)) return node->name == "GLOBALS" || is_globals_copy(node->name);
  bool is_known = true;
  return node->is(VarVar) && name_at(*node, 0, is_known) == "GLOBALS";
}

bool Evaluator::is_globals_copy(std::string_view name) const {
  if (globals_copies_.empty()) return false;
  const auto it = frame_->scope->variables.find(name);
  return it != frame_->scope->variables.end() &&
         std::ranges::find(globals_copies_, it->second) != globals_copies_.end();
}

void Evaluator::note_globals_copy(const CellRef& cell, bool is_copy) {
  constexpr std::size_t kMost = 16;
  if (!is_copy && globals_copies_.empty()) return;
  std::erase(globals_copies_, cell);
  if (is_copy && globals_copies_.size() < kMost) globals_copies_.push_back(cell);
}

const CellRef& Evaluator::variable(std::string_view name) {
  auto& variables = frame_->scope->variables;
  const auto it = variables.find(name);
  if (it != variables.end()) return it->second;
  const bool is_global = is_superglobal(name);
  if (is_global && frame_->scope != &globals_) {
    CellRef& cell = globals_.variables[std::string{name}];
    if (!cell) cell = heap_.cell(Value{heap_.array()});
    return cell;
  }
  Value initial;
  if (is_global)
    initial = Value{heap_.array()};
  else if (frame_->scope->is_open)
    initial = Why::kRequest;
  return variables.emplace(std::string{name}, heap_.cell(initial)).first->second;
}

Value Evaluator::read_variable(const Node& node) {
  if (node.is(VarVar)) {
    bool is_known = true;
    const std::string name = name_at(node, 0, is_known);
    if (!is_known) return Why::kRequest;
    if (name == "GLOBALS") return defined_variables();
    return is_superglobal(name) ? Value{Why::kRequest} : variable(name)->value.target();
  }
  if (node.name == "this") return frame_->self ? Value{frame_->self} : Value{};
  if (node.name == "GLOBALS") return defined_variables();
  const auto it = frame_->scope->variables.find(node.name);
  if (it == frame_->scope->variables.end()) {
    const bool is_outside = is_superglobal(node.name) || frame_->scope->is_open;
    return is_outside ? Value{Why::kRequest} : Value{};
  }
  if (is_superglobal(node.name)) return Why::kRequest;
  return it->second->value.target();
}

Value Evaluator::defined_variables() {
  ArrayRef all = heap_.array();
  budget_.step(frame_->scope->variables.size());
  for (const auto& [name, cell] : frame_->scope->variables) all->set(Key{name}, cell->value.target());
  return all;
}

// The name that a dynamic part (`${expr}`, `->{expr}`) evaluates to.
std::string Evaluator::name_at(const Node& node, std::size_t kid, bool& is_known) {
  const Value name = evaluate(node.kid(kid));
  is_known = !name.target().is_unknown() && !name.target().is_array();
  return to_text(name);
}

Place Evaluator::place_of_variable(std::string_view name) {
  Place place;
  place.cell = variable(name);
  place.is_superglobal = is_superglobal(name);
  return place;
}

Place Evaluator::place_of(const Node& node) {
  Place place;
  const Nesting nesting{*this};
  if (nesting_ > 1000 || abrupt_ != Flow::kNormal) return place;
  bool is_known = true;
  switch (node.kind) {
    case NodeKind::Variable:
      if (node.name == "this") {
        place.cell = heap_.cell(frame_->self ? Value{frame_->self} : Value{});
        return place;
      }
      return place_of_variable(node.name);
    case VarVar: {
      const std::string name = name_at(node, 0, is_known);
      return is_known ? place_of_variable(name) : place;
    }
    case Index: {
      if (node.kid(0) == nullptr) return place;
      const Value key = evaluate(node.kid(1));
      if (is_globals(node.kid(0)) && node.kid(1) != nullptr) {
        Scope* const local = std::exchange(frame_->scope, &globals_);
        if (!key.is_unknown()) place = place_of_variable(to_text(key));
        frame_->scope = local;
        return place;
      }
      place = place_of(*node.kid(0));
      place.steps.push_back({node.kid(1) == nullptr ? PlaceStep::Kind::kAppend : PlaceStep::Kind::kIndex, key});
      return place;
    }
    case Prop: {
      if (node.kid(0) == nullptr) return place;
      const std::string name = node.kid(1) == nullptr ? std::string{node.name} : name_at(node, 1, is_known);
      place = place_of(*node.kid(0));
      if (!is_known) return {};
      place.steps.push_back({PlaceStep::Kind::kProperty, heap_.string(name)});
      return place;
    }
    case StaticProp: place.cell = static_property(node); return place;
    case Unary: if (node.op_char == '@' && node.kid(0) != nullptr) return place_of(*node.kid(0)); break;
    default: break;
  }
  place.cell = heap_.cell(evaluate(&node));
  return place;
}

ArrayData* Evaluator::own_array(Value& slot) {
  ArrayData* array = slot.array();
  if (array == nullptr) return nullptr;
  if (array->references > 1) {
    budget_.step(array->slots() / 8);
    slot = array->copy();
  }
  return slot.array();
}

// The slot a place names; with `creates` missing arrays and elements come into being. Null where it
// cannot be known or is no place at all (a byte of a string).
Value* Evaluator::walk(Place& place, bool creates, std::size_t steps_left_out) {
  if (!place.cell) return nullptr;
  Value* slot = &place.cell->value;
  for (std::size_t i = 0; i + steps_left_out < place.steps.size(); ++i) {
    PlaceStep& step = place.steps[i];
    slot = &slot->target();
    if (step.kind == PlaceStep::Kind::kProperty) {
      if (slot->is_null() && creates) *slot = Value{make_object(nullptr, "stdClass")};
      ObjectData* object = slot->object();
      if (object == nullptr) return nullptr;
      const Key key{to_text(step.key)};
      slot = creates ? &object->properties->get_or_insert(key) : object->properties->find(key);
      if (slot == nullptr) return nullptr;
      continue;
    }
    if (slot->is_object()) {  // ArrayAccess is treated as if elements were properties
      const auto key = to_key(step.key);
      if (!key) return nullptr;
      slot = creates ? &slot->object()->properties->get_or_insert(*key)
                     : slot->object()->properties->find(*key);
      if (slot == nullptr) return nullptr;
      continue;
    }
    const bool is_blank = slot->is_null() || (slot->is_string() && slot->bytes().empty());
    if (is_blank && creates) *slot = Value{heap_.array()};
    ArrayData* array = creates ? own_array(*slot) : slot->array();
    if (array == nullptr) return nullptr;
    if (step.kind == PlaceStep::Kind::kAppend) {
      if (!creates) return nullptr;
      slot = &array->append(Value{});
      // Reading the place again must find the same element.
      step = {PlaceStep::Kind::kIndex, key_value(heap_, array->key_at(array->slots() - 1))};
      continue;
    }
    const auto key = to_key(step.key);
    if (!key) return nullptr;
    slot = creates ? &array->get_or_insert(*key) : array->find(*key);
    if (slot == nullptr) return nullptr;
  }
  return slot;
}

void Evaluator::assign_to(Place& place, Value value) {
  if (!place.steps.empty() && place.steps.back().kind == PlaceStep::Kind::kIndex) {
    // $text[3] = 'x' writes a byte.
    Value* slot = walk(place, false, 1);
    if (slot != nullptr && slot->target().is_string() && !slot->target().bytes().empty()) {
      const std::int64_t at = to_int(place.steps.back().key);
      std::string text{slot->target().bytes()};
      budget_.bytes(text.size());
      if (at < 0 || std::cmp_greater_equal(at, heap_.max_value_bytes()) || value.is_unknown()) return;
      if (std::cmp_greater_equal(at, text.size())) text.resize(static_cast<std::size_t>(at) + 1, ' ');
      const std::string byte = to_text(value);
      if (!byte.empty()) text[static_cast<std::size_t>(at)] = byte[0];
      slot->target() = heap_.string(std::move(text), slot->target().string()->provenance);
      return;
    }
  }
  if (Value* slot = walk(place, true)) slot->target() = std::move(value);
}

// The box of a place, so that another name can share it; elements become references.
CellRef Evaluator::cell_at(Place& place) {
  if (!place.cell) return nullptr;
  if (place.steps.empty()) return place.cell;
  Value* slot = walk(place, true);
  if (slot == nullptr) return nullptr;
  if (Cell* cell = slot->cell()) return CellRef{cell};
  CellRef made = heap_.cell(*slot);
  *slot = Value{made};
  return made;
}

void Evaluator::unset(const Node& node) {
  if (node.is(NodeKind::Variable)) {
    frame_->scope->variables.erase(std::string{node.name});
    return;
  }
  if (node.is(Index) && is_globals(node.kid(0))) {
    globals_.variables.erase(to_text(evaluate(node.kid(1))));
    return;
  }
  Place place = place_of(node);
  if (place.steps.empty()) {
    if (place.cell) place.cell->value = Value{};
    return;
  }
  const Value key = place.steps.back().key;
  place.steps.pop_back();
  Value* slot = walk(place, false);
  const auto known = to_key(key);
  if (slot == nullptr || !known) return;
  if (ArrayData* array = own_array(slot->target())) array->erase(*known);
  if (ObjectData* object = slot->target().object()) object->properties->erase(*known);
}

Value Evaluator::index_of(const Value& base, const Value& index, const Node& node) {
  const Value& b = base.target();
  const Value& i = index.target();
  if (b.is_unknown()) return b;
  if (i.is_unknown()) return Unknown{i.unknown()->why, i.unknown()->had_data};
  if (b.is_string()) {
    const std::int64_t size = static_cast<std::int64_t>(b.bytes().size());
    std::int64_t at = to_int(i);
    if (at < 0) at += size;
    if (at < 0 || at >= size) return {};
    return heap_.character(static_cast<unsigned char>(b.bytes()[static_cast<std::size_t>(at)]));
  }
  ArrayData* array = b.is_object() ? b.object()->properties.get() : b.array();
  if (array == nullptr) return {};
  const auto key = to_key(i);
  const Value* found = key ? array->find(*key) : nullptr;
  if (found == nullptr) return {};
  const Value& value = found->target();
  if (value.bytes().size() > 2) note_resolved(node, value.bytes(), false);
  return value;
}

Value Evaluator::read_index(const Node& node) {
  const Node* base = node.kid(0);
  if (node.kid(1) == nullptr) return {};
  if (is_globals(base)) {
    const Value name = evaluate(node.kid(1));
    if (name.is_unknown()) return name;
    const std::string text = to_text(name);
    const auto it = globals_.variables.find(text);
    if (it == globals_.variables.end())
      return is_superglobal(text) || globals_.is_open ? Value{Why::kRequest} : Value{};
    return is_superglobal(text) ? Value{Why::kRequest} : it->second->value.target();
  }
  if (base != nullptr && base->is(NodeKind::Variable) && is_superglobal(base->name)) {
    const Value key = evaluate(node.kid(1));
    const std::string name = to_text(key);
    const auto it = globals_.variables.find(base->name);
    ArrayData* array = it == globals_.variables.end() ? nullptr : it->second->value.target().array();
    const Value* found = array == nullptr ? nullptr : array->find(Key{name});
    if (found != nullptr) return found->target();
    if (base->name == "_SERVER" && names_own_file(name)) return heap_.string(files_.self_path);
    return Why::kRequest;
  }
  const Value holder = evaluate(base);
  return index_of(holder, evaluate(node.kid(1)), node);
}

Value Evaluator::read_property(const Node& node) {
  if (node.is(StaticProp)) {
    const CellRef cell = static_property(node);
    return cell ? cell->value.target() : Value{Why::kUnsupported};
  }
  const Value object = evaluate(node.kid(0));
  bool is_known = true;
  const std::string name =
      node.kid(1) == nullptr ? std::string{node.name} : name_at(node, 1, is_known);
  const Value& holder = object.target();
  if (holder.is_unknown()) return holder;
  if (!holder.is_object() || !is_known) return {};
  if (const Value* found = holder.object()->properties->find(Key{name})) return found->target();
  // A class that the file does not have may set anything.
  return holder.object()->type == nullptr ? Value{Why::kUnsupported} : Value{};
}

}  // namespace backscan::php::eval
