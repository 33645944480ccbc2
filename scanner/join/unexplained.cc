// Volume alone is a shop's or a newsletter's; what makes it serious is how the mail looks: answers to
// strangers, many refusals, code made at run time, thousands of recipients.
#include "join/unexplained.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/words.h"
#include "rules/digest.h"

namespace backscan::join {
namespace {

constexpr std::uint64_t kManyMessages = 20;
constexpr std::uint64_t kManyRecipients = 100;
constexpr std::uint64_t kFewBounces = 5;
constexpr std::uint64_t kBulkRecipients = 1000;
constexpr std::size_t kFingerprintDigits = 32;

bool bounces_much(const Sender& sender) {
  return sender.bounces_caused >= kFewBounces &&
         sender.bounces_caused * 10 >= sender.evidence.messages;
}

Severity severity_of(const Sender& sender) {
  const bool is_bulk = sender.evidence.recipients >= kBulkRecipients;
  if (is_bulk && (bounces_much(sender) || sender.is_eval)) return Severity::kHigh;
  if (is_bulk || bounces_much(sender) || sender.is_eval || sender.evidence.null_sender > 0)
    return Severity::kMedium;
  return Severity::kLow;
}

Confidence confidence_of(Attribution how) {
  if (how <= Attribution::kCwdAndScript) return Confidence::kHigh;
  return how == Attribution::kDirectory ? Confidence::kMedium : Confidence::kLow;
}

/// Mail classes that many applications share: the file that sends is not the one that is at fault.
bool is_mail_library(std::string_view path) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"phpmailer.php", "class-phpmailer.php", "class.phpmailer.php", "sendmailtransport.php",
       "mailtransport.php", "mail.php", "class-wp-phpmailer.php"});
  const std::string name = ascii_lower(path.substr(path.rfind('/') + 1));
  return std::ranges::find(kNames, name) != kNames.end();
}

std::string message_for(const Sender& sender) {
  std::string text = fmt::format(
      "The mail logs show {} to {} from {}, and no rule explains it.",
      counted(sender.evidence.messages, "message"), counted(sender.evidence.recipients, "recipient"),
      sender.script ? "this script" : "this directory");
  if (sender.bounces_caused > 0)
    text += fmt::format(" {} of them came back.", grouped(sender.bounces_caused));
  if (sender.evidence.null_sender > 0)
    text += fmt::format(" {} without a sender went to strangers.",
                        counted(sender.evidence.null_sender, "answer"));
  if (sender.is_eval) text += " The code that sent was made at run time.";
  if (sender.script && is_mail_library(*sender.script))
    text += " It is a mail library: look for the page that calls it.";
  return text;
}

/// The scanned root around a path of the host, or null.
const std::string* root_around(const std::string& path, const ScanResult& result,
                               const JoinOptions& options) {
  for (const std::string& root : result.scan.roots) {
    const std::string& on_host = host_path(root, options);
    if (path == on_host || path.starts_with(on_host.ends_with('/') ? on_host : on_host + '/'))
      return &root;
  }
  return nullptr;
}

Finding finding_for(const Sender& sender, const std::string& path, const FileInfo& file,
                    const std::string& root, const JoinOptions& options) {
  Finding finding;
  finding.rule = kUnexplainedSender;
  finding.title = "Sends mail, and no rule explains it";
  finding.rule_class = "evidence";
  finding.severity = severity_of(sender);
  finding.confidence = confidence_of(sender.attribution);
  finding.causes = {Cause::kSpam};
  if (sender.evidence.null_sender > 0) finding.causes.push_back(Cause::kBounce);
  const std::string below = path.substr(host_path(root, options).size());
  finding.path = root + below;
  finding.root = root;
  finding.account = sender.account;
  finding.view = ViewKind::kPath;
  finding.message = message_for(sender);
  finding.remedy =
      "Read the file and what includes it. If the mail is wanted, put its fingerprint into an ignore "
      "file; if not, quarantine the file and look how it got there.";
  finding.file = file;
  finding.fingerprint = rules::sha256_hex(std::string(kUnexplainedSender) + '\0' + below)
                            .substr(0, kFingerprintDigits);
  finding.evidence = sender.evidence;
  finding.evidence->sources.push_back(fmt::format("known by: {}", name_of(sender.attribution)));
  return finding;
}

}  // namespace

bool has_volume(const Sender& sender) {
  return sender.evidence.messages >= kManyMessages ||
         sender.evidence.recipients >= kManyRecipients || sender.evidence.null_sender > 0 ||
         sender.bounces_caused >= kFewBounces;
}

void add_unexplained_senders(const SenderMatches& matches, const JoinOptions& options,
                             ScanResult& result) {
  for (const Sender* sender : matches.unmatched) {
    if (!has_volume(*sender) || (!sender->script && !sender->directory)) continue;
    const std::string& path = sender->script ? *sender->script : *sender->directory;
    const auto file = options.sender_files.find(path);
    const std::string* const root = root_around(path, result, options);
    if (file == options.sender_files.end() || root == nullptr) continue;
    result.findings.push_back(finding_for(*sender, path, file->second, *root, options));
  }
}

}  // namespace backscan::join
