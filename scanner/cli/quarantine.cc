// `backscan quarantine`: takes files that findings speak of out of the way, so that each can come back.
#include <CLI/App.hpp>
#include <fmt/format.h>

#include <memory>
#include <ostream>

#include "base/text.h"
#include "base/words.h"
#include "cli/commands.h"
#include "cli/response_flags.h"
#include "mail/queue.h"
#include "response/act.h"
#include "response/queue_plan.h"
#include "response/shell.h"

namespace backscan::cli {
namespace {

struct QuarantineCommand {
  ResponseFlags response;
  std::string queue = "off";
};

struct Tally {
  std::size_t done = 0;
  std::size_t failed = 0;
  std::vector<response::ConfirmedScript> scripts;
};

Result<response::Target> check(const response::Candidate& candidate, const ResponseFlags& flags) {
  auto target = response::target_of(candidate.root, candidate.path);
  if (!target) return target;
  if (auto outside = require_store_outside(flags.directory, target->root); !outside)
    return std::unexpected(outside.error());
  if (!candidate.findings.empty() && candidate.sha256.empty())
    return std::unexpected(
        Error{candidate.path, "the scan did not read all of it; look at it, then give it as --file"});
  return target;
}

/// What is there now, if it is what was judged.
Result<response::FileState> look(const response::Target& target, const std::string& sha256) {
  const auto place = response::open_place(target);
  if (!place) return std::unexpected(place.error());
  const auto fd = response::open_regular(place->directory.get(), place->name, target.path());
  if (!fd) return std::unexpected(fd.error());
  auto state = response::read_state(fd->get(), target.path());
  if (state && !sha256.empty() && state->sha256 != sha256)
    return std::unexpected(Error{target.path(), "has changed since the scan; scan again"});
  return state;
}

Result<void> plan_one(const response::Candidate& candidate, const response::Target& target,
                      const ResponseFlags& flags, const Context& context) {
  const auto state = look(target, candidate.sha256);
  if (!state) return std::unexpected(state.error());
  Plan plan{.headline = fmt::format("would quarantine {} ({}, uid {}, mode {:04o})", candidate.path,
                                    bytes_text(state->size), state->uid, state->mode),
            .reasons = reasons_of(candidate),
            .commands = response::quarantine_commands(
                candidate.path, flags.directory + "/by-hand/" + state->sha256, state->flags)};
  if (state->links > 1)
    plan.reasons.push_back(
        fmt::format("it has {} hard links: the other names stay", grouped(state->links)));
  tell_plan(plan, context);
  return {};
}

Result<void> apply_one(const response::Candidate& candidate, const response::Target& target,
                       response::Store& store, const Context& context) {
  const auto outcome = response::quarantine(store, {.target = target,
                                                    .sha256 = candidate.sha256,
                                                    .finding = finding_record_of(candidate),
                                                    .now = context.now()});
  if (!outcome) return std::unexpected(outcome.error());
  if (!context.quiet)
    context.streams.out << fmt::format("quarantined {} as {}\n", escape_controls(candidate.path),
                                       outcome->id);
  for (const std::string& remark : outcome->remarks)
    context.complain(candidate.path + ": " + remark);
  return {};
}

void tell_end(const Tally& tally, const ResponseFlags& flags, const Context& context) {
  if (context.quiet) return;
  std::ostream& out = context.streams.out;
  if (tally.done == 0 && tally.failed == 0)
    out << "nothing to quarantine\n";
  else if (flags.apply)
    out << fmt::format("{} quarantined, {} failed; backscan restore --list shows the way back\n",
                       counted(tally.done, "file"), grouped(tally.failed));
  else
    out << fmt::format("{} would be quarantined, {} could not; add --apply to do it\n",
                       counted(tally.done, "file"), grouped(tally.failed));
}

/// What would take the scripts' messages out of the queues; never run by backscan.
void tell_queue_plan(const std::string& queue, const Tally& tally, const Context& context) {
  if (queue == "off" || tally.scripts.empty()) return;
  const auto root = RootedDirectory::open("/");
  if (!root) return context.complain(root.error().message());
  mail::LogPart part;
  std::vector<Error> errors;
  mail::read_queues(*root, queue == "auto" ? std::string() : queue, part, errors);
  for (const Error& error : errors) context.complain(error.message());
  const auto plan = response::plan_queue_removal(part.store, tally.scripts);
  std::ostream& out = context.streams.out;
  if (!context.quiet)
    out << fmt::format("{} of these files in the mail queues; to remove them, run by yourself:\n",
                       counted(plan.messages, "message"));
  for (const std::string& command : plan.commands) out << (context.quiet ? "" : "  $ ") << command << '\n';
  if (!plan.uncertain.empty() && !context.quiet)
    out << "tied by owner and file name only; look at them first:\n";
  for (const std::string& command : plan.uncertain) out << "  # " << command << '\n';
}

int run_quarantine(const QuarantineCommand& command, const Context& context) {
  const ResponseFlags& flags = command.response;
  const auto chosen = choose_files(flags, context);
  if (!chosen) {
    context.complain(chosen.error().message());
    return kError;
  }
  auto store = open_store(flags.directory, flags.apply, context);
  if (!store) {
    context.complain(store.error().message());
    return kError;
  }
  if (!flags.apply && !context.quiet && !chosen->candidates.empty())
    context.streams.out << "$ " << fmt::format("install -d -m 0700 -- {}\n",
                                               response::shell_quote(flags.directory + "/by-hand"));
  Tally tally;
  for (const response::Candidate& candidate : chosen->candidates) {
    const auto target = check(candidate, flags);
    // Who owns it is to be asked before it is gone.
    const auto state = target ? look(*target, candidate.sha256)
                              : Result<response::FileState>(std::unexpected(target.error()));
    const auto done = !target       ? Result<void>(std::unexpected(target.error()))
                      : flags.apply ? apply_one(candidate, *target, *store, context)
                                    : plan_one(candidate, *target, flags, context);
    if (!done) context.complain(done.error().message());
    ++(done ? tally.done : tally.failed);
    if (done && state) tally.scripts.push_back({candidate.path, state->uid});
  }
  tell_end(tally, flags, context);
  tell_queue_plan(command.queue, tally, context);
  context.streams.out.flush();
  return tally.failed == 0 && context.streams.out ? kOk : kError;
}

}  // namespace

void add_quarantine(CLI::App& app, Context& context) {
  CLI::App* const quarantine = app.add_subcommand(
      "quarantine", "Take the files that findings speak of out of the way; dry run unless --apply");
  const auto command = std::make_shared<QuarantineCommand>();
  add_response_flags(*quarantine, command->response);
  quarantine->add_option("--queue", command->queue,
                         "Also print what removes the files' queued messages: auto, off or a directory")
      ->type_name("auto|off|DIR")
      ->capture_default_str();
  quarantine->footer(
      "Each file's content goes into the quarantine directory (0700), with path, owner, mode, times, "
      "extended attributes, digest and finding in its journal. A file that changed since the scan is "
      "left alone. What a crash leaves half done, the next --apply finishes or undoes.\n"
      "Exit codes: 0 done or planned; 2 an error, or a file could not be dealt with.");
  quarantine->callback(
      [command, &context] { context.exit_code = run_quarantine(*command, context); });
}

}  // namespace backscan::cli
