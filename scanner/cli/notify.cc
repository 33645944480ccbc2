// `backscan notify`: tells people of what is new in a result, and nothing where nothing is.
#include <CLI/App.hpp>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <ostream>

#include "base/output_file.h"
#include "cli/commands.h"
#include "cli/result_files.h"
#include "cli/values.h"
#include "notice/channels.h"

namespace backscan::cli {
namespace {

struct NotifyCommand {
  std::vector<std::string> results;
  std::string state = "/var/lib/backscan/state/notified.json";
  Severity min_severity = Severity::kMedium;
  notice::MailAddresses mail;
  std::string sendmail = "/usr/sbin/sendmail";
  std::vector<std::string> webhooks;
  std::chrono::seconds timeout{10};
  bool syslog = false;
  bool dry_run = false;
};

/// Nothing is known before the first notice.
Result<notice::Known> load_known(const std::string& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return notice::Known{};
  std::ifstream in(file, std::ios::binary);
  if (!in) return system_error(file, errno);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return notice::parse_known(text, file);
}

Result<void> check_mail(const NotifyCommand& command) {
  if (command.mail.to.empty()) return {};
  if (command.mail.from.empty())
    return std::unexpected(Error{"--mail-from", "is needed: a failure must come back to someone"});
  if (auto checked = notice::check_address(command.mail.from); !checked) return checked;
  for (const std::string& address : command.mail.to)
    if (auto checked = notice::check_address(address); !checked) return checked;
  return {};
}

/// Every channel is tried; true if all took it.
bool send_all(const NotifyCommand& command, const notice::Changes& changes,
              const ScanResult& result, const Context& context) {
  const std::string subject = notice::subject_of(changes, result);
  bool all_taken = true;
  const auto judge = [&](const Result<void>& sent) {
    if (sent) return;
    context.complain(sent.error().message());
    all_taken = false;
  };
  if (!command.mail.to.empty())
    judge(notice::send_mail(command.sendmail, command.mail,
                            notice::mail_of(command.mail, subject, notice::text_of(changes, result),
                                            context.now(), result.scan.host)));
  const std::string record = notice::record_of(changes, result);
  for (const std::string& url : command.webhooks)
    judge(notice::post_webhook(url, record, command.timeout));
  if (command.syslog) notice::write_syslog(subject);
  return all_taken;
}

int run_notify(const NotifyCommand& command, const Context& context) {
  const auto fail = [&](const Error& error) {
    context.complain(error.message());
    return static_cast<int>(kError);
  };
  if (const auto checked = check_mail(command); !checked) return fail(checked.error());
  const auto known = load_known(command.state);
  if (!known) return fail(known.error());
  const auto result = read_result_files(command.results, context.streams.in);
  if (!result) return fail(result.error());
  const notice::Changes changes = notice::changes_since(*known, *result, command.min_severity);
  if (changes.is_nothing()) {
    if (!context.quiet) context.streams.out << "nothing new\n";
    return kOk;
  }
  if (command.dry_run) {
    context.streams.out << notice::subject_of(changes, *result) << "\n\n"
                        << notice::text_of(changes, *result);
    return kOk;
  }
  // What somebody was not told of stays new.
  if (!send_all(command, changes, *result, context)) return kError;
  if (const auto saved = write_file(command.state, notice::format_known(changes.known)); !saved)
    return fail(saved.error());
  if (!context.quiet) context.streams.out << notice::subject_of(changes, *result) << '\n';
  return kOk;
}

}  // namespace

void add_notify(CLI::App& app, Context& context) {
  CLI::App* const notify =
      app.add_subcommand("notify", "Tell of what is new in a result: e-mail, webhook, syslog");
  const auto command = std::make_shared<NotifyCommand>();
  notify->add_option("RESULT", command->results, "Results of scans (json or jsonl); - is standard input")
      ->required();
  notify->add_option("--state", command->state, "File that remembers what was told")
      ->type_name("FILE")
      ->capture_default_str();
  add_parsed(*notify, "--min-severity", command->min_severity, parse_severity_flag,
             "Least severity of findings to tell of (default medium)")
      ->type_name("SEVERITY");
  notify->add_option("--mail-to", command->mail.to, "Recipient; repeatable")
      ->allow_extra_args(false)
      ->type_name("ADDRESS");
  notify->add_option("--mail-from", command->mail.from, "Sender, in the header and on the envelope")
      ->type_name("ADDRESS");
  notify->add_option("--sendmail", command->sendmail, "The local sendmail interface")
      ->type_name("PROGRAM")
      ->capture_default_str();
  notify->add_option("--webhook", command->webhooks, "http(s) URL that takes JSON by POST; repeatable")
      ->allow_extra_args(false)
      ->type_name("URL");
  add_parsed(*notify, "--timeout", command->timeout, parse_duration,
             "When a webhook is given up (default 10s)")
      ->type_name("DURATION");
  notify->add_flag("--syslog", command->syslog, "One line to syslog or journald");
  notify->add_flag("--dry-run", command->dry_run, "Print the notice; send and remember nothing");
  notify->footer(
      "New are findings and listings that no earlier notice told of; findings that are gone and "
      "listings that ended are told once, too. Where nothing changed, nothing is sent.\n"
      "Exit codes: 0 told, or nothing new; 2 an error: what a channel did not take stays new.");
  notify->callback([command, &context] { context.exit_code = run_notify(*command, context); });
}

}  // namespace backscan::cli
