// Calls in the walk of flow_suspects.h: what functions do with data, and who is called by a value.
#include <algorithm>
#include <cstdint>
#include <string>

#include "base/text.h"
#include "php/flow_functions.h"
#include "php/flow_program.h"
#include "php/flow_suspects.h"
#include "php/guards.h"
#include "php/sinks.h"
#include "php/sources.h"

namespace backscan::php::flow {

namespace {

constexpr std::uint32_t kCallable = kTaintTelling | kTaintFunction | kTaintComposed;

// chr(10) and its like make line breaks; chr(109) makes a name.
bool is_letter(std::int64_t code) {
  const char byte = static_cast<char>((code & 0xFF) | 0x20);
  return byte >= 'a' && byte <= 'z';
}

std::string_view last_name(std::string_view name) {
  return name.substr(name.rfind('\\') + 1);
}

}  // namespace

Suspects::Arguments Suspects::arguments(const Node* node, std::size_t first) {
  Arguments args;
  const auto nodes = node->kids.subspan(std::min(first, node->kids.size()));
  args.written = nodes.size();
  for (const Node* arg : nodes) {
    const Place place = visit(arg);
    const bool is_spread =
        arg != nullptr && (arg->is(NodeKind::Spread) || arg->is(NodeKind::NamedArg));
    const bool is_variable = arg != nullptr && arg->is(NodeKind::Variable) && arg->name != "this";
    const Argument argument{is_spread ? passed(place, Carries::kElements) : place,
                            is_variable ? place : kNowhere, is_spread};
    if (args.size < Arguments::kMax) {
      args.items[args.size++] = argument;
    } else {
      Argument& last = args.items.back();
      last = {either(last.place, place), kNowhere, true};
    }
  }
  return args;
}

Place Suspects::merged(const Arguments& args, Carries carries) {
  if (args.size == 0) return kNowhere;
  if (args.size == 1 && carries == Carries::kAll) return args.at(0);
  const Place all = graph_.make(0);
  for (const Argument& arg : args.all()) graph_.connect(arg.place, all, carries);
  return all;
}

Place Suspects::call(const Node* node) {
  if (node->name.empty()) {
    const Place callee = visit(node->kid(0));
    return dynamic_call(callee, arguments(node, 1));
  }
  const Name name = name_of(last_name(node->name));
  const Model model = model_of(name);
  const bool is_named = node->kids.size() == 2 && node->kid(1) != nullptr &&
                        node->kid(1)->is(NodeKind::Spread) && node->kid(1)->kid(0) == nullptr;
  if (is_named) {  // f(...): the function itself, not a call
    return graph_.make(model >= Model::kSource ? kTaintText | kTaintFunction : kTaintText);
  }
  const Arguments args = arguments(node, 1);
  const bool is_mail_of_file = model == Model::kMail && args.written < 2;
  if (model == Model::kForeign || is_mail_of_file) return call_named(name, false, args.all());
  if (model >= Model::kReplace) sink_function(node, model, args);
  return modelled(node, model, args);
}

Place Suspects::modelled(const Node* node, Model model, const Arguments& args) {
  switch (model) {
    case Model::kKeys:
      return passed(merged(args, Carries::kElements), Carries::kUnnamed);
    case Model::kPass:
      return merged(args, Carries::kElements);
    case Model::kOtherText:
      return merged(args, Carries::kOtherText);
    case Model::kFirstText:
      return passed(args.at(0), Carries::kOtherText);
    case Model::kSecondText:
      return passed(args.at(1), Carries::kOtherText);
    case Model::kReplaceText:
    case Model::kReplace:
    case Model::kCodeReplace: {
      const Place replaced = passed(args.at(2), Carries::kOtherText);
      return either(replaced, passed(args.at(1), Carries::kOtherText));
    }
    case Model::kQuote:
      return passed(args.at(0), Carries::kSafe);
    case Model::kNumber: {
      const Place number = graph_.make(kTaintNameless | kTaintEmpty);
      for (const Argument& arg : args.all()) graph_.connect(arg.place, number, Carries::kSafe);
      return number;
    }
    case Model::kPath:
      return path_;
    case Model::kExtract:
      graph_.connect(args.at(0), scope_any(), Carries::kElements);
      return kNowhere;
    case Model::kExtractAll:
      graph_.connect(request_, scope_any());
      return kNowhere;
    case Model::kParseText:
      if (args.size >= 2)
        assign(node->kid(2), args.at(0));
      else
        graph_.connect(args.at(0), scope_any(), Carries::kElements);
      return kNowhere;
    case Model::kMatch:
      if (args.size > 2) assign(node->kid(3), passed(args.at(1), Carries::kData));
      return kNowhere;
    case Model::kPush:
      assign(node->kid(1), passed(merged(args, Carries::kElements), Carries::kUnnamed));
      return kNowhere;
    case Model::kCompact:
      return scope_all();
    case Model::kDefine: {
      const Node* name = node->kid(1);
      Place to = any_constant_;
      if (name != nullptr && name->is(NodeKind::String)) {
        NameInfo& info = names_[name_of(name->value)];
        if (info.constant == kNowhere) info.constant = graph_.make(0);
        to = info.constant;
      }
      graph_.connect(args.at(1), to);
      return kNowhere;
    }
    case Model::kCallback:
      return callbacks(node, args);
    default:
      return modelled_source(node, model, args);
  }
}

Place Suspects::modelled_source(const Node* node, Model model, const Arguments& args) {
  const Node* first = node->kid(1);
  const bool is_literal = first != nullptr && first->is(NodeKind::String);
  switch (model) {
    case Model::kDecode: {
      hides_text_ = true;
      const std::size_t packed = node->name == "pack" ? 1 : 0;
      return either(passed(args.at(packed), Carries::kDecoded), outside_);
    }
    case Model::kSource:
      return request_;
    case Model::kSocket:
    case Model::kCurl:
      return outside_;
    case Model::kOpenFile: {
      const Place handle = graph_.make(kTaintFile);
      graph_.connect(args.at(0), handle, Carries::kContents);
      return handle;
    }
    case Model::kRead:
      return passed(args.at(0), Carries::kContents);
    case Model::kLetter: {
      const bool is_number = first != nullptr && first->is(NodeKind::Int);
      const auto code = is_number ? written_number(first->value) : std::nullopt;
      if (!code) return either(passed(args.at(0), Carries::kMade), outside_);
      if (!is_letter(*code)) return graph_.make(kTaintText);
      hides_text_ = true;
      return graph_.make(kTaintComposed | kTaintHidden | kTaintLetters);
    }
    case Model::kEnvironment: {
      const bool is_local =
          is_literal && (server_origins(first->value) & (kRequest | kHeader)) == 0;
      return is_local ? path_ : request_;
    }
    case Model::kNamedConstant:
      if (!is_literal) return either(request_, path_);
      if (names_[name_of(first->value)].constant == kNowhere) {
        const Place place = graph_.make(0);
        names_[name_of(first->value)].constant = place;
      }
      return names_[name_of(first->value)].constant;
    default:
      return kNowhere;
  }
}

// What an argument names is called with the others, or with what they hold.
Place Suspects::callbacks(const Node* node, const Arguments& args) {
  const std::size_t argument = callback_argument(last_name(node->name));
  const std::size_t which = argument == 0 ? args.size - 1 : argument - 1;
  if (args.size == 0) return kNowhere;
  Arguments items;
  items.size = 1;
  items.items[0] = {.place = merged(args, Carries::kElements), .is_spread = true};
  if (which >= args.size) return items.at(0);
  const Place called = call_back(node->kid(which + 1), items);
  const Place all = either(items.at(0), called);
  return either(items.at(0), passed(all, Carries::kUnnamed));
}

Place Suspects::call_back(const Node* callee, const Arguments& items) {
  if (callee == nullptr) return kNowhere;
  const Node* method = nullptr;
  switch (callee->kind) {
    case NodeKind::Closure:
    case NodeKind::ArrowFn:
      graph_.connect(items.at(0), closure_args_);
      has_dynamic_calls_ = true;
      return closure_results_;
    case NodeKind::Array:
      if (const Node* item = callee->kid(1)) method = item->kid(1);
      if (callee->kids.size() != 2 || method == nullptr || !method->is(NodeKind::String)) break;
      return call_named(own_name(ascii_lower(method->value)), true, items.all());
    case NodeKind::String: {
      const std::string lower = ascii_lower(callee->value);
      if (const std::size_t cut = lower.find("::"); cut != std::string::npos) {
        return call_named(own_name(lower.substr(cut + 2)), true, items.all());
      }
      const Name name = own_name(std::string(last_name(lower)));
      const Model model = model_of(name);
      if (model == Model::kForeign) return call_named(name, false, items.all());
      // What it makes of which item, nobody looks at here.
      if (model >= Model::kSource) has_any_ = true;
      return passed(items.at(0), Carries::kOtherText);
    }
    default:
      break;
  }
  return dynamic_call(visit(callee), items);
}

// A name that was computed matters where data of the request goes to what it names.
Place Suspects::dynamic_call(Place callee, const Arguments& args) {
  sink(callee, kCallable);
  for (const Argument& arg : args.all()) {
    sinks_.push_back({arg.place, kTaintRequest, callee});
  }
  const Place result = choice(kNowhere, link_values(args));
  graph_.connect_if(callee, kCallable | kTaintHidden, request_, result);
  return result;
}

Place Suspects::link_values(const Arguments& args) {
  has_dynamic_calls_ = true;
  has_value_calls_ = true;
  for (const Argument& arg : args.all()) {
    graph_.connect(arg.place, closure_args_, Carries::kElements);
    graph_.connect(arg.place, function_args_, Carries::kElements);
    graph_.connect(shared_params_, arg.shared);
  }
  const Place result = merged(args, Carries::kData);
  return either(result, either(closure_results_, function_results_));
}

Place Suspects::call_named(Name name, bool is_method, std::span<const Argument> args) {
  const Place result = graph_.make(kTaintNameless);
  calls_.push_back({name, is_method, static_cast<std::uint32_t>(call_args_.size()),
                    static_cast<std::uint32_t>(args.size()), result});
  call_args_.insert(call_args_.end(), args.begin(), args.end());
  return result;
}

Place Suspects::method_call(const Node* node) {
  const Node* receiver = node->kid(0);
  const Place object = visit(receiver);
  const Arguments args = arguments(node, 2);
  const Name method = name_of(node->name);
  sink_method(node, method, args);
  if (node->name.empty()) {
    const Place name = visit(node->kid(1));
    sink(name, kTaintTelling);
    maker_places_.push_back({name, kTaintMailer | kTaintComposed});
    if (args.written >= 5) sink(name, kTaintMailer | kTaintComposed);
    for (const Argument& arg : args.all()) {
      sinks_.push_back({arg.place, kTaintRequest, name});
    }
    return either(passed(object, Carries::kData), link_values(args));
  }
  const Place result = call_named(method, true, args.all());
  graph_.connect(object, result, Carries::kData);
  if (is_any(node->name, {"__invoke", "call", "bind", "bindto"})) {
    has_dynamic_calls_ = true;
    for (const Argument& arg : args.all()) graph_.connect(arg.place, closure_args_);
    graph_.connect(closure_results_, result);
  }
  if (receiver != nullptr && method_traits(method).may_read_request) {
    const std::string scope =
        ascii_lower(receiver->name) + (receiver->is(NodeKind::MethodCall) ? "()" : "");
    if (is_request_reader(scope, node->name)) graph_.mark(result, kTaintForeign | kTaintRequest);
  }
  return result;
}

Place Suspects::static_call(const Node* node) {
  const Node* scope = node->kid(0);
  if (scope != nullptr && !scope->is(NodeKind::Name)) (void)visit(scope);
  const Arguments args = arguments(node, 2);
  const Name method = name_of(node->name);
  sink_method(node, method, args);
  if (node->name.empty()) {
    const Place name = visit(node->kid(1));
    maker_places_.push_back({name, kTaintMailer | kTaintComposed});
    if (args.written >= 5) sink(name, kTaintMailer | kTaintComposed);
    return link_values(args);
  }
  const Place result = call_named(method, true, args.all());
  if (scope != nullptr && method_traits(method).may_read_request &&
      is_request_reader(ascii_lower(scope->name), node->name)) {
    graph_.mark(result, kTaintForeign | kTaintRequest);
  }
  return result;
}

Place Suspects::create(const Node* node) {
  const Node* which = node->kid(0);
  const Arguments args = arguments(node, 1);
  std::string class_name;
  if (which != nullptr && which->is(NodeKind::Class)) {
    declare_class(which);
  } else if (node->name.empty()) {
    maker_places_.push_back({visit(which), kTaintMailer | kTaintComposed});
  } else {
    class_name = class_key(node->name);
    has_mailer_ |= is_mail_class(class_name);
  }
  (void)call_named(name_of("__construct"), true, args.all());
  if (node->name.empty()) return own_object_;
  const Name key = own_name(std::move(class_name));
  (void)call_named(key, true, args.all());  // PHP 4's constructor
  const Place instance = graph_.make(kTaintEmpty);
  instances_.emplace_back(key, instance);
  return instance;
}

}  // namespace backscan::php::flow
