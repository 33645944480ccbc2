// `backscan restore`: brings back what `quarantine` and `clean` took, and lists what there is.
#include <CLI/App.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <ostream>

#include "base/text.h"
#include "base/words.h"
#include "cli/commands.h"
#include "cli/response_flags.h"
#include "model/time_text.h"
#include "response/restore.h"
#include "response/shell.h"

namespace backscan::cli {
namespace {

struct RestoreCommand {
  std::vector<std::string> what;
  std::string directory = kQuarantineDirectory;
  bool apply = false;
  bool all = false;
  bool list = false;
};

const char* phase_word(const response::Entry& entry) {
  switch (entry.phase) {
    case response::Phase::kBegun: return "begun";
    case response::Phase::kDone:
      return entry.action == response::Action::kQuarantine ? "quarantined" : "cleaned";
    case response::Phase::kUndone: return "undone";
    case response::Phase::kRestoring: return "restoring";
    case response::Phase::kRestored: return "restored";
  }
  return "";
}

void list_entries(const response::Journal& journal, const Context& context) {
  std::size_t shown = 0;
  for (const response::Entry& entry : journal.entries()) {
    if (entry.phase == response::Phase::kUndone && !context.verbose) continue;
    ++shown;
    context.streams.out << fmt::format("{}  {:<11}  {}  {}{}\n", format_time(entry.time),
                                       phase_word(entry), entry.id,
                                       escape_controls(entry.target.path()),
                                       entry.remark.empty() ? ""
                                                            : "  (" + escape_controls(entry.remark) + ")");
  }
  if (shown == 0 && !context.quiet) context.streams.out << "nothing in quarantine\n";
}

bool is_below(const std::string& path, const std::string& directory) {
  return path == directory ||
         (path.starts_with(directory) && (directory.ends_with('/') || path[directory.size()] == '/'));
}

/// Ids of what can be restored, the latest action first: a file cleaned twice goes back step by step.
Result<std::vector<std::string>> chosen_ids(const RestoreCommand& command,
                                            const response::Journal& journal) {
  std::vector<std::string> ids;
  std::vector<std::string> unknown = command.what;
  const auto& entries = journal.entries();
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    bool is_wanted = command.all;
    for (const std::string& word : command.what) {
      const bool is_meant = word == entry->id || is_below(entry->target.path(), word);
      if (is_meant && entry->phase == response::Phase::kDone) std::erase(unknown, word);
      is_wanted = is_wanted || is_meant;
    }
    if (is_wanted && entry->phase == response::Phase::kDone) ids.push_back(entry->id);
  }
  if (!unknown.empty())
    return std::unexpected(Error{unknown.front(), "nothing to restore; see backscan restore --list"});
  return ids;
}

Result<void> restore_one(const std::string& id, const RestoreCommand& command,
                         response::Store& store, const Context& context) {
  const response::Entry entry = *store.journal().find(id);
  if (!command.apply) {
    if (auto checked = response::check_restore(store, id); !checked) return checked;
    tell_plan({.headline = fmt::format("would restore {} ({}, uid {}, mode {:04o})",
                                       entry.target.path(), bytes_text(entry.before.size),
                                       entry.before.uid, entry.before.mode),
               .commands = response::restore_commands(entry, store.item_path(id))},
              context);
    return {};
  }
  const auto lost = response::restore(store, id);
  if (!lost) return std::unexpected(lost.error());
  if (!context.quiet)
    context.streams.out << fmt::format("restored {}\n", escape_controls(entry.target.path()));
  for (const std::string& line : *lost) context.complain(entry.target.path() + ": not as it was: " + line);
  return {};
}

int run_restore(const RestoreCommand& command, const Context& context) {
  const auto fail = [&](const Error& error) {
    context.complain(error.message());
    return static_cast<int>(kError);
  };
  auto store = open_store(command.directory, command.apply, context);
  if (!store) return fail(store.error());
  if (command.list) {
    list_entries(store->journal(), context);
    return kOk;
  }
  if (command.what.empty() && !command.all)
    return fail({{}, "say what to restore: an id, a path, or --all"});
  const auto ids = chosen_ids(command, store->journal());
  if (!ids) return fail(ids.error());
  std::size_t failed = 0;
  for (const std::string& id : *ids) {
    const auto restored = restore_one(id, command, *store, context);
    if (restored) continue;
    context.complain(restored.error().message());
    ++failed;
  }
  if (!context.quiet)
    context.streams.out << fmt::format(
        "{} {}, {} {}\n", counted(ids->size() - failed, "file"),
        command.apply ? "restored" : "would be restored", grouped(failed),
        command.apply ? "failed" : "could not; add --apply to do it");
  return failed == 0 ? kOk : kError;
}

}  // namespace

void add_restore(CLI::App& app, Context& context) {
  CLI::App* const restore = app.add_subcommand(
      "restore", "Bring back what quarantine or clean took; dry run unless --apply");
  const auto command = std::make_shared<RestoreCommand>();
  restore->add_option("ID|PATH", command->what, "Entries of the journal, files, or directories");
  restore->add_flag("--all", command->all, "Everything that can be restored");
  restore->add_flag("--list", command->list, "List what was done and how it stands");
  add_store_flags(*restore, command->directory, command->apply);
  restore->footer(
      "Nothing that stands in a file's place is ever replaced. What cannot be brought back as it was "
      "(an attribute that the file system refuses, a hard link) is told.\n"
      "Exit codes: 0 done or planned; 2 an error, or a file could not be restored.");
  restore->callback([command, &context] { context.exit_code = run_restore(*command, context); });
}

}  // namespace backscan::cli
