// `backscan clean`: takes injected blocks out of honest files, and puts core files back as the vendor
// made them.
#include <CLI/App.hpp>
#include <fmt/format.h>
#include <re2/re2.h>

#include <map>
#include <memory>
#include <ostream>

#include "base/text.h"
#include "base/words.h"
#include "cli/commands.h"
#include "cli/response_flags.h"
#include "response/act.h"
#include "response/clean_block.h"
#include "response/content_digest.h"
#include "response/shell.h"
#include "rules/regex.h"
#include "rules/rule_files.h"

namespace backscan::cli {
namespace {

/// Larger files are not honest PHP.
constexpr std::uint64_t kMaxBytes = std::uint64_t{64} << 20;

struct CleanCommand {
  ResponseFlags response;
  std::vector<std::string> rule_directories;
  std::string known_good;
  std::string site;
};

using BlockPatterns = std::map<std::string, std::string>;

/// A file's content before and after, and how it came about.
struct Cleaning {
  response::Target target;
  std::string before;
  std::string after;
  std::vector<Span> blocks;
  std::string source;  // the known-good file; empty where blocks were taken out
};

Result<std::string> read_target(const response::Target& target) {
  const auto place = response::open_place(target);
  if (!place) return std::unexpected(place.error());
  const auto fd = response::open_regular(place->directory.get(), place->name, target.path());
  if (!fd) return std::unexpected(fd.error());
  return response::read_all(fd->get(), kMaxBytes, target.path());
}

Result<void> take_blocks_out(const response::Candidate& candidate, const BlockPatterns& patterns,
                             Cleaning& cleaning) {
  std::vector<const Finding*> bounded;
  for (const Finding* finding : candidate.findings)
    if (patterns.contains(finding->rule)) bounded.push_back(finding);
  if (bounded.empty())
    return std::unexpected(Error{candidate.path, "no rule says where the injected block begins and "
                                                 "ends; see quarantine or --known-good"});
  cleaning.after = cleaning.before;
  std::vector<std::string> done;
  for (const Finding* finding : bounded) {
    if (std::ranges::find(done, finding->rule) != done.end()) continue;
    done.push_back(finding->rule);
    const re2::RE2 block(patterns.at(finding->rule), rules::regex_options());
    const auto blocks = response::find_blocks(cleaning.after, block);
    auto rest = response::without_blocks(cleaning.after, blocks);
    if (!rest) return std::unexpected(Error{candidate.path, rest.error().reason});
    if (done.size() == 1) cleaning.blocks = blocks;
    cleaning.after = *std::move(rest);
  }
  return {};
}

Result<void> take_known_good(const CleanCommand& command, Cleaning& cleaning) {
  const std::string& site = command.site.empty() ? cleaning.target.root : command.site;
  const auto in_site = response::target_of(site, cleaning.target.path());
  if (!in_site) return std::unexpected(in_site.error());
  const response::Target good{command.known_good, in_site->relative};
  auto content = read_target(good);
  if (!content)
    return std::unexpected(
        Error{cleaning.target.path(), "not in the known-good tree (" + content.error().message() + ")"});
  if (*content == cleaning.before)
    return std::unexpected(Error{cleaning.target.path(), "is what the known-good tree has"});
  cleaning.after = *std::move(content);
  cleaning.source = good.path();
  return {};
}

Result<Cleaning> prepare(const CleanCommand& command, const response::Candidate& candidate,
                         const BlockPatterns& patterns) {
  auto target = response::target_of(candidate.root, candidate.path);
  if (!target) return std::unexpected(target.error());
  if (auto outside = require_store_outside(command.response.directory, target->root); !outside)
    return std::unexpected(outside.error());
  Cleaning cleaning{.target = *std::move(target)};
  auto content = read_target(cleaning.target);
  if (!content) return std::unexpected(content.error());
  cleaning.before = *std::move(content);
  if (!candidate.findings.empty() && response::sha256_of(cleaning.before) != candidate.sha256)
    return std::unexpected(Error{candidate.path, "has changed since the scan; scan again"});
  const auto made = command.known_good.empty() ? take_blocks_out(candidate, patterns, cleaning)
                                               : take_known_good(command, cleaning);
  if (!made) return std::unexpected(made.error());
  return cleaning;
}

void tell_cleaning(const Cleaning& cleaning, const response::Candidate& candidate,
                   const CleanCommand& command, const Context& context) {
  const std::string& path = candidate.path;
  Plan plan{.reasons = reasons_of(candidate)};
  const std::string kept = response::shell_quote(command.response.directory + "/by-hand/" +
                                                 response::sha256_of(cleaning.before));
  plan.commands.push_back(
      fmt::format("cp --archive -- {} {}", response::shell_quote(path), kept));
  if (!cleaning.source.empty()) {
    plan.headline = fmt::format("would put {} in the place of {}", cleaning.source, path);
    plan.commands.push_back(fmt::format("cat -- {} > {}", response::shell_quote(cleaning.source),
                                        response::shell_quote(path)));
  } else {
    plan.headline = fmt::format("would take {} out of {} ({} of {} stay)",
                                counted(cleaning.blocks.size(), "block"), path,
                                bytes_text(cleaning.after.size()), bytes_text(cleaning.before.size()));
    std::string pieces;
    Offset at = 0;
    for (const Span& block : cleaning.blocks) {
      plan.reasons.push_back(fmt::format("bytes {} to {}", block.begin, block.end));
      pieces += fmt::format("tail -c +{} -- {} | head -c {}; ", at + 1, kept, block.begin - at);
      at = block.end;
    }
    plan.commands.push_back(fmt::format("{{ {}tail -c +{} -- {}; }} > {}", pieces, at + 1, kept,
                                        response::shell_quote(path)));
  }
  tell_plan(plan, context);
}

Result<void> clean_one(const CleanCommand& command, const response::Candidate& candidate,
                       const BlockPatterns& patterns, response::Store& store,
                       const Context& context) {
  const auto cleaning = prepare(command, candidate, patterns);
  if (!cleaning) return std::unexpected(cleaning.error());
  if (!command.response.apply) {
    tell_cleaning(*cleaning, candidate, command, context);
    return {};
  }
  const auto outcome =
      response::replace(store,
                        {.target = cleaning->target,
                         .sha256 = response::sha256_of(cleaning->before),
                         .finding = finding_record_of(candidate),
                         .now = context.now()},
                        cleaning->after);
  if (!outcome) return std::unexpected(outcome.error());
  if (!context.quiet)
    context.streams.out << fmt::format("cleaned {}, the old one is {}\n",
                                       escape_controls(candidate.path), outcome->id);
  for (const std::string& remark : outcome->remarks)
    context.complain(candidate.path + ": " + remark);
  return {};
}

Result<BlockPatterns> load_patterns(const CleanCommand& command, const Context& context) {
  std::vector<std::string> directories = {signatures_directory()};
  directories.insert(directories.end(), command.rule_directories.begin(),
                     command.rule_directories.end());
  const auto rules = rules::read_rules(directories);
  if (!rules) {
    for (std::size_t i = 1; i < rules.error().size(); ++i)
      context.complain(rules.error()[i].message());
    return std::unexpected(rules.error().front());
  }
  BlockPatterns patterns;
  for (const rules::Rule& rule : *rules)
    if (!rule.info.clean_block.empty()) patterns[rule.info.id] = rule.info.clean_block;
  return patterns;
}

int run_clean(const CleanCommand& command, const Context& context) {
  const auto fail = [&](const Error& error) {
    context.complain(error.message());
    return static_cast<int>(kError);
  };
  const auto chosen = choose_files(command.response, context);
  if (!chosen) return fail(chosen.error());
  const auto patterns = load_patterns(command, context);
  if (!patterns) return fail(patterns.error());
  auto store = open_store(command.response.directory, command.response.apply, context);
  if (!store) return fail(store.error());
  std::size_t failed = 0;
  for (const response::Candidate& candidate : chosen->candidates) {
    const auto cleaned = clean_one(command, candidate, *patterns, *store, context);
    if (cleaned) continue;
    context.complain(cleaned.error().message());
    ++failed;
  }
  if (!context.quiet) {
    const std::size_t done = chosen->candidates.size() - failed;
    context.streams.out << (chosen->candidates.empty() ? std::string("nothing to clean\n")
                            : command.response.apply
                                ? fmt::format("{} cleaned, {} left alone; backscan restore --list "
                                              "shows the way back\n",
                                              counted(done, "file"), grouped(failed))
                                : fmt::format("{} would be cleaned, {} could not; add --apply to do it\n",
                                              counted(done, "file"), grouped(failed)));
  }
  return failed == 0 ? kOk : kError;
}

}  // namespace

void add_clean(CLI::App& app, Context& context) {
  CLI::App* const clean = app.add_subcommand(
      "clean", "Take injected blocks out of honest files; dry run unless --apply");
  const auto command = std::make_shared<CleanCommand>();
  add_response_flags(*clean, command->response);
  clean->add_option("--rules", command->rule_directories, "Directory of further rules")
      ->allow_extra_args(false)
      ->type_name("DIR");
  CLI::Option* const known_good =
      clean
          ->add_option("--known-good", command->known_good,
                       "Tree of the same application and version: files come back from there")
          ->check(CLI::ExistingDirectory);
  clean->add_option("--site", command->site, "Directory that --known-good stands for (default: the root)")
      ->needs(known_good);
  clean->footer(
      "Only rules with `clean: {block: …}` say what may be taken out. A file is left alone where the "
      "rest would not be the same program. The old file goes into quarantine; see backscan restore.\n"
      "Exit codes: 0 done or planned; 2 an error, or a file was left alone.");
  clean->callback([command, &context] { context.exit_code = run_clean(*command, context); });
}

}  // namespace backscan::cli
