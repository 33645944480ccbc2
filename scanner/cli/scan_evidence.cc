// A log that was named and cannot be read makes the scan incomplete; one that was only looked for is
// told as a note: a user who scans a site of their own may not read the host's logs.
#include "cli/scan_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/rooted_file.h"
#include "base/words.h"
#include "cli/commands.h"
#include "cli/host_facts.h"
#include "mail/audit.h"
#include "mail/evidence.h"
#include "report/merge.h"

namespace backscan::cli {
namespace {

using namespace std::chrono_literals;

void mask(MailActivity& activity) {
  for (BackscatterCluster& cluster : activity.backscatter) {
    cluster.sample_recipient = mail::mask_address(cluster.sample_recipient);
    cluster.sample_words = mail::mask_addresses(cluster.sample_words);
  }
  for (RefusalByList& refusal : activity.refusals)
    refusal.sample = mail::mask_addresses(refusal.sample);
}

/// Scripts as they are on the host: a log names the path that the web server used.
void resolve_scripts(const std::string& root, std::vector<Sender>& senders) {
  const auto directory = RootedDirectory::open(root);
  if (!directory) return;
  for (Sender& sender : senders)
    for (auto* path : {&sender.script, &sender.directory})
      if (*path)
        if (const auto real = directory->real_path(**path)) *path = *real;
}

void audit(const std::string& root, std::vector<AuditNote>& notes,
           std::vector<ErrorRecord>& errors) {
  const auto rules = mail::load_audit_rules(signatures_directory() + "/audit");
  if (!rules) {
    for (const Error& error : rules.error())
      errors.push_back({Stage::kRule, error.object, error.reason});
    return;
  }
  const auto found = mail::read_configuration({.root = root});
  if (!found) return;  // --root itself: told by what reads the logs
  notes = mail::judge(*rules, found->settings);
  std::ranges::stable_sort(notes, std::greater{}, &AuditNote::severity);
  for (ErrorRecord error : found->errors) {
    error.is_note = true;
    errors.push_back(std::move(error));
  }
}

}  // namespace

EvidenceCheck::EvidenceCheck(const ScanCommand& command, Time now, std::stop_token stop)
    : on_interrupt_(std::move(stop), [this] { stop_.request_stop(); }),
      found_(std::async(std::launch::async, [this, &command, now] {
        return look(command, now, stop_.get_token());
      })) {}

EvidenceCheck::Found EvidenceCheck::look(const ScanCommand& command, Time now,
                                         const std::stop_token& stop) {
  Found found;
  mail::EvidenceInput input{.root = command.root,
                            .mail_logs = command.mail_logs,
                            .php_mail_logs = command.php_mail_logs,
                            .queue = command.queue,
                            .now = now,
                            .stop = stop};
  name_from_here(input);
  const auto history = mail::read_history(input);
  if (!history) {
    found.errors.push_back({Stage::kLog, history.error().object, history.error().reason});
    return found;
  }
  std::set<std::string> named(input.mail_logs.begin(), input.mail_logs.end());
  named.insert(input.php_mail_logs.begin(), input.php_mail_logs.end());
  for (ErrorRecord error : history->errors) {
    const bool is_named = error.stage == Stage::kQueue ? command.queue != "auto"
                                                       : named.contains(error.path);
    error.is_note = error.is_note || !is_named;
    found.errors.push_back(std::move(error));
  }
  if (!history->files.empty()) {
    // A list sees the mail a little after the log does, and its page shows whole minutes.
    const auto since = command.seen ? std::optional(*command.seen - 2min) : std::nullopt;
    found.senders = mail::senders(*history, host_facts(command.root), since);
    resolve_scripts(command.root, found.senders);
    found.mail = mail::summarize(*history);
    if (!command.scan.show_addresses) mask(*found.mail);
  }
  audit(command.root, found.audit, found.errors);
  return found;
}

void EvidenceCheck::finish(ScanResult& result,
                           std::optional<std::chrono::steady_clock::time_point> deadline) {
  const bool is_late = deadline && found_.wait_until(*deadline) == std::future_status::timeout;
  if (is_late) stop_.request_stop();
  Found found = found_.get();
  result.senders = std::move(found.senders);
  result.mail = std::move(found.mail);
  result.audit = std::move(found.audit);
  const auto failures = static_cast<std::uint64_t>(
      std::ranges::count(found.errors, false, &ErrorRecord::is_note));
  std::ranges::move(found.errors, std::back_inserter(result.errors));
  report::sort_records(result);
  if (failures == 0 && !is_late) return;
  result.summary.is_complete = false;
  result.summary.incomplete_reasons.push_back(
      is_late ? "mail logs: time limit" : fmt::format("mail logs: {}", counted(failures, "failure")));
}

}  // namespace backscan::cli
