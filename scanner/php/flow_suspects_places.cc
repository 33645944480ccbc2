// The places of flow_suspects.h: variables, constants, elements and properties, read and assigned.
#include <algorithm>

#include "base/text.h"
#include "php/flow_suspects.h"
#include "php/sources.h"

namespace backscan::php::flow {

namespace {

constexpr std::size_t kFirstVariableSlots = 256;

std::uint64_t variable_hash(std::uint32_t function, std::uint32_t name) {
  return ((std::uint64_t{function} << 32U | name) * 0x9E3779B97F4A7C15U) >> 32U;
}

}  // namespace

void Suspects::grow_variables() {
  variable_slots_.assign(std::max(kFirstVariableSlots, variable_slots_.size() * 2), 0);
  const std::size_t mask = variable_slots_.size() - 1;
  for (std::uint32_t i = 1; i < variables_.size(); ++i) {
    std::size_t at = variable_hash(variables_[i].function, variables_[i].name) & mask;
    while (variable_slots_[at] != 0) at = (at + 1) & mask;
    variable_slots_[at] = i;
  }
}

Place Suspects::variable_in(std::uint32_t function, Name name) {
  NameInfo& info = names_[name];
  if (info.last_function == function) return info.last_variable;
  info.last_function = function;
  if (variables_.size() * 2 >= variable_slots_.size()) grow_variables();
  const std::size_t mask = variable_slots_.size() - 1;
  std::size_t at = variable_hash(function, name) & mask;
  for (; variable_slots_[at] != 0; at = (at + 1) & mask) {
    const VariableInfo& known = variables_[variable_slots_[at]];
    if (known.function == function && known.name == name) return info.last_variable = known.place;
  }
  // Read before it is assigned, a variable of the main program is nothing.
  info.last_variable = graph_.make(function == 1 ? std::uint32_t{kTaintEmpty} : 0);
  variable_slots_[at] = static_cast<std::uint32_t>(variables_.size());
  variables_.push_back({function, name, info.last_variable});
  return info.last_variable;
}

Place& Suspects::scope_any() {
  Place& any = functions_[scope_].any;
  if (any == kNowhere) any = graph_.make(0);
  return any;
}

Place& Suspects::scope_all() {
  Place& all = functions_[scope_].all;
  if (all == kNowhere) all = graph_.make(0);
  return all;
}

Place Suspects::superglobal(std::string_view name) {
  const Place place = variable_in(1, name_of(name));
  if ((superglobal_origins(name) & (kRequest | kUpload)) != 0) {
    graph_.mark(place, kTaintForeign | kTaintRequest);
  }
  return place;
}

Place Suspects::variable(std::string_view name) {
  if (superglobal_origins(name) != 0) return superglobal(name);
  if (name == "this") return this_;
  if (name == "GLOBALS")
    return functions_[1].all != kNowhere ? functions_[1].all : functions_[1].all = graph_.make(0);
  return variable_in(scope_, name_of(name));
}

Place Suspects::constant(const Node* node) {
  std::string_view name = node->name;
  if (name.starts_with('\\')) name.remove_prefix(1);
  const std::string lower = ascii_lower(name.substr(0, 16));
  if (lower == "true" || lower == "false" || lower == "null" || lower == "php_eol") return number_;
  if (lower.starts_with("__")) return path_;
  if (lower == "php_os" || lower == "php_version") return path_;
  const bool is_function = model_of(name_of(name)) >= Model::kReplace;
  if (is_function) return graph_.make(kTaintText | kTaintFunction);  // a bare word is a string
  NameInfo& info = names_[name_of(name)];
  if (info.constant == kNowhere) {
    info.constant = graph_.make(0);
    graph_.connect(any_constant_, info.constant);
  }
  return info.constant;
}

Place Suspects::property_named(std::string_view name) {
  NameInfo& info = names_[name_of(name)];
  if (info.property == kNowhere) {
    info.property = graph_.make(kTaintEmpty);
    graph_.connect(any_property_, info.property);
    graph_.connect(info.property, all_properties_);
  }
  return info.property;
}

Place Suspects::element_named(std::string_view name) {
  NameInfo& info = names_[name_of(name)];
  if (info.element == kNowhere) {
    info.element = graph_.make(kTaintEmpty);
    graph_.connect(any_element_, info.element);
    graph_.connect(info.element, all_properties_);
  }
  return info.element;
}

// An element or property: what was assigned to its name, or to one that nobody knows.
Place Suspects::named_element(Place base, std::string_view name) {
  const Place own = element_named(name);
  if (base == kNowhere) return own;
  const Place element = graph_.make(kTaintEmpty);
  graph_.connect(own, element);
  graph_.connect(base, element, Carries::kRest);
  return element;
}

namespace {

bool is_this(const Node* node) {
  return node != nullptr && node->is(NodeKind::Variable) && node->name == "this";
}

}  // namespace

Place Suspects::property(const Node* node) {
  const Place base = visit(node->kid(0));
  if (node->name.empty()) {
    (void)visit(node->kid(1));
    return choice(kNowhere, either(base, all_properties_));
  }
  const Place own = property_named(node->name);
  if (base == this_ || base == own_object_) return own;
  const Place element = named_element(base, node->name);
  graph_.connect_if(base, kTaintOwn, own, element, ~std::uint32_t{0});
  return element;
}

// Of $_SERVER, only what the browser says of itself comes from outside.
Place Suspects::index(const Node* node) {
  const Node* base = node->kid(0);
  const Node* key = node->kid(1);
  const bool is_named = key != nullptr && key->is(NodeKind::String);
  if (base != nullptr && base->is(NodeKind::Variable)) {
    if (base->name == "_SERVER" || base->name == "HTTP_SERVER_VARS") {
      const Place own = superglobal(base->name);
      if (!is_named) (void)visit(key);
      const bool is_any = !is_named && key != nullptr && !key->is(NodeKind::Int);
      const std::uint16_t origins = is_named ? server_origins(key->value) : 0;
      if (is_any || (origins & kRequest) != 0) return either(own, request_);
      return (origins & kHeader) != 0 ? either(own, outside_) : own;
    }
    if (base->name == "GLOBALS" && is_named) {
      return superglobal_origins(key->value) != 0 ? superglobal(key->value)
                                                  : variable_in(1, name_of(key->value));
    }
    if (base->name == "GLOBALS") {
      (void)visit(key);
      return either(variable(base->name), request_);
    }
  }
  const Place place = visit(base);
  if (is_named) return named_element(place, key->value);
  (void)visit(key);
  graph_.mark(place, kTaintEmpty);
  return passed(place, Carries::kElements);
}

Place Suspects::array(const Node* node) {
  Place all = kNowhere;
  bool is_nameless = false;
  for (const Node* item : node->kids) {
    if (item == nullptr) continue;
    if (item->is(NodeKind::ArrayItem)) {
      const Node* name = item->kid(0);
      const bool is_named = name != nullptr && name->is(NodeKind::String);
      const Place key = visit(name);
      const Place value = visit(item->kid(1));
      if (is_named) {
        graph_.connect(value, element_named(name->value));
        all = either(all, passed(either(key, value), Carries::kItem));
      } else {
        all = either(all, passed(either(key, value), Carries::kUnnamed));
      }
      is_nameless |= value == kNowhere;
    } else {
      all = either(all, visit(item));
    }
  }
  return is_nameless ? choice(kNowhere, all) : all;
}

Place Suspects::shared(const Node* node) {
  while (node != nullptr && node->is(NodeKind::Index)) node = node->kid(0);
  if (node == nullptr) return kNowhere;
  if (node->is(NodeKind::Variable)) return variable(node->name);
  const bool is_property = node->is(NodeKind::Prop) || node->is(NodeKind::StaticProp);
  if (!is_property) return kNowhere;
  if (node->name.empty()) return all_properties_;
  const bool is_own = node->is(NodeKind::StaticProp) || is_this(node->kid(0));
  return is_own ? property_named(node->name) : element_named(node->name);
}

void Suspects::assign_variable(std::string_view text, Place value) {
  const Name name = name_of(text);
  names_[name].is_assigned = true;
  if (text == "GLOBALS") return;
  const bool is_shared = superglobal_origins(text) != 0;
  graph_.connect(value, is_shared ? superglobal(text) : variable_in(scope_, name));
}

// Names that are computed count where the file spells them out, or puts them together.
void Suspects::assign_property(const Node* target, Place value) {
  const Node* base_node = target->kid(0);
  const bool is_own = is_this(base_node);
  const Place base = is_own ? own_object_ : visit(base_node);
  if (target->name.empty()) {
    const Place name = visit(target->kid(1));
    constexpr std::uint32_t kPlain = kTaintSpelled & ~kTaintComposed;
    has_chosen_properties_ = true;
    if (is_own) {
      graph_.connect_if(name, kPlain, value, any_spelled_property_);
      graph_.connect_if(name, kTaintComposed, value, any_property_);
      return;
    }
    graph_.connect_if(name, kPlain, value, any_spelled_element_);
    graph_.connect_if(name, kTaintComposed, value, any_element_);
    graph_.connect_if(base, kTaintOwn, value, any_property_);
  } else if (is_own) {
    graph_.connect(value, property_named(target->name));
    return;
  } else {
    graph_.connect(value, element_named(target->name));
    graph_.connect_if(base, kTaintOwn, value, property_named(target->name), ~std::uint32_t{0});
  }
  assign(base_node, passed(value, Carries::kItem));  // $user->email = …, where $user is a record
}

void Suspects::assign(const Node* target, Place value) {
  if (target == nullptr) return;
  switch (target->kind) {
    case NodeKind::Variable:
      if (target->name == "this") return;
      assign_variable(target->name, value);
      return;
    case NodeKind::Index: {
      const Node* base = target->kid(0);
      const Place key = visit(target->kid(1));
      // What nobody knows holds what its name is made of.
      if (base != nullptr && base->is(NodeKind::VarVar)) value = either(value, visit(base));
      if (base != nullptr && base->is(NodeKind::Variable) && base->name == "GLOBALS") {
        const Node* name = target->kid(1);
        if (name != nullptr && name->is(NodeKind::String)) {
          graph_.connect(value, variable_in(1, name_of(name->value)));
        } else {
          if (functions_[1].any == kNowhere) functions_[1].any = graph_.make(0);
          graph_.connect(value, functions_[1].any);
        }
        return;
      }
      const Node* name = target->kid(1);
      if (name == nullptr || !name->is(NodeKind::String)) {
        return assign(base, passed(either(value, key), Carries::kUnnamed));
      }
      graph_.connect(value, element_named(name->value));
      return assign(base, passed(either(value, key), Carries::kItem));
    }
    case NodeKind::Prop:
      return assign_property(target, value);
    case NodeKind::StaticProp:
      graph_.connect(value, target->name.empty() ? any_property_ : property_named(target->name));
      return;
    case NodeKind::List:
    case NodeKind::Array:
      value = passed(value, Carries::kElements);
      for (const Node* item : target->kids) assign(item, value);
      return;
    case NodeKind::ArrayItem:
      (void)visit(target->kid(0));
      return assign(target->kid(1), value);
    case NodeKind::VarVar:
      (void)visit(target->kid(0));
      graph_.connect(value, scope_any());
      return;
    default:
      (void)visit(target);
      return;
  }
}

}  // namespace backscan::php::flow
