// Judging the sinks that flow_suspects.h found: what has to arrive where for a fact.
#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "php/flow_program.h"
#include "php/flow_reach.h"
#include "php/flow_suspects.h"
#include "php/guards.h"
#include "php/sinks.h"
#include "php/sources.h"

namespace backscan::php::flow {

namespace {

constexpr std::size_t kLongestName = 64;

bool is_start_of(std::string_view text, std::string_view word) {
  return !text.empty() && word.starts_with(text);
}

// Text that begins as an address or a stream's name does, or may be put together to such.
bool begins_remote(std::string_view text) {
  if (text.empty() || std::string_view("hHfF/").find(text.front()) == std::string_view::npos) {
    return false;
  }
  if (text.starts_with("//")) return true;
  const std::string lower = ascii_lower(text.substr(0, 8));
  for (const std::string_view word : {"http://", "https://", "ftp://", "ftps://"}) {
    if (lower.starts_with(word) || is_start_of(lower, word)) return true;
  }
  return false;
}

// php://input and php://stdin, in part or whole.
bool begins_request(std::string_view text) {
  if (text.empty() || (text.front() != 'p' && text.front() != 'P')) return false;
  const std::string lower = ascii_lower(text.substr(0, 16));
  return is_start_of(lower, "php://input") || is_start_of(lower, "php://stdin");
}

// Of a function or a class, perhaps with its namespace before it.
bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '\\' || static_cast<unsigned char>(c) >= 0x80;
  });
}

bool may_hold_code(std::string_view text) {
  if (text.find("<?php") != std::string_view::npos) return true;
  for (const std::string_view start : {"<", "<?", "<?p", "<?ph"}) {
    if (text.ends_with(start)) return true;
  }
  return false;
}

// RCPT TO, whole or in parts.
bool may_name_recipient(std::string_view text) {
  constexpr std::string_view kCommand = "rcpt to";
  if (text.empty()) return false;
  if (text.size() < kCommand.size()) {
    const std::string lower = ascii_lower(text);
    return is_start_of(lower, kCommand) || lower.find("rcpt") != std::string::npos;
  }
  for (std::size_t at = text.find_first_of("rR"); at != std::string_view::npos;
       at = text.find_first_of("rR", at + 1)) {
    if (ascii_lower(text.substr(at, 4)) == "rcpt") return true;
  }
  return false;
}

// … as the decoders that the interpreter applies to constants would find it.
bool may_hide_recipient(std::string_view text) {
  const std::string lower = ascii_lower(text.substr(0, 64));
  for (const std::string_view start : {"uknqv", "cmnwd", "ecpg", "epcg", "72637074", "52435054"}) {
    if (lower.starts_with(start)) return true;
  }
  return ascii_lower(text.substr(text.size() - std::min<std::size_t>(text.size(), 8)))
             .find("tpcr") != std::string::npos;
}

bool may_name_mail_program(std::string_view text) {
  const std::string lower = ascii_lower(text);
  if (contains_any(lower, {"mail", "exim", "mutt", "swaks", "msmtp", "ssmtp"})) return true;
  for (const std::string_view start : {"sen", "send", "sendm", "sendma", "sendmai", "mai", "exi",
                                       "swa", "swak", "msm", "msmt", "ssm", "ssmt"}) {
    if (lower.ends_with(start)) return true;
  }
  return false;
}

bool may_name_smtp(std::string_view text) {
  const std::string lower = ascii_lower(text.substr(0, 4));
  return lower == "smtp" || is_start_of(lower, "smtp");
}

// The end of a pattern with the flag that has its replacement run, or of a part of one.
bool may_have_eval_flag(std::string_view text) {
  if (text.empty() || text.back() < 'A') return false;
  const std::size_t end = text.find_last_not_of("imsxeADSUXJun \t\r\n");
  const std::string_view flags = text.substr(end + 1);
  return flags.size() < 12 && flags.find('e') != std::string_view::npos;
}

bool begins_with_text(const Node* pattern) {
  if (pattern == nullptr) return true;
  const Node* first = pattern;
  if (pattern->is(NodeKind::Interpolated) || pattern->is(NodeKind::Binary)) first = pattern->kid(0);
  return first != nullptr && first->is(NodeKind::String) && !first->value.empty();
}

bool is_trace_setting(std::string_view lower) {
  return lower == "max_execution_time" || lower == "mail.add_x_header" || lower == "mail.log";
}

}  // namespace

void Suspects::sink_function(const Node* node, Model model, const Arguments& args) {
  switch (model) {
    case Model::kMail:
    case Model::kTelling:
      has_any_ = true;
      return;
    case Model::kSetting:
      sink_setting(node, args);
      return;
    case Model::kCode:
      sink(args.at(0), kTaintTelling);
      return;
    case Model::kCodeSecond:
      sink(args.at(1), kTaintTelling);
      return;
    case Model::kCodeReplace:
      if (args.written > 3) sink(args.at(1), kTaintTelling);
      return;
    case Model::kReplace:
      if (!begins_with_text(node->kid(1))) sink(args.at(0), kTaintRequest);
      if (is_harmless_pattern(node->kid(1))) return;
      replaces_.push_back({args.at(1), kTaintTelling, args.at(0)});
      return;
    case Model::kCommand:
      sink_command_line(args.at(0));
      return;
    case Model::kIncludeCall:
      sink(args.at(0), kTaintTelling | kTaintRemote);
      return;
    case Model::kWriteFile:
      sink(args.at(1), kTaintOutside | kTaintCode);
      return;
    case Model::kCopy:
      sink(args.at(0), kTaintOutside | kTaintRemote);
      return;
    case Model::kWrite:
      writes_.push_back({args.at(1), kTaintOutside | kTaintCode, args.at(0)});
      return;
    case Model::kCurl:
      has_curl_ = true;
      return;
    default:
      return;
  }
}

// Settings that tell of the whole file, where they are written out.
void Suspects::sink_setting(const Node* node, const Arguments& args) {
  const Node* first = node->kid(1);
  const auto is_literal = [](const Node* arg) {
    return arg != nullptr && (arg->is(NodeKind::String) || arg->is(NodeKind::Int));
  };
  if (node->name.starts_with("ini_")) {
    if (is_literal(first)) {
      if (is_trace_setting(ascii_lower(first->value))) has_any_ = true;
    } else {
      sink(args.at(0), kTaintSpelled);
    }
  } else if (node->name == "set_time_limit") {
    if (!is_literal(first))
      sink(args.at(0), kTaintSpelled | kTaintNumber);
    else if (first->value == "0")
      has_any_ = true;
  } else if (!is_literal(first) || first->value != "0") {
    has_any_ = true;
  }
}

void Suspects::sink_method(const Node* node, Name name, const Arguments& args) {
  const Node* object = node->kid(0);
  const NameInfo& traits = method_traits(name);
  if (node->is(NodeKind::StaticCall)) {
    const std::string key = object != nullptr ? class_key(object->name) : std::string{};
    const bool makes = key == "jfactory" || key == "factory" || key == "jutility";
    has_mailer_ |= makes || is_mail_class(key);
    if (traits.is_sending && (key == "mail" || key == "jutility")) has_any_ = true;
  } else {
    const bool is_named = object != nullptr && is_mail_name(object->name);
    has_mailer_ |= is_named || traits.makes_mailer;
  }
  if (!node->name.empty() && !traits.is_sending) return;
  has_senders_ = true;
  const bool sends_all = node->name == "mail" || node->name == "sendmail";
  if (args.written >= 5 && sends_all) has_any_ = true;
}

void Suspects::note_alias(const Node* node) {
  has_mailer_ |= !node->value.empty() && is_mail_class(class_key(node->name));
  if (!node->value.empty()) names_[own_name(ascii_lower(node->value))].is_class = true;
}

std::uint32_t Suspects::literal_bits(std::string_view text, bool has_names) const {
  std::uint32_t bits = 0;
  if (begins_remote(text)) bits |= kTaintRemote;
  if (begins_request(text)) bits |= kTaintRequest | kTaintForeign;
  if (text.find('<') != std::string_view::npos && may_hold_code(text)) bits |= kTaintCode;
  if (!writes_.empty() && (may_name_recipient(text) || may_hide_recipient(text))) {
    bits |= kTaintRecipient;
  }
  if (has_commands_ && may_name_mail_program(text)) bits |= kTaintMailWord;
  if (!replaces_.empty() && may_have_eval_flag(text)) bits |= kTaintEvalFlag;
  if (!has_names || text.size() > kLongestName || !is_name(text)) return bits;
  const std::string key = class_key(text);
  const bool is_request = has_chosen_variables_ && superglobal_origins(text) != 0;
  if (is_request || model_of_function(key) >= Model::kSource) bits |= kTaintFunction;
  if (is_mail_class(key) || is_sending_method(key) || makes_mailer(key)) bits |= kTaintMailer;
  return bits;
}

void Suspects::note_property(std::string_view text) {
  const Name name = known_name(text);
  if (name == 0) return;
  const NameInfo& info = names_[name];
  if (info.property != kNowhere) graph_.connect(any_spelled_property_, info.property);
  if (info.element != kNowhere) graph_.connect(any_spelled_element_, info.element);
}

// Only who chooses the start of a path can run any file: 'pages/' . $name stays here.
void Suspects::sink_include(const Node* node) {
  const Node* path = node->kid(0);
  const Place place = visit(path);
  includes_.push_back({path, place});
  const bool has_parts = path != nullptr && (path->is(NodeKind::Interpolated) ||
                                             (path->is(NodeKind::Binary) && path->op_char == '.'));
  const Node* first = has_parts ? path->kid(0) : path;
  if (first != nullptr && first->is(NodeKind::String) && !first->value.empty() &&
      !begins_remote(first->value) && !begins_request(first->value)) {
    sink(place, kTaintHidden);  // the flow joins a hidden text to the one before it
    return;
  }
  const bool is_setting = has_parts && first != nullptr && first->is(NodeKind::Const);
  const Place setting = is_setting ? constant(first) : kNowhere;
  sinks_.push_back({place, kTaintTelling | kTaintRemote, setting});
}

// A function that a text names may be called by it.
void Suspects::note_spelled(std::string_view text) {
  std::array<char, kLongestName> lower;
  std::size_t part = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' || c == ':')
      part = i + 1;
    else if (c == ' ' || c == '/' || c == '<')
      return;
    lower[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  const std::string_view name(lower.data(), text.size());
  names_[known_name(name)].is_spelled = true;
  if (part != 0) names_[known_name(name.substr(part))].is_spelled = true;
}

const Suspects::NameInfo& Suspects::method_traits(Name name) {
  NameInfo& info = names_[name];
  if (!info.has_traits) {
    info.has_traits = true;
    info.is_sending = is_sending_method(info.text);
    info.makes_mailer = flow::makes_mailer(info.text);
    info.may_read_request = may_read_request(info.text);
  }
  return info;
}

void Suspects::judge_literals() {
  const bool has_names = has_value_calls_ || has_chosen_variables_ || !maker_places_.empty();
  for (const Literal& literal : literals_) {
    const bool is_name = literal.node->is(NodeKind::Name);
    const std::string_view text = is_name ? literal.node->name : literal.node->value;
    graph_.mark(literal.place, literal_bits(text, has_names));
    if (has_chosen_properties_) note_property(text);
    if (has_value_calls_ && text.size() <= kLongestName) note_spelled(text);
  }
}

bool Suspects::has_literal(bool (*predicate)(std::string_view)) const {
  return std::ranges::any_of(literals_, [&](const Literal& literal) {
    return predicate(literal.node->is(NodeKind::Name) ? literal.node->name : literal.node->value);
  });
}

// What the main program reads and nothing assigns: of the request where a form has such a field.
void Suspects::judge_variables() {
  std::vector<std::string_view> fields;
  bool has_fields = false;
  for (const VariableInfo& variable : variables_) {
    const Function& function = functions_[variable.function];
    if (function.any != kNowhere) graph_.connect(function.any, variable.place);
    graph_.connect(variable.place, function.all, Carries::kElements);
    const NameInfo& name = names_[variable.name];
    if (variable.function != 1 || name.is_assigned || superglobal_origins(name.text) != 0) continue;
    graph_.mark(variable.place, kTaintUndefined);
    if (!has_fields) {
      for (const std::string_view text : html_) collect_fields(text, fields);
      for (const Literal& literal : literals_) collect_fields(literal.node->value, fields);
      std::ranges::sort(fields);
      has_fields = true;
    }
    if (std::ranges::binary_search(fields, name.text)) {
      graph_.mark(variable.place, kTaintForeign | kTaintRequest);
    }
  }
}

namespace {

bool is_here(const Node* node) {
  if (node == nullptr) return false;
  if (node->is(NodeKind::Const)) {
    const std::string lower = ascii_lower(node->name);
    return lower == "__dir__" || lower == "__file__";
  }
  return node->is(NodeKind::Call) && node->name == "dirname" && node->kids.size() == 2 &&
         is_here(node->kid(1));
}

// The literal path of an include as the interpreter would read it; empty where it is none.
std::string literal_path(const Node* path) {
  if (path->is(NodeKind::String)) return std::string(path->value);
  const bool is_pair = path->is(NodeKind::Binary) && path->op_char == '.' && path->kids.size() == 2;
  if (!is_pair || !is_here(path->kid(0)) || !path->kid(1)->is(NodeKind::String)) return {};
  return "." + std::string(path->kid(1)->value);
}

}  // namespace

// Whatever a neighbour does to variables and functions, this walk has not seen.
void Suspects::judge_includes(const IncludeReader& reader) {
  if (!reader) return;
  for (const Include& include : includes_) {
    if ((graph_.bits(include.place) & kTaintSpelled) == 0 || include.path == nullptr) continue;
    const std::string path = literal_path(include.path);
    has_any_ |= path.empty() || reader(path).has_value();
    if (has_any_) return;
  }
}

void Suspects::judge_sinks() {
  for (const Sink& maker : maker_places_) {
    has_mailer_ |= (graph_.bits(maker.place) & maker.bits) != 0;
  }
  has_any_ |= has_mailer_ && has_senders_;
  const auto has = [this](Place place, std::uint32_t bits) {
    return (graph_.bits(place) & bits) != 0;
  };
  for (const Sink& sink : sinks_) {
    constexpr std::uint32_t kOpen =
        kTaintNameless | kTaintSpelled | kTaintEmpty | kTaintForeign | kTaintNumber;
    const bool is_include = (sink.bits & kTaintRemote) != 0;
    const bool counts =
        sink.callee == kNowhere || has(sink.callee, is_include ? kOpen : kTaintNameless);
    if (counts && has(sink.place, sink.bits)) has_any_ = true;
  }
  for (const Sink& replace : replaces_) {
    const bool is_run = has(replace.callee, kTaintHidden | kTaintEvalFlag);
    if (is_run && has(replace.place, replace.bits)) has_any_ = true;
  }
  for (const Sink& write : writes_) {
    const bool is_told = has(write.callee, kTaintFile) && has(write.place, write.bits);
    if (is_told || has(write.place, kTaintLetters | kTaintRecipient)) {
      has_any_ = true;
    }
  }
  // Where a handle's address was kept, the graph does not say.
  has_any_ |= has_curl_ && (hides_text_ || has_literal(may_name_smtp));
}

bool Suspects::passes(Name name) {
  NameInfo& info = names_[name];
  if (info.passes > 1) {
    const Promise promise = promise_of(info.text);
    info.passes = promise.cleans || promise.passes ? 1 : 0;
  }
  return info.passes == 1;
}

}  // namespace backscan::php::flow
