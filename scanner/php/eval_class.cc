// Declarations and objects: functions and classes of the file, `new`, statics, class constants,
// destructors at the end of the program.
#include "base/text.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {

using enum NodeKind;

namespace {

constexpr std::size_t kMaxObjects = 2000;
constexpr std::size_t kMaxClasses = 2000;

}  // namespace

void Evaluator::declare_function(const Node& node) {
  auto& slot = functions_[std::string{node.name}];
  if (!slot)
    slot = std::make_unique<FunctionData>(FunctionData{.node = &node, .unit = frame_->unit});
}

void Evaluator::declare_class(const Node& node) {
  if (classes_.size() > kMaxClasses || classes_.contains(node.name)) return;
  auto made = std::make_unique<ClassData>();
  ClassData& type = *made;
  type.name = node.name;
  type.node = &node;
  type.unit = frame_->unit;
  if (node.kid(0) != nullptr) type.parent = ascii_lower(without_namespace(node.kid(0)->name));
  classes_.emplace(type.name, std::move(made));
  for (std::size_t i = 1; i < node.kids.size(); ++i) {
    const Node* member = node.kid(i);
    if (member == nullptr) continue;
    if (member->is(Method))
      type.methods.emplace(std::string{member->name}, FunctionData{member, frame_->unit, &type});
    else if (member->is(Property) && !member->has(kStatic))
      type.defaults.emplace_back(member->name, member->kid(0));
  }
  // Constants and statics may speak of each other: after the class is known.
  for (std::size_t i = 1; i < node.kids.size(); ++i) {
    const Node* member = node.kid(i);
    if (member == nullptr) continue;
    const ClassData* const outer = std::exchange(frame_->type, &type);
    if (member->is(ConstDecl))
      type.constants.emplace(std::string{member->name}, evaluate(member->kid(0)));
    else if (member->is(Property) && member->has(kStatic))
      type.statics.emplace(std::string{member->name}, heap_.cell(evaluate(member->kid(0))));
    frame_->type = outer;
  }
}

// Functions and classes at the outer level exist before the first statement runs.
void Evaluator::hoist(const Node& block) {
  for (const Node* statement : block.kids) {
    if (statement == nullptr) continue;
    if (statement->is(Function)) declare_function(*statement);
    if (statement->is(Class)) declare_class(*statement);
    if (statement->is(Namespace) && statement->kid(0) != nullptr)
      for (const Node* inner : statement->kid(0)->kids) {
        if (inner != nullptr && inner->is(Function)) declare_function(*inner);
        if (inner != nullptr && inner->is(Class)) declare_class(*inner);
      }
  }
}

const ClassData* Evaluator::find_class(std::string_view name) const {
  const auto it = classes_.find(ascii_lower(without_namespace(name)));
  return it == classes_.end() ? nullptr : it->second.get();
}

const ClassData* Evaluator::class_at(const Node* node, std::string& name) {
  if (node == nullptr) return nullptr;
  if (!node->is(NodeKind::Name) && !node->is(Const)) {
    const Value value = evaluate(node).target();
    if (ObjectData* object = value.object()) {
      name = object->class_name;
      return object->type;
    }
    name = to_text(value);
    return find_class(name);
  }
  name = node->name;
  const std::string lower = ascii_lower(name);
  if (lower == "self") return frame_->type;
  if (lower == "static") return frame_->called != nullptr ? frame_->called : frame_->type;
  if (lower == "parent")
    return frame_->type == nullptr ? nullptr : find_class(frame_->type->parent);
  return find_class(name);
}

ObjectRef Evaluator::make_object(const ClassData* type, std::string_view name) {
  ObjectRef object{new ObjectData{heap_}};
  object->type = type;
  object->class_name = type == nullptr ? std::string{name} : type->name;
  for (int generation = 0; type != nullptr && generation < 32; ++generation) {
    for (const auto& [property, value] : type->defaults)
      if (object->properties->find(Key{std::string{property}}) == nullptr)
        object->properties->set(Key{std::string{property}}, evaluate(value));
    type = type->parent.empty() ? nullptr : find_class(type->parent);
  }
  return object;
}

Value Evaluator::create(const Node& node) {
  const Node* what = node.kid(0);
  std::string name;
  const ClassData* type = nullptr;
  if (what != nullptr && what->is(Class)) {
    declare_class(*what);
    type = find_class(what->name);
  } else {
    type = class_at(what, name);
  }
  frame_->unit->calls.set(node.end - 1);
  ObjectRef object = make_object(type, name);
  FunctionData* constructor = find_method(type, "__construct");
  if (constructor == nullptr && type != nullptr) constructor = find_method(type, type->name);
  Arguments arguments = arguments_of(node, 1, constructor, nullptr);
  if (abrupt_ != Flow::kNormal) return {};
  if (constructor != nullptr) {
    const Callee callee{.function = constructor, .self = object, .type = type};
    call_function(*constructor, callee, arguments);
  } else if (equals_ignoring_case(without_namespace(name), "ReflectionFunction") && !arguments.empty()) {
    object->properties->set(Key{std::string{"name"}}, arguments[0].target());
  }
  if (objects_.size() < kMaxObjects && find_method(type, "__destruct") != nullptr)
    objects_.push_back(object);
  return object;
}

CellRef Evaluator::static_property(const Node& node) {
  std::string class_name;
  const ClassData* type = class_at(node.kid(0), class_name);
  bool is_known = true;
  const std::string name = node.kid(1) == nullptr ? std::string{node.name} : name_at(node, 1, is_known);
  for (int generation = 0; type != nullptr && generation < 32; ++generation) {
    if (const auto it = type->statics.find(name); it != type->statics.end()) return it->second;
    type = type->parent.empty() ? nullptr : find_class(type->parent);
  }
  return nullptr;
}

Value Evaluator::class_constant(const Node& node) {
  std::string class_name;
  const ClassData* type = class_at(node.kid(0), class_name);
  if (node.name == "class") return heap_.string(type == nullptr ? class_name : type->name);
  for (int generation = 0; type != nullptr && generation < 32; ++generation) {
    if (const auto it = type->constants.find(node.name); it != type->constants.end()) return it->second;
    type = type->parent.empty() ? nullptr : find_class(type->parent);
  }
  return Why::kUnsupported;
}

void Evaluator::run_destructors() {
  // Later objects may come into being in a destructor: index, not iterator.
  for (std::size_t i = 0; i < objects_.size(); ++i) {
    const ObjectRef object = objects_[i];
    FunctionData* destructor = find_method(object->type, "__destruct");
    if (destructor == nullptr) continue;
    Arguments none;
    call_function(*destructor, {.function = destructor, .self = object, .type = object->type}, none);
    if (abrupt_ != Flow::kStop) abrupt_ = Flow::kNormal;
  }
  objects_.clear();
}

}  // namespace backscan::php::eval
