// What a value names when it is called: a name, "Class::method", [object, method], a closure.
#include "base/text.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {

std::string_view without_namespace(std::string_view name) {
  const std::size_t slash = name.rfind('\\');
  return slash == name.npos ? name : name.substr(slash + 1);
}

FunctionData* Evaluator::find_function(std::string_view lower_name) {
  const auto it = functions_.find(without_namespace(lower_name));
  return it == functions_.end() ? nullptr : it->second.get();
}

FunctionData* Evaluator::find_method(const ClassData* type, std::string_view lower_name) {
  // Bounded: a hostile class may be its own ancestor.
  for (int generation = 0; type != nullptr && generation < 32; ++generation) {
    auto& methods = const_cast<ClassData*>(type)->methods;
    if (const auto it = methods.find(lower_name); it != methods.end()) return &it->second;
    type = type->parent.empty() ? nullptr : find_class(type->parent);
  }
  return nullptr;
}

bool Evaluator::has_function(std::string_view lower_name) const {
  const std::string_view name = without_namespace(lower_name);
  return functions_.contains(name) || find_builtin(name) != nullptr;
}

std::optional<Callee> Evaluator::callee_of_name(std::string_view name) {
  const std::size_t colons = name.find("::");
  if (colons != name.npos) {
    const ClassData* type = find_class(name.substr(0, colons));
    Callee callee{.name = ascii_lower(name), .type = type};
    callee.function = find_method(type, ascii_lower(name.substr(colons + 2)));
    return callee;
  }
  std::string lower = ascii_lower(without_namespace(name));
  FunctionData* function = find_function(lower);
  return Callee{.function = function, .name = std::move(lower)};
}

std::optional<Callee> Evaluator::callee_of(const Value& value) {
  const Value& v = value.target();
  if (v.is_string()) return callee_of_name(v.bytes());
  if (ObjectData* object = v.object()) {
    if (object->function != nullptr)
      return Callee{.function = const_cast<FunctionData*>(object->function),
                    .self = object->bound,
                    .type = object->function->owner,
                    .closure = v};
    FunctionData* invoke_method = find_method(object->type, "__invoke");
    if (invoke_method == nullptr) return std::nullopt;
    return Callee{.function = invoke_method, .self = ObjectRef{object}, .type = object->type};
  }
  ArrayData* pair = v.array();
  if (pair == nullptr || pair->size() != 2) return std::nullopt;
  const Value* holder = pair->find(Key{std::int64_t{0}});
  const Value* method = pair->find(Key{std::int64_t{1}});
  if (holder == nullptr || method == nullptr || !method->target().is_string()) return std::nullopt;
  const std::string name = ascii_lower(method->target().bytes());
  if (ObjectData* object = holder->target().object()) {
    FunctionData* function = find_method(object->type, name);
    if (function == nullptr) return std::nullopt;
    return Callee{.function = function, .name = name, .self = ObjectRef{object}, .type = object->type};
  }
  if (!holder->target().is_string()) return std::nullopt;
  const ClassData* type = find_class(holder->target().bytes());
  FunctionData* function = find_method(type, name);
  if (function == nullptr) return std::nullopt;
  return Callee{.function = function, .name = name, .type = type};
}

Value Evaluator::call(const Value& callable, Arguments arguments, const Node* site) {
  if (callable.target().is_unknown()) return callable.target();
  const auto callee = callee_of(callable);
  if (!callee) return Why::kUnsupported;
  if (site != nullptr && callable.target().is_string())
    note_hidden_name(callee->name, *site, *site);
  return invoke(*callee, arguments, site);
}

}  // namespace backscan::php::eval
