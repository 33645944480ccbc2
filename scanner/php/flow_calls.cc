// Calls of the flow interpreter: who is called by which name, and in which order the tables of
// sinks, guards and functions are asked.
#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "php/flow_functions.h"
#include "php/flow_interpreter.h"
#include "php/flow_models.h"
#include "php/guards.h"
#include "php/sinks.h"

namespace backscan::php::flow {

std::vector<Value> Interpreter::eval_arguments(std::span<const Node* const> nodes) {
  std::vector<Value> args;
  args.reserve(nodes.size());
  for (const Node* node : nodes) {
    if (node != nullptr && node->is(NodeKind::Spread)) {
      const Value list = eval(node->kid(0));
      if (list.array != nullptr && list.array->is_complete) {
        for (const Entry& entry : list.array->entries) args.push_back(entry.value);
      } else {
        args.push_back(items_of(list));
      }
      continue;
    }
    args.push_back(eval(node));
  }
  return args;
}

Value Interpreter::eval_call(const Node* node) {
  const auto arg_nodes = node->kids.subspan(std::min<std::size_t>(1, node->kids.size()));
  if (node->name.empty()) {
    const Value callee = eval(node->kid(0));
    const std::vector<Value> args = eval_arguments(arg_nodes);
    return call_value(callee, node, arg_nodes, args);
  }
  const bool is_named = arg_nodes.size() == 1 && arg_nodes[0] != nullptr &&
                        arg_nodes[0]->is(NodeKind::Spread) && arg_nodes[0]->kid(0) == nullptr;
  if (is_named) return values.text(node->name);  // f(...): the function itself, not a call
  const std::vector<Value> args = eval_arguments(arg_nodes);
  return call_function({node, node->name, arg_nodes, args, false});
}

Value Interpreter::call_function(const Call& call_in) {
  Call call = call_in;
  if (const std::size_t cut = call.name.rfind('\\'); cut != std::string_view::npos) {
    call.name.remove_prefix(cut + 1);
  }
  Value result;
  // Most are functions that no table holds.
  const Model model = model_of_function(call.name);
  const bool may_sink =
      model == Model::kNothing || model == Model::kSocket || model >= Model::kMail;
  if (!(may_sink && sink_call(*this, call, &result)) &&
      (model == Model::kForeign || !call_builtin(*this, call, &result))) {
    if (const FunctionInfo* function = program.function(call.name)) {
      result = run_function(*function, call.node, nullptr, call.arg_nodes, call.args);
    } else {
      result = call_unknown(*this, call);
    }
  }
  const Implied* implied = implied_by_call(*this, call);
  if (implied != nullptr) {
    result.implied = result.implied == nullptr ? implied : both(*this, result.implied, implied);
  }
  pass_guard_calls(*this, call.name);
  return result;
}

// f(...) where f is a value: a name, "Class::method", [object, 'method'] or a closure.
Value Interpreter::call_value(const Value& callee, const Node* node,
                              std::span<const Node* const> arg_nodes,
                              std::span<const Value> args) {
  if (callee.object != nullptr && callee.object->closure != nullptr) {
    return run_function(*callee.object->closure, node, callee.object, arg_nodes, args);
  }
  if (callee.array != nullptr && callee.array->entries.size() == 2) {
    const Value& name = callee.array->entries[1].value;
    if (is_constant_text(name)) {
      const Value& object = callee.array->entries[0].value;
      return call_method(object, ascii_lower(constant_text(name)), node, arg_nodes, args);
    }
  }
  if (is_constant_text(callee)) {
    const std::string name = ascii_lower(constant_text(callee));
    if (const std::size_t cut = name.find("::"); cut != std::string::npos) {
      const ClassInfo* in = program.find_class(name.substr(0, cut));
      bool is_found = false;
      return call_user_method(nullptr, in, name.substr(cut + 2), node, arg_nodes, args, &is_found);
    }
    return call_function({node, values.keep(name), arg_nodes, args, true});
  }
  // One of several constants: each of them is called.
  Value result;
  std::string name;
  bool is_any = false;
  std::size_t ways = 0;
  const auto call_one = [&] {
    if (!name.empty() && ++ways <= 4) {
      result = values.join(result, call_function({node, values.keep(ascii_lower(name)), arg_nodes,
                                                  args, true}));
      is_any = true;
    }
    name.clear();
  };
  const bool is_choice = std::ranges::all_of(
      callee.pieces, [](const Piece& p) { return p.is_text() || p.is_alternative; });
  for (const Piece& piece : callee.pieces) {
    if (!is_choice) break;
    if (piece.is_alternative) call_one();
    name += piece.text;
  }
  if (is_choice) call_one();
  if (is_any) return result;
  return sink_callback(*this, node, callee, args);
}

Value Interpreter::call_user_method(Object* object, const ClassInfo* in, std::string_view name,
                                    const Node* node, std::span<const Node* const> arg_nodes,
                                    std::span<const Value> args, bool* is_found) {
  const FunctionInfo* method = program.method(in, name);
  *is_found = method != nullptr;
  return method == nullptr ? values.unknown()
                           : run_function(*method, node, object, arg_nodes, args);
}

Value Interpreter::call_method(const Value& object, std::string_view name, const Node* node,
                               std::span<const Node* const> arg_nodes,
                               std::span<const Value> args) {
  const Call call{node, values.keep(name), arg_nodes, args, false};
  Value result;
  bool is_found = false;
  if (object.object != nullptr && object.object->closure != nullptr &&
      (name == "__invoke" || name == "call" || name == "bindto" || name == "bind")) {
    return call_value(object, node, arg_nodes, args);
  }
  if (sink_method(*this, call, object, &result)) return result;
  if (object.object != nullptr && object.object->info != nullptr) {
    result = call_user_method(object.object, object.object->info, call.name, node, arg_nodes, args,
                              &is_found);
  }
  return is_found ? result : call_foreign_method(call, object);
}

// A method of a class that this file does not define: its name is all there is to go by.
Value Interpreter::call_foreign_method(const Call& call, const Value& object) {
  Value result = call_unknown_method(*this, call, object);
  if (const Implied* implied = implied_by_method(*this, call)) {
    result.implied = result.implied == nullptr ? implied : both(*this, result.implied, implied);
  }
  pass_guard_calls(*this, call.name);
  return result;
}

Value Interpreter::eval_method_call(const Node* node) {
  const Value object = eval(node->kid(0));
  const auto arg_nodes = node->kids.subspan(std::min<std::size_t>(2, node->kids.size()));
  std::string name(node->name);
  Value name_value;
  if (name.empty()) {
    name_value = eval(node->kid(1));
    name = ascii_lower(constant_text(name_value));
  }
  const std::vector<Value> args = eval_arguments(arg_nodes);
  // Whoever chooses a method runs the site's own code with it, unless data of theirs goes along.
  const bool is_fed = std::ranges::any_of(
      args, [this](const Value& arg) { return values.flat(arg).has(kRequest); });
  if (name.empty() && !is_fed && name_value.object == nullptr) return values.unknown();
  if (name.empty()) return call_value(name_value, node, arg_nodes, args);
  return call_method(object, name, node, arg_nodes, args);
}

Value Interpreter::eval_static_call(const Node* node) {
  const auto arg_nodes = node->kids.subspan(std::min<std::size_t>(2, node->kids.size()));
  std::string name(node->name);
  if (name.empty()) name = ascii_lower(constant_text(eval(node->kid(1))));
  const std::vector<Value> args = eval_arguments(arg_nodes);
  const Call call{node, values.keep(name), arg_nodes, args, false};
  const ClassInfo* in = class_of(node->kid(0));
  Value result;
  if (in == nullptr && sink_static(*this, call, class_key(node->kid(0)->name), &result)) {
    return result;
  }
  bool is_found = false;
  result = call_user_method(scope().self, in, call.name, node, arg_nodes, args, &is_found);
  return is_found ? result : call_foreign_method(call, values.text(node->kid(0)->name));
}

Value Interpreter::eval_new(const Node* node) {
  const auto arg_nodes = node->kids.subspan(std::min<std::size_t>(1, node->kids.size()));
  const Node* which = node->kid(0);
  const ClassInfo* info = nullptr;
  std::string name(node->name);
  if (which != nullptr && which->is(NodeKind::Class)) {
    info = program.find_class("class@" + std::to_string(which->begin));
  } else if (!name.empty()) {
    info = class_of(which);
  } else if (which != nullptr) {
    name = constant_text(eval(which));
    info = program.find_class(name);
  }
  const std::vector<Value> args = eval_arguments(arg_nodes);
  const std::string key = info != nullptr ? info->name : program.resolve_class(name);
  const bool is_mailer = is_mail_class(key) || (info != nullptr && info->is_mailer);
  Object* object = object_at(node, is_mailer ? ObjectKind::kMailer : ObjectKind::kPlain, key);
  object->info = info;
  const Call call{node, "__construct", arg_nodes, args, false};
  if (is_mailer) {
    sink_construct(*this, *object, call);
  } else if (info != nullptr) {
    bool is_found = false;
    (void)call_user_method(object, info, "__construct", node, arg_nodes, args, &is_found);
    if (!is_found) (void)call_user_method(object, info, key, node, arg_nodes, args, &is_found);
  }
  return object_value(object);
}

}  // namespace backscan::php::flow
