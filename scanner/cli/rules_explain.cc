// `backscan rules explain FILE[:LINE]`: which views, facts and rules saw what there, and why a rule
// did not fire.
#include <fcntl.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <charconv>
#include <memory>
#include <optional>

#include "base/unique_fd.h"
#include "cli/one_file.h"
#include "cli/rules.h"
#include "cli/rules_explain_report.h"
#include "scan/neighbour_reader.h"
#include "scan/users.h"

namespace backscan::cli {
namespace {

namespace fs = boost::filesystem;

struct ExplainCommand {
  RuleDirectories directories;
  std::string target;
  std::string root;
  std::vector<std::string> wanted;
  bool is_json = false;
};

struct Target {
  std::string file;
  std::size_t line = 0;
};

/// "a.php:12"; without a number behind the last colon the whole file is meant.
Target parse_target(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  Target target{.file = text};
  if (colon == text.npos) return target;
  std::size_t line = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, line);
  if (error == std::errc{} && stop == end && line > 0) target = {text.substr(0, colon), line};
  return target;
}

/// Where the file lies, as a scan of `root` would say it.
struct Location {
  std::string root;
  std::string directory;  // below the root
  std::string name;

  [[nodiscard]] std::string relative_path() const {
    return directory.empty() ? name : directory + '/' + name;
  }
};

Result<Location> locate(const std::string& file, const std::string& root) {
  boost::system::error_code error;
  const fs::path path = fs::canonical(file, error);
  if (error) return std::unexpected(Error{file, error.message()});
  const fs::path above = root.empty() ? path.parent_path() : fs::canonical(root, error);
  if (error) return std::unexpected(Error{root, error.message()});
  const fs::path below = path.lexically_relative(above);
  if (below.empty() || below.begin()->string() == "..")
    return std::unexpected(Error{file, "lies outside of --root " + root});
  return Location{above.string(), below.parent_path().string(), path.filename().string()};
}

int run_explain(const ExplainCommand& command, const Context& context) {
  const auto fail = [&](const Error& error) {
    context.complain(error.message());
    return kError;
  };
  const Target target = parse_target(command.target);
  const auto file = read_one_file(target.file);
  if (!file) return fail(file.error());
  const auto location = locate(target.file, command.root);
  if (!location) return fail(location.error());
  const auto rules = rules::read_rules(command.directories.all());
  if (!rules) return complain_all(context, rules.error());
  for (const std::string& id : command.wanted)
    if (std::ranges::none_of(*rules, [&](const rules::Rule& rule) { return rule.info.id == id; }))
      return fail({id, "no rule of this id"});
  const auto compiled = rules::RuleSet::load({.directories = command.directories.all()});
  if (!compiled) return complain_all(context, compiled.error());

  const std::string relative_path = location->relative_path();
  const std::string directory = location->root + "/" + location->directory;
  const UniqueFd directory_fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::vector<uid_t> web_users = scan::web_server_users();
  const walk::FileEntry entry{.directory_fd = directory_fd.get(),
                              .name = location->name.c_str(),
                              .directory = location->directory,
                              .root = location->root};
  scan::FileInput input{
      .relative_path = relative_path,
      .name = location->name,
      .bytes = file->bytes,
      .size_bytes = file->bytes.size(),
      .place = scan::PlaceLooker(web_users).look(entry, scan::kind_of_name(location->name), file->status)};
  input.include_reader = [&](std::string_view path) {
    return scan::read_neighbour(directory_fd.get(), path);
  };
  const scan::ScanOptions options;
  scan::FileScanner scanner(*compiled, options);
  scanner.begin(input);
  const scan::FileVerdict& verdict = scanner.scan();
  const Readings readings(input, verdict);
  Explained explained = explain(readings, *rules, *compiled, target.line, command.wanted);
  explained.path = target.file;
  if (command.is_json)
    print_explained_json(explained, context.streams.out);
  else
    print_explained(explained, context.streams.out);
  return kOk;
}

}  // namespace

void add_rules_explain(CLI::App& rules, Context& context) {
  auto* command = rules.add_subcommand(
      "explain", "Which views, facts and rules saw what at a line, and why a rule did not fire");
  auto options = std::make_shared<ExplainCommand>();
  command->add_option("FILE:LINE", options->target, "File, and a line of it")->required();
  command->add_option("--rule", options->wanted, "Judge this rule, condition by condition")
      ->type_name("ID")
      ->allow_extra_args(false);
  command->add_option("--root", options->root,
                      "Directory that a scan would start at, for rules on paths")
      ->type_name("DIR");
  command->add_flag("--json", options->is_json, "One JSON object");
  options->directories.add_options(*command);
  command->callback([options, &context] { context.exit_code = run_explain(*options, context); });
}

}  // namespace backscan::cli
