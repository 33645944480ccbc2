// Walks a tree once and notes, function by function, what flow_reach.h asks.
#include "php/flow_reach.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "php/callback_places.h"
#include "php/flow_program.h"
#include "php/name_filter.h"
#include "php/sinks.h"

namespace backscan::php::flow {

namespace {

// Functions that open a sink or state a fact, whatever their arguments.
constexpr auto kSinks = std::to_array<std::string_view>({"assert",
                                                         "copy",
                                                         "create_function",
                                                         "curl_exec",
                                                         "dns_get_mx",
                                                         "dns_get_record",
                                                         "drupal_mail",
                                                         "elgg_send_email",
                                                         "email_to_user",
                                                         "exec",
                                                         "expect_popen",
                                                         "file_put_contents",
                                                         "fprintf",
                                                         "fputcsv",
                                                         "fputs",
                                                         "fwrite",
                                                         "getmxrr",
                                                         "gzwrite",
                                                         "ignore_user_abort",
                                                         "imap_mail",
                                                         "include",
                                                         "ini_alter",
                                                         "ini_restore",
                                                         "ini_set",
                                                         "jmail",
                                                         "mail",
                                                         "mb_ereg_replace",
                                                         "mb_eregi_replace",
                                                         "mb_send_mail",
                                                         "mosmail",
                                                         "move_uploaded_file",
                                                         "passthru",
                                                         "pcntl_exec",
                                                         "popen",
                                                         "proc_open",
                                                         "rename",
                                                         "require",
                                                         "send_mail_wp",
                                                         "set_time_limit",
                                                         "shell_exec",
                                                         "socket_send",
                                                         "socket_write",
                                                         "stream_socket_sendto",
                                                         "system",
                                                         "tep_mail",
                                                         "wp_mail",
                                                         "xmail"});
static_assert(std::ranges::is_sorted(kSinks));

// Methods of mail libraries that send.
constexpr auto kSendingMethods = std::to_array<std::string_view>(
    {"batchsend", "dosend", "mail", "queue", "raw", "send", "sendmail", "sendmessage", "smtpsend"});
static_assert(std::ranges::is_sorted(kSendingMethods));

constexpr NameFilter kSendingFilter = [] {
  NameFilter all;
  for (const std::string_view name : kSendingMethods) all.add(name);
  return all;
}();

// Of whatever look_at_call asks for.
constexpr NameFilter kTellingFilter = [] {
  NameFilter all;
  for (const std::string_view name : kSinks) all.add(name);
  for (const CallbackPlace& place : kCallbackPlaces) all.add(place.name);
  all.add("preg_replace");
  all.add("preg_filter");
  return all;
}();

std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind('\\') + 1);
}

}  // namespace

bool is_sending_method(std::string_view lower_name) {
  return kSendingFilter.may_hold(lower_name) &&
         std::ranges::binary_search(kSendingMethods, lower_name);
}

bool is_harmless_pattern(const Node* pattern) {
  if (pattern == nullptr) return true;
  switch (pattern->kind) {
    case NodeKind::String:
      return !has_eval_flag(pattern->value);
    case NodeKind::Array:
    case NodeKind::ArrayItem:
      return std::ranges::all_of(pattern->kids, is_harmless_pattern);
    case NodeKind::Interpolated:
    case NodeKind::Binary:
      return pattern->kid(0) != nullptr && pattern->kid(0)->is(NodeKind::String);
    case NodeKind::ClassConst:
    case NodeKind::Const:
    case NodeKind::Prop:
      return true;
    default:
      return false;
  }
}

void Reach::add(const Node* root) {
  is_spread_ = false;
  Function& main = functions_[root];
  for (const Node* kid : root->kids) walk(kid, main);
  has_sink_ |= main.has_sink;
}

void Reach::walk(const Node* node, Function& in) {
  if (node == nullptr) return;
  switch (node->kind) {
    case NodeKind::Function:
    case NodeKind::Method: {
      Function& own = functions_[node];
      for (const Node* kid : node->kids) walk(kid, own);
      has_sink_ |= own.has_sink;
      return;
    }
    case NodeKind::Eval:
    case NodeKind::ShellExec:
    case NodeKind::Include:
      in.has_sink = true;
      break;
    case NodeKind::Call:
      look_at_call(node, in);
      break;
    case NodeKind::MethodCall:
    case NodeKind::StaticCall:
      in.has_sink |= node->name.empty() || is_sending_method(node->name);
      if (!in.has_sink) in.calls.push_back(node->name);
      break;
    case NodeKind::New:
      in.calls.push_back("__construct");
      in.calls.push_back(names_.emplace_back(class_key(node->name)));  // PHP 4's constructor
      break;
    case NodeKind::Global:
    case NodeKind::StaticVar:
      in.hands_data = true;
      break;
    case NodeKind::Assign:
      look_at_assignment(node->kid(0), in);
      break;
    default:
      break;
  }
  for (const Node* kid : node->kids) walk(kid, in);
}

void Reach::look_at_call(const Node* node, Function& in) {
  const std::string_view name = last_part(node->name);
  if (!name.empty() && !kTellingFilter.may_hold(name)) {
    in.calls.push_back(name);
  } else if (name.empty() || std::ranges::binary_search(kSinks, name)) {
    in.has_sink = true;
  } else if (const CallbackPlace* place = find_callback_place(name)) {
    const std::size_t last = node->kids.size() - 1;
    const bool is_last = place->argument == CallbackPlace::kLast;
    look_at_callback(node->kid(is_last ? last : place->argument), in);
  } else if (name == "preg_replace" || name == "preg_filter") {
    in.has_sink |= !is_harmless_pattern(node->kid(1));
  } else {
    in.calls.push_back(name);
  }
}

/// Named callbacks are calls; closures are walked anyway; whatever else may be any function.
void Reach::look_at_callback(const Node* callback, Function& in) {
  if (callback == nullptr) return;
  switch (callback->kind) {
    case NodeKind::String:
      return note_call(callback->value, in);
    case NodeKind::Const:
      return note_call(callback->name, in);  // a bare word is a string
    case NodeKind::Closure:
    case NodeKind::ArrowFn:
      return;
    case NodeKind::Array: {
      const Node* item = callback->kid(1);
      const Node* method = item != nullptr ? item->kid(1) : nullptr;
      if (method != nullptr && method->is(NodeKind::String)) return note_call(method->value, in);
      break;
    }
    default:
      break;
  }
  in.has_sink = true;
}

void Reach::note_call(std::string_view text, Function& in) {
  const std::string& name = names_.emplace_back(ascii_lower(text));
  in.has_sink |= std::ranges::binary_search(kSinks, std::string_view(name));
  in.calls.push_back(name);
}

void Reach::look_at_assignment(const Node* target, Function& in) {
  while (target != nullptr && target->is(NodeKind::Index)) target = target->kid(0);
  if (target == nullptr) return;
  in.hands_data |= target->is(NodeKind::Prop) || target->is(NodeKind::StaticProp) ||
                   target->is(NodeKind::VarVar) || target->name == "GLOBALS";
  if (target->is(NodeKind::List) || target->is(NodeKind::Array) || target->is(NodeKind::ArrayItem))
    for (const Node* kid : target->kids) look_at_assignment(kid, in);
}

/// Callers of what reaches a sink reach it too.
void Reach::spread() {
  if (is_spread_) return;
  is_spread_ = true;
  std::vector<Caller> callers;
  for (auto& [node, function] : functions_) {
    for (const std::string_view name : function.calls) callers.push_back({name, node, &function});
  }
  std::ranges::sort(callers, {}, &Caller::callee);
  std::vector<const Node*> found;
  for (const auto& [node, function] : functions_) {
    if (function.has_sink) found.push_back(node);
  }
  std::vector<bool> is_done(callers.size());
  while (!found.empty()) {
    const std::string_view name = found.back()->name;
    found.pop_back();
    const auto called = std::ranges::equal_range(callers, name, {}, &Caller::callee);
    if (called.empty()) continue;
    const auto first = static_cast<std::size_t>(called.begin() - callers.begin());
    if (is_done[first]) continue;
    is_done[first] = true;
    for (const Caller& caller : called) {
      if (caller.function->has_sink) continue;
      caller.function->has_sink = true;
      found.push_back(caller.node);
    }
  }
}

bool Reach::reaches(const Node* function) {
  spread();
  const auto it = functions_.find(function);
  return it == functions_.end() || it->second.has_sink;
}

bool Reach::matters(const Node* function) {
  return reaches(function) || functions_.find(function)->second.hands_data;
}

}  // namespace backscan::php::flow
