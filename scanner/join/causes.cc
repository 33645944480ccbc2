// One function a kind of cause; each yields candidates, one sort ranks them.
#include "join/causes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "base/words.h"
#include "join/unexplained.h"
#include "model/time_text.h"

namespace backscan::join {
namespace {

constexpr Severity kWorthActing = Severity::kMedium;
// That the mail server answers strangers is seen, not guessed: as good as a critical finding.
constexpr double kSeenPoints = 60;
constexpr double kSenderPoints = 30;
constexpr double kSettingPoints = 30;
constexpr double kAtThatTimePoints = 10;

bool fits(const std::vector<Cause>& causes, const ListedFor& listed) {
  return listed.causes.empty() || listed.fitting(causes) != nullptr;
}

int clamped(double points) { return std::clamp(static_cast<int>(std::lround(points)), 0, 100); }

std::string span_of(const std::optional<Time>& first, const std::optional<Time>& last) {
  if (!first || !last) return {};
  if (format_time(*first) == format_time(*last)) return fmt::format(" at {}", format_time(*first));
  return fmt::format(" from {} to {}", format_time(*first), format_time(*last));
}

std::string proof_of(const Evidence& evidence) {
  std::string proof = fmt::format("The logs show {} to {}{}",
                                  counted(evidence.messages, "message"),
                                  counted(evidence.recipients, "recipient"),
                                  span_of(evidence.first, evidence.last));
  if (evidence.null_sender > 0)
    proof += fmt::format(", and {} without a sender to strangers because of it",
                         counted(evidence.null_sender, "message"));
  if (evidence.since_listing && *evidence.since_listing > 0)
    proof += fmt::format("; {} since the listing's time", grouped(*evidence.since_listing));
  return proof + ".";
}

void add_scripts(const ScanResult& result, const ListedFor& listed,
                 std::vector<LikelyCause>& causes) {
  // One cause a file: its likeliest finding speaks, but it can do what any of its findings can.
  std::map<std::string_view, const Finding*> best;
  std::map<std::string_view, std::vector<Cause>> can;
  for (const Finding& finding : result.findings) {
    const bool is_seen = finding.evidence && finding.evidence->messages > 0;
    if (finding.severity < kWorthActing && !(is_seen && !listed.listings.empty())) continue;
    if (!fits(finding.causes, listed)) continue;
    const Finding*& known = best[finding.path];
    if (known == nullptr || is_likelier(finding, *known)) known = &finding;
    for (const Cause cause : finding.causes)
      if (std::vector<Cause>& all = can[finding.path]; std::ranges::find(all, cause) == all.end())
        all.push_back(cause);
  }
  for (const auto& [path, finding] : best) {
    LikelyCause cause{.kind = CauseKind::kScript,
                      .subject = place_text(finding->path, finding->line, 0),
                      .account = finding->account.value_or(""),
                      .causes = can[path],
                      .rank = finding->rank,
                      .remedy = finding->remedy};
    cause.proof = finding->title;
    if (finding->evidence && finding->evidence->messages > 0) {
      cause.evidence = finding->evidence;
      cause.proof += ". " + proof_of(*finding->evidence);
    }
    causes.push_back(std::move(cause));
  }
}

void add_senders(const SenderMatches& matches, const ListedFor& listed,
                 std::vector<LikelyCause>& causes) {
  if (listed.listings.empty()) return;
  for (const Sender* sender : matches.unmatched) {
    std::vector<Cause> can = {Cause::kSpam};
    if (sender->evidence.null_sender > 0) can.push_back(Cause::kBounce);
    if (!has_volume(*sender) || !fits(can, listed)) continue;
    LikelyCause cause{.kind = CauseKind::kSender, .causes = std::move(can)};
    cause.account = sender->account.value_or("");
    cause.subject = sender->script      ? *sender->script
                    : sender->directory ? *sender->directory
                    : sender->account   ? "account " + *sender->account
                    : sender->uid       ? fmt::format("uid {}", *sender->uid)
                                        : "an unknown sender";
    cause.rank = clamped(kSenderPoints + kFitPoints + volume_points(sender->evidence.messages));
    cause.evidence = sender->evidence;
    cause.proof = proof_of(sender->evidence);
    cause.remedy = sender->script || sender->directory
                       ? "Scan that place too, or look for it in a backup if it is gone."
                       : "Look into the account: its web roots, its cron jobs, and whether its mail "
                         "password is known to others.";
    causes.push_back(std::move(cause));
  }
}

const char* words_for(BackscatterReason reason) {
  switch (reason) {
    case BackscatterReason::kUnknownUser: return "bounces of mail to users that do not exist";
    case BackscatterReason::kQuota: return "bounces of mail to full mailboxes";
    case BackscatterReason::kFilter: return "bounces of what its content filter caught";
    case BackscatterReason::kRemoteRefused: return "bounces of forwarded mail that others refused";
    case BackscatterReason::kVacation: return "auto-replies";
    case BackscatterReason::kDelayed: return "delay warnings";
    case BackscatterReason::kCallout: return "callouts that verify senders";
    case BackscatterReason::kOther: break;
  }
  return "bounces";
}

const char* remedy_for(BackscatterReason reason) {
  switch (reason) {
    case BackscatterReason::kUnknownUser:
      return "Refuse unknown recipients while the sender is connected: Exim \"require verify = "
             "recipient\", Postfix local_recipient_maps and relay_recipient_maps.";
    case BackscatterReason::kQuota:
      return "Refuse mail to full mailboxes while the sender is connected, or discard it.";
    case BackscatterReason::kFilter:
      return "Let the filter refuse during the SMTP dialogue or discard; never bounce.";
    case BackscatterReason::kRemoteRefused:
      return "End catch-all forwards to other hosts, and filter before forwarding.";
    case BackscatterReason::kVacation:
      return "Answer nobody twice within days, and never mail that is spam, bulk or not addressed to "
             "the user personally.";
    case BackscatterReason::kDelayed:
      return "Switch delay warnings off: Postfix delay_warning_time = 0h, Exim an empty "
             "delay_warning.";
    case BackscatterReason::kCallout:
      return "Remove sender callouts: Exim verify = sender/callout, Postfix reject_unverified_sender.";
    case BackscatterReason::kOther: break;
  }
  return "Run \"backscan trace --seen\" for the listing's minute: it names the message that was "
         "answered and why.";
}

/// The worst bad setting that can make this kind of mail.
const AuditNote* setting_for(const ScanResult& result, Cause cause) {
  const AuditNote* worst = nullptr;
  for (const AuditNote& note : result.audit) {
    if (note.severity < kWorthActing || std::ranges::find(note.causes, cause) == note.causes.end())
      continue;
    if (worst == nullptr || note.severity > worst->severity) worst = &note;
  }
  return worst;
}

void add_mail_server(const ScanResult& result, const ListedFor& listed, const JoinOptions& options,
                     std::vector<LikelyCause>& causes) {
  if (!result.mail) return;
  using namespace std::chrono_literals;
  for (const BackscatterCluster& cluster : result.mail->backscatter) {
    LikelyCause cause{.kind = CauseKind::kMailServer,
                      .subject = std::string(name_of(cluster.reason)),
                      .causes = {cause_of(cluster.reason)}};
    if (!fits(cause.causes, listed)) continue;
    double points = kSeenPoints + volume_points(cluster.messages);
    if (!listed.causes.empty()) points += kFitPoints;
    if (options.seen && cluster.first - 2min <= *options.seen && *options.seen <= cluster.last + 2min)
      points += kAtThatTimePoints;
    cause.rank = clamped(points);
    cause.evidence = Evidence{.messages = cluster.messages, .recipients = cluster.messages,
                              .null_sender = cluster.messages, .first = cluster.first,
                              .last = cluster.last};
    cause.proof = fmt::format("The mail server sent {} {} to strangers{}", grouped(cluster.messages),
                              words_for(cluster.reason), span_of(cluster.first, cluster.last));
    if (!cluster.sample_id.empty())
      cause.proof += fmt::format(", for example {}, which answers {}", cluster.sample_id,
                                 cluster.sample_parent);
    cause.proof += ".";
    cause.remedy = remedy_for(cluster.reason);
    if (const AuditNote* note = setting_for(result, cause.causes[0]))
      cause.remedy += fmt::format(" The setting {} = {} ({}) allows it: {}", note->setting,
                                  note->value, place_text(note->file, note->line, 0), note->fix);
    causes.push_back(std::move(cause));
  }
}

bool is_any_seen(const std::vector<LikelyCause>& causes) {
  return std::ranges::any_of(causes, [](const LikelyCause& cause) {
    return cause.evidence && cause.evidence->messages > 0;
  });
}

/// A bad setting alone, where nothing else explains a listing.
void add_setting(const ScanResult& result, const ListedFor& listed,
                 std::vector<LikelyCause>& causes) {
  if (listed.causes.empty() || !causes.empty()) return;
  const AuditNote* worst = nullptr;
  for (const AuditNote& note : result.audit) {
    if (note.severity < kWorthActing || !fits(note.causes, listed)) continue;
    if (worst == nullptr || note.severity > worst->severity) worst = &note;
  }
  if (worst == nullptr) return;
  causes.push_back({.kind = CauseKind::kSetting,
                    .subject = fmt::format("the setting {} = {} ({})", worst->setting, worst->value,
                                           place_text(worst->file, worst->line, 0)),
                    .causes = worst->causes,
                    .rank = clamped(kSettingPoints + kFitPoints),
                    .proof = worst->why,
                    .remedy = worst->fix});
}

bool reach_back_to(const MailActivity& mail, const JoinOptions& options) {
  return mail.first && mail.last && (!options.seen || *mail.first <= *options.seen);
}

/// The listed addresses, where this host's own are known and none of them is listed.
std::string foreign_addresses(const ListedFor& listed, const JoinOptions& options) {
  if (options.own_addresses.empty()) return {};
  std::set<std::string> foreign;
  for (const Listing* listing : listed.listings) {
    if (std::ranges::find(options.own_addresses, listing->ip) != options.own_addresses.end())
      return {};
    foreign.insert(listing->ip);
  }
  return joined({foreign.begin(), foreign.end()});
}

/// Logs that were read and hold nothing of the kind say that it was not this host.
void add_elsewhere(const ScanResult& result, const ListedFor& listed, const JoinOptions& options,
                   std::vector<LikelyCause>& causes) {
  if (listed.listings.empty() || is_any_seen(causes)) return;
  const bool has_logs = result.mail && reach_back_to(*result.mail, options);
  const std::string foreign = foreign_addresses(listed, options);
  if (!has_logs && options.relayhost.empty() && foreign.empty()) return;
  LikelyCause cause{.kind = CauseKind::kElsewhere,
                    .rank = has_logs || !foreign.empty() ? 60 : 40};
  if (has_logs)
    cause.proof = fmt::format("The logs from {} to {} hold nothing that the listing can be for",
                              format_time(*result.mail->first), format_time(*result.mail->last));
  if (!foreign.empty())
    cause.proof += (cause.proof.empty() ? "This" : ", and this") +
                   fmt::format(" host sends from {}, not from {}", joined(options.own_addresses),
                               foreign);
  if (!options.relayhost.empty()) {
    cause.subject = options.relayhost;
    cause.proof += (cause.proof.empty() ? "Mail" : ", and mail") +
                   fmt::format(" leaves this host through {}", options.relayhost);
    cause.remedy = fmt::format(
        "Look at {}: its address is the one that others see, and its logs name the message.",
        options.relayhost);
  } else if (!foreign.empty()) {
    cause.subject = "the host at " + foreign;
    cause.remedy =
        "Scan the host that sends from that address; if this one does (behind a translating "
        "router), its logs clear it.";
  } else {
    cause.subject = "another host";
    cause.remedy =
        "Look at the other hosts behind this address, at who had it before, and for programs that "
        "send without the mail server (refuse outgoing port 25 to all but its user).";
  }
  cause.proof += ".";
  causes.push_back(std::move(cause));
}

}  // namespace

Cause cause_of(BackscatterReason reason) {
  if (reason == BackscatterReason::kVacation) return Cause::kAutoreply;
  return reason == BackscatterReason::kCallout ? Cause::kCallout : Cause::kBounce;
}

std::vector<LikelyCause> likely_causes(const ScanResult& result, const ListedFor& listed,
                                       const SenderMatches& matches, const JoinOptions& options) {
  std::vector<LikelyCause> causes;
  add_scripts(result, listed, causes);
  add_senders(matches, listed, causes);
  add_mail_server(result, listed, options, causes);
  add_setting(result, listed, causes);
  add_elsewhere(result, listed, options, causes);
  std::ranges::stable_sort(causes, [](const LikelyCause& a, const LikelyCause& b) {
    if (a.rank != b.rank) return a.rank > b.rank;
    return std::tie(a.kind, a.subject) < std::tie(b.kind, b.subject);
  });
  return causes;
}

}  // namespace backscan::join
