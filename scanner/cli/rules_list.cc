// `backscan rules list` and `rules show`: what the rules are.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "base/words.h"
#include "cli/rules.h"
#include "external/external_rules.h"

namespace backscan::cli {
namespace {

using rules::Rule;
using rules::RuleInfo;

struct ListOptions {
  RuleDirectories directories;
  std::vector<std::string> classes;
  std::string id;
  std::string format = "text";
};

nlohmann::ordered_json to_json(const RuleInfo& rule) {
  auto causes = nlohmann::ordered_json::array();
  for (const Cause cause : rule.causes) causes.push_back(name_of(cause));
  return {{"id", rule.id},
          {"title", rule.title},
          {"class", rule.rule_class},
          {"severity", name_of(rule.severity)},
          {"confidence", name_of(rule.confidence)},
          {"status", rule.status},
          {"causes", std::move(causes)},
          {"message", rule.message},
          {"remedy", rule.remedy},
          {"references", rule.references},
          {"false_positives", rule.false_positives},
          {"author", rule.author},
          {"date", rule.date},
          {"file", to_utf8(rule.file)}};
}

std::string dump(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void print_table(const std::vector<RuleInfo>& rules, std::ostream& out) {
  std::size_t width = 0;
  for (const RuleInfo& rule : rules) width = std::max(width, rule.id.size());
  for (const RuleInfo& info : rules) {
    out << fmt::format("{:<{}}  {:<8}  {:<6}  {:<12}  {}\n", info.id, width, name_of(info.severity),
                       name_of(info.confidence), info.status, escape_controls(info.title));
  }
}

/// What hash lists are as rules.
std::expected<std::vector<RuleInfo>, std::vector<Error>> read_hash_lists(
    const std::vector<std::string>& directories) {
  std::vector<Error> errors;
  std::vector<RuleInfo> infos;
  for (const external::HashList& list : external::open_hash_lists(directories, errors)) {
    RuleInfo info = list.rule();
    info.title = counted(list.count(), "hash", "hashes") + " of known malware";
    infos.push_back(std::move(info));
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return infos;
}

int run_list(const ListOptions& options, const Context& context) {
  const auto rules = rules::read_rules(options.directories.all());
  if (!rules) return complain_all(context, rules.error());
  auto chosen = read_hash_lists(options.directories.all());
  if (!chosen) return complain_all(context, chosen.error());
  for (const Rule& rule : *rules) chosen->push_back(rule.info);
  std::erase_if(*chosen, [&](const RuleInfo& rule) {
    return !options.classes.empty() &&
           std::ranges::find(options.classes, rule.rule_class) == options.classes.end();
  });
  std::ranges::sort(*chosen, {}, &RuleInfo::id);
  if (options.format == "text") {
    print_table(*chosen, context.streams.out);
    return kOk;
  }
  auto list = nlohmann::ordered_json::array();
  for (const RuleInfo& rule : *chosen) list.push_back(to_json(rule));
  context.streams.out << dump(list) << '\n';
  return kOk;
}

/// The file itself is the best account of a rule: its `when`, its comments.
void print_rule(const Rule& rule, const std::string& source, std::ostream& out) {
  out << "# " << escape_controls(rule.info.file) << '\n';
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t end = std::min(source.find('\n', at), source.size());
    out << escape_controls(std::string_view(source).substr(at, end - at)) << '\n';
    at = end + 1;
  }
}

int run_show(const ListOptions& options, const Context& context) {
  std::vector<Error> errors;
  for (const rules::RuleSource& source :
       rules::read_rule_files(options.directories.all(), errors)) {
    if (source.id != options.id) continue;
    const auto rule = rules::read_rule(source, errors);
    if (!rule) return complain_all(context, errors);
    if (options.format == "json")
      context.streams.out << dump(to_json(rule->info)) << '\n';
    else
      print_rule(*rule, source.text, context.streams.out);
    return kOk;
  }
  const auto lists = read_hash_lists(options.directories.all());
  if (!lists) return complain_all(context, lists.error());
  for (const RuleInfo& list : *lists) {
    if (list.id != options.id) continue;
    if (options.format == "json")
      context.streams.out << dump(to_json(list)) << '\n';
    else
      context.streams.out << "# " << escape_controls(list.file) << '\n'
                          << list.title << ", severity " << name_of(list.severity) << ", from "
                          << escape_controls(joined(list.references)) << '\n';
    return kOk;
  }
  context.complain(options.id + ": no rule of this id");
  return kError;
}

}  // namespace

void add_rules_list(CLI::App& rules, Context& context) {
  auto* command = rules.add_subcommand("list", "Every rule, one a line");
  auto options = std::make_shared<ListOptions>();
  options->directories.add_options(*command);
  command->add_option("--class", options->classes, "Only rules of this class")
      ->check(CLI::IsMember(
          std::vector<std::string>(rules::kClassNames.begin(), rules::kClassNames.end())));
  command->add_option("-f,--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  command->callback([options, &context] { context.exit_code = run_list(*options, context); });
}

void add_rules_show(CLI::App& rules, Context& context) {
  auto* command = rules.add_subcommand("show", "One rule, as its file says it");
  auto options = std::make_shared<ListOptions>();
  options->directories.add_options(*command);
  command->add_option("ID", options->id, "The rule: <class>/<name>")->required();
  command->add_option("-f,--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  command->callback([options, &context] { context.exit_code = run_show(*options, context); });
}

}  // namespace backscan::cli
