// Settings are fed to CLI11's own options, so that values are checked in one way wherever they come
// from.
#include "cli/settings.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string_view>

#include "base/text.h"
#include "cli/config.h"

namespace backscan::cli {
namespace {

constexpr std::string_view kPrefix = "BACKSCAN_";

/// What makes no sense outside of the command line.
bool is_settable(const CLI::Option& option) {
  if (option.get_lnames().empty()) return option.get_positional();
  const std::string& name = option.get_lnames().front();
  return name != "help" && name != "help-all" && name != "version";
}

/// The key of an option in files: its long flag, or a positional's name in lower case.
std::string key_of(const CLI::Option& option) {
  return option.get_lnames().empty() ? ascii_lower(option.get_name(true))
                                     : option.get_lnames().front();
}

CLI::Option* find_option(CLI::App& app, const std::string& key) {
  for (CLI::Option* option : app.get_options())
    if (is_settable(*option) && key_of(*option) == key) return option;
  return nullptr;
}

CLI::App* find_command(CLI::App& app, const std::string& name) {
  for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; }))
    if (command->get_name() == name) return command;
  return nullptr;
}

Result<void> give(CLI::Option& option, const std::vector<std::string>& values,
                  const std::string& origin) {
  if (values.empty()) return {};
  try {
    option.add_result(values);
    option.run_callback();
    return {};
  } catch (const CLI::ParseError& error) {
    return std::unexpected(Error{origin, error.what()});
  }
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end != 0) lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

/// Only the values that a flag of the chosen commands can use are looked at.
Result<void> apply_environment(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->count() > 0 || option->get_lnames().empty() || !is_settable(*option)) continue;
    const std::string variable = variable_name(option->get_lnames().front());
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr) continue;
    if (const auto given = give(*option, lines_of(value), variable); !given) return given;
  }
  for (CLI::App* command : app.get_subcommands())
    if (const auto applied = apply_environment(*command); !applied) return applied;
  return {};
}

Result<void> apply_setting(CLI::App& app, const ConfigSetting& setting) {
  CLI::App* command = &app;
  bool is_chosen = true;
  for (const std::string& name : setting.command) {
    CLI::App* const nested = find_command(*command, name);
    if (nested == nullptr)
      return std::unexpected(Error{setting.origin, fmt::format("unknown table \"{}\"", name)});
    is_chosen = is_chosen && command->got_subcommand(nested);
    command = nested;
  }
  CLI::Option* const option = find_option(*command, setting.key);
  if (option == nullptr || setting.key == "config")
    return std::unexpected(Error{setting.origin, fmt::format("unknown key \"{}\"", setting.key)});
  if (!is_chosen || option->count() > 0) return {};
  return give(*option, setting.values, setting.origin);
}

Result<void> apply_file(CLI::App& app, const std::string& file) {
  const auto settings = read_config(file);
  if (!settings) return std::unexpected(settings.error());
  for (const ConfigSetting& setting : *settings)
    if (const auto applied = apply_setting(app, setting); !applied) return applied;
  return {};
}

void collect_variables(const CLI::App& app, std::set<std::string>& names) {
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.insert(variable_name(name));
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    collect_variables(*command, names);
}

}  // namespace

Result<void> apply_settings(CLI::App& app, const std::string& config_file,
                            const std::string& system_file) {
  if (const auto applied = apply_environment(app); !applied) return applied;
  if (!config_file.empty())
    if (const auto applied = apply_file(app, config_file); !applied) return applied;
  std::error_code ignored;
  if (!std::filesystem::exists(system_file, ignored)) return {};
  return apply_file(app, system_file);
}

std::vector<std::string> unknown_variables(const CLI::App& app) {
  std::set<std::string> known;
  collect_variables(app, known);
  std::vector<std::string> unknown;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view variable(*entry);
    if (!variable.starts_with(kPrefix)) continue;
    std::string name(variable.substr(0, variable.find('=')));
    if (!known.contains(name)) unknown.push_back(std::move(name));
  }
  std::ranges::sort(unknown);
  return unknown;
}

std::string variable_name(const std::string& long_name) {
  std::string name(kPrefix);
  for (const char c : long_name) {
    if (c == '-')
      name += '_';
    else
      name += c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  }
  return name;
}

}  // namespace backscan::cli
