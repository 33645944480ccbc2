// The walk of flow_suspects.h, node by node: operators, functions, classes, and the dispatch.
#include <algorithm>

#include "php/flow_program.h"
#include "php/flow_suspects.h"
#include "php/sources.h"

namespace backscan::php::flow {

namespace {

// Bare words are texts where no constant is called so, and so is what is put together of them.
bool may_be_word(const Node* node) {
  return node != nullptr &&
         (node->is(NodeKind::Const) ||
          (node->is(NodeKind::Binary) && node->op == TokenKind::Char && node->op_char == '.'));
}

}  // namespace

Place Suspects::assignment(const Node* node) {
  const Node* target = node->kid(0);
  if (node->has(kByRef)) {
    const Place value = visit(node->kid(1));
    assign(target, value);
    graph_.connect(shared(target), shared(node->kid(1)));
    return value;
  }
  Place value = visit(node->kid(1));
  if (node->op == TokenKind::ConcatEqual) {
    const Place parts[] = {shared(target), value};
    const bool is_text = parts[0] != kNowhere && value != kNowhere;
    value = joined_text(parts, is_text);
  } else if (node->op == TokenKind::XorEqual) {
    value = either(passed(value, Carries::kMade), made_);
    hides_text_ = true;
  } else if (node->op != TokenKind::Char && node->op != TokenKind::CoalesceEqual &&
             node->op != TokenKind::PlusEqual) {
    value = passed(value, Carries::kSafe);
  }
  assign(target, value);
  return node->op == TokenKind::Char ? value : either(value, shared(target));
}

Place Suspects::binary(const Node* node) {
  switch (node->op) {
    case TokenKind::BooleanAnd:
    case TokenKind::LogicalAnd:
    case TokenKind::BooleanOr:
    case TokenKind::LogicalOr:
    case TokenKind::IsEqual:
    case TokenKind::IsNotEqual:
    case TokenKind::IsIdentical:
    case TokenKind::IsNotIdentical:
    case TokenKind::IsSmallerOrEqual:
    case TokenKind::IsGreaterOrEqual:
    case TokenKind::Spaceship:
    case TokenKind::Instanceof:
      visit_all(node->kids);
      return kNowhere;
    case TokenKind::Coalesce: {
      const Place left = visit(node->kid(0));
      return choice(left, visit(node->kid(1)));
    }
    default:
      break;
  }
  if (node->op == TokenKind::Char && node->op_char == '.') return concat(node->kids);
  if (node->op == TokenKind::Char && (node->op_char == '<' || node->op_char == '>')) {
    visit_all(node->kids);
    return kNowhere;
  }
  Place all = kNowhere;
  bool has_number = false;
  bool is_flags = true;
  std::vector<Place> words;
  for (const Node* kid : node->kids) {
    const Place place = visit(kid);
    all = either(all, place);
    has_number |= kid == nullptr || kid->is(NodeKind::Int) || place == kNowhere;
    is_flags &= kid != nullptr && kid->is(NodeKind::Const);
    words.push_back(may_be_word(kid) ? path_ : place);
  }
  // Packers hide text in it, and two words may be more than a number.
  const bool is_bits =
      node->op == TokenKind::Char && (node->op_char == '|' || node->op_char == '&');
  if (node->op == TokenKind::Char && node->op_char == '^') {
    hides_text_ = true;
    return either(passed(all, Carries::kMade), made_);
  }
  const bool may_be_array = node->op == TokenKind::Char && node->op_char == '+';
  if (may_be_array) return choice(kNowhere, all);
  const Place result = choice(kNowhere, passed(all, Carries::kSafe));
  if (is_bits && !has_number) {
    hides_text_ |= !is_flags;
    graph_.combine(words, result);
  }
  return result;
}

void Suspects::bind_params(const Node* node, Function& function) {
  function.first_param = static_cast<std::uint32_t>(params_.size());
  if (node->kid(0) == nullptr) return;
  for (const Node* param : node->kid(0)->kids) {
    if (param == nullptr) continue;
    const Name name = name_of(param->name);
    names_[name].is_assigned = true;
    const Place place = variable_in(scope_, name);
    params_.push_back({place, param->has(kByRef)});
    function.is_variadic |= param->has(kVariadic);
    if (param->kid(0) != nullptr) graph_.connect(visit(param->kid(0)), place);
    if (param->has(kPromoted)) graph_.connect(place, property_named(param->name));
  }
  function.params = static_cast<std::uint32_t>(params_.size()) - function.first_param;
}

void Suspects::declare_function(const Node* node) {
  const std::uint32_t outer_function = function_;
  const std::uint32_t outer_scope = scope_;
  function_ = scope_ = static_cast<std::uint32_t>(functions_.size());
  const Name name = name_of(node->name);
  Function function{.name = name, .result = graph_.make(kTaintEmpty)};
  NameInfo& info = names_[name];
  std::uint32_t& chain = node->is(NodeKind::Method) ? info.methods : info.functions;
  function.next = chain;
  chain = function_;
  functions_.push_back(function);
  bind_params(node, function);
  functions_[function_].first_param = function.first_param;
  functions_[function_].params = function.params;
  functions_[function_].is_variadic = function.is_variadic;
  (void)visit(node->kid(2));
  function_ = outer_function;
  scope_ = outer_scope;
}

// An arrow function sees its maker's variables; a closure those that it says.
Place Suspects::closure(const Node* node) {
  const std::uint32_t outer_function = function_;
  const std::uint32_t outer_scope = scope_;
  std::vector<Place> captured;
  const Node* uses = node->is(NodeKind::Closure) ? node->kid(1) : nullptr;
  if (uses != nullptr) {
    for (const Node* use : uses->kids) captured.push_back(variable(use->name));
  }
  function_ = static_cast<std::uint32_t>(functions_.size());
  functions_.push_back({.is_closure = true, .result = graph_.make(kTaintEmpty)});
  if (node->is(NodeKind::Closure)) scope_ = function_;
  for (std::size_t i = 0; i < captured.size(); ++i) {
    const Place inner = variable(uses->kids[i]->name);
    graph_.connect(captured[i], inner);
    if (uses->kids[i]->has(kByRef)) graph_.connect(inner, captured[i]);
  }
  Function function;
  bind_params(node, function);
  functions_[function_].first_param = function.first_param;
  functions_[function_].params = function.params;
  functions_[function_].is_variadic = function.is_variadic;
  const Place value = visit(node->kid(2));
  if (node->is(NodeKind::ArrowFn)) graph_.connect(value, functions_[function_].result);
  function_ = outer_function;
  scope_ = outer_scope;
  return own_object_;
}

void Suspects::declare_class(const Node* node) {
  names_[name_of(node->name)].is_class = true;
  for (const Node* member : node->kids) {
    if (member == nullptr) continue;
    if (member->is(NodeKind::Property)) {
      const Place property = property_named(member->name);
      if (member->kid(0) != nullptr) graph_.connect(visit(member->kid(0)), property);
    } else if (member->is(NodeKind::ConstDecl)) {
      const Place value = visit(member->kid(0));
      NameInfo& info = names_[name_of(member->name)];
      if (info.class_constant == kNowhere) info.class_constant = graph_.make(0);
      graph_.connect(value, info.class_constant);
    } else if (member->is(NodeKind::Method)) {
      const std::string_view name = member->name;
      has_mailer_ |=
          name == "addaddress" || name == "addto" || name == "addrecipient" || name == "addbcc";
      declare_function(member);
    } else {
      (void)visit(member);
    }
  }
}

void Suspects::walk_foreach(const Node* node) {
  const Place subject = visit(node->kid(0));
  const Place items = passed(subject, Carries::kElements);
  if (node->kid(1) != nullptr) assign(node->kid(1), choice(kNowhere, items));
  assign(node->kid(2), items);
  const Place item = shared(node->kid(2));
  graph_.mark(item, kTaintEmpty);
  if (node->kid(2) != nullptr && node->kid(2)->has(kByRef)) {
    graph_.connect(item, shared(node->kid(0)), Carries::kUnnamed);
  }
  (void)visit(node->kid(3));
}

void Suspects::globals(const Node* node) {
  for (const Node* kid : node->kids) {
    if (kid == nullptr || !kid->is(NodeKind::Variable)) {
      (void)visit(kid);
      continue;
    }
    const Name name = name_of(kid->name);
    names_[name].is_assigned = true;
    const Place own = variable(kid->name);
    const Place global = superglobal_origins(kid->name) != 0 ? own : variable_in(1, name);
    graph_.connect(global, own);
    graph_.connect(own, global);
  }
}

Place Suspects::visit(const Node* node) {
  if (node == nullptr || has_any_) return kNowhere;
  switch (node->kind) {
    case NodeKind::String:
      return literal(node);
    case NodeKind::Int:
    case NodeKind::Float:
      return number_;
    case NodeKind::Interpolated:
      return concat(node->kids);
    case NodeKind::ShellExec:
      sink_command_line(concat(node->kids));
      return kNowhere;
    case NodeKind::Variable:
      // As a whole: what is taken out of it later, nobody knows.
      if (node->name == "_SERVER" || node->name == "HTTP_SERVER_VARS") {
        return either(superglobal(node->name), request_);
      }
      return variable(node->name);
    case NodeKind::VarVar: {
      const Place name = visit(node->kid(0));
      const Place result = choice(kNowhere, either(scope_all(), passed(name, Carries::kData)));
      has_chosen_variables_ = true;
      graph_.connect_if(name, kTaintComposed | kTaintHidden | kTaintFunction, request_, result);
      return result;
    }
    case NodeKind::Const:
      return constant(node);
    case NodeKind::Name:
      return literal(node);
    case NodeKind::Index:
      return index(node);
    case NodeKind::Prop:
      return property(node);
    case NodeKind::StaticProp:
      (void)visit(node->kid(0));
      return choice(kNowhere, node->name.empty() ? all_properties_ : property_named(node->name));
    case NodeKind::ClassConst: {
      if (node->name == "class") return literal(node->kid(0));
      (void)visit(node->kid(0));
      NameInfo& info = names_[name_of(node->name)];
      if (info.class_constant == kNowhere) info.class_constant = graph_.make(0);
      graph_.mark(info.class_constant, kTaintNameless);
      return info.class_constant;
    }
    case NodeKind::Call:
      return call(node);
    case NodeKind::MethodCall:
      return method_call(node);
    case NodeKind::StaticCall:
      return static_call(node);
    case NodeKind::New:
      return create(node);
    case NodeKind::Array:
    case NodeKind::List:
      return array(node);
    case NodeKind::Assign:
      return assignment(node);
    case NodeKind::Binary:
      return binary(node);
    case NodeKind::Foreach:
      walk_foreach(node);
      return kNowhere;
    case NodeKind::Global:
      globals(node);
      return kNowhere;
    case NodeKind::Function:
    case NodeKind::Method:
      declare_function(node);
      return kNowhere;
    case NodeKind::Class:
      declare_class(node);
      return kNowhere;
    case NodeKind::Closure:
    case NodeKind::ArrowFn:
      return closure(node);
    default:
      return visit_other(node);
  }
}

Place Suspects::visit_other(const Node* node) {
  switch (node->kind) {
    case NodeKind::NamedArg:
    case NodeKind::Spread:
    case NodeKind::ArrayItem:
    case NodeKind::Print:
    case NodeKind::Clone:
    case NodeKind::Yield:
    case NodeKind::Cast: {
      Place last = kNowhere;
      for (const Node* kid : node->kids) last = visit(kid);
      return last;
    }
    case NodeKind::Unary: {
      const Place value = visit(node->kid(0));
      if (node->op_char == '@' || node->op_char == '&') return value;
      if (node->op_char == '~') {
        const Place text = passed(value, Carries::kOtherText);
        return choice(kNowhere, either(text, passed(value, Carries::kMade)));
      }
      return node->op_char == '!' ? kNowhere : choice(kNowhere, passed(value, Carries::kSafe));
    }
    case NodeKind::Ternary: {
      const Place decided = visit(node->kid(0));
      const Place chosen = node->kid(1) != nullptr ? visit(node->kid(1)) : decided;
      return choice(chosen, visit(node->kid(2)));
    }
    case NodeKind::Match: {
      Place all = kNowhere;
      (void)visit(node->kid(0));
      for (const Node* arm : node->kids.subspan(std::min<std::size_t>(1, node->kids.size()))) {
        if (arm == nullptr) continue;
        const Place value = visit(arm->kid(0));
        all = value == kNowhere || all != kNowhere ? choice(all, value) : value;
        visit_all(arm->kids.subspan(std::min<std::size_t>(1, arm->kids.size())));
      }
      return all;
    }
    case NodeKind::Eval:
      sink(visit(node->kid(0)), kTaintTelling);
      return kNowhere;
    case NodeKind::Include:
      sink_include(node);
      return kNowhere;
    default:
      return visit_statement(node);
  }
}

Place Suspects::visit_statement(const Node* node) {
  switch (node->kind) {
    case NodeKind::Return:
      if (node->kid(0) != nullptr) {
        graph_.connect(visit(node->kid(0)), functions_[function_].result);
      }
      return kNowhere;
    case NodeKind::StaticVar:
      for (const Node* kid : node->kids) {
        if (kid == nullptr) continue;
        if (kid->is(NodeKind::Assign))
          (void)assignment(kid);
        else if (kid->is(NodeKind::Variable))
          names_[name_of(kid->name)].is_assigned = true;
      }
      return kNowhere;
    case NodeKind::Unset:
      for (const Node* kid : node->kids) graph_.mark(visit(kid), kTaintEmpty);
      return kNowhere;
    case NodeKind::Catch:
      if (!node->name.empty()) {
        names_[name_of(node->name)].is_assigned = true;
        graph_.mark(variable(node->name), kTaintNameless);
      }
      visit_all(node->kids);
      return kNowhere;
    case NodeKind::ConstDecl:
      graph_.connect(visit(node->kid(0)), constant(node));
      return kNowhere;
    case NodeKind::UseDecl:
      note_alias(node);
      return kNowhere;
    case NodeKind::InlineHtml:
      html_.push_back(node->value);
      return kNowhere;
    default:
      visit_all(node->kids);
      return kNowhere;
  }
}

}  // namespace backscan::php::flow
