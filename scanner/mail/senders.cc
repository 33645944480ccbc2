// Who submitted mail here: one sender a script, else a directory, else an account.
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "mail/evidence.h"

namespace backscan::mail {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxSamples = 5;

/// What a message says about its submitter, in the order of trust (DESIGN.md, "Join and rank").
struct Submitter {
  Attribution attribution = Attribution::kNone;
  std::string script;
  std::string directory;
  std::string account;
  std::optional<std::uint32_t> uid;

  [[nodiscard]] std::string key() const {
    if (!script.empty()) return "s" + script;
    if (!directory.empty()) return "d" + directory;
    if (uid) return "u" + std::to_string(*uid);
    return "a" + account;
  }
};

struct Tally {
  Sender sender;
  std::set<std::string> forged;
  std::set<std::string> subjects;
  std::set<std::string> sources;
};

/// PHP's own log of mails, to be met by the MTA's messages: an entry serves one message.
class PhpMailIndex {
 public:
  explicit PhpMailIndex(const std::vector<PhpMail>& mails) : mails_(mails), used_(mails.size()) {
    for (std::size_t i = 0; i < mails.size(); ++i)
      by_recipient_[first_address(mails[i].recipient)].push_back(i);
  }

  /// The entry for a message: the same recipient, at most some seconds before it was queued.
  const PhpMail* claim(const Message& message) {
    for (const Delivery& delivery : message.deliveries) {
      const auto found = by_recipient_.find(std::string(delivery.address));
      if (found == by_recipient_.end()) continue;
      // Entries are in order of time: only those around the message are looked at, and not all of a
      // flood to one address.
      const auto time_of = [&](std::size_t i) { return mails_[i].time; };
      auto it = std::ranges::lower_bound(found->second, message.time - 10s, {}, time_of);
      for (int tries = 0; it != found->second.end() && tries < kMaxTries; ++it, ++tries) {
        if (mails_[*it].time > message.time + 2s) break;
        if (used_[*it]) continue;
        used_[*it] = true;
        return &mails_[*it];
      }
    }
    return nullptr;
  }
  static constexpr int kMaxTries = 256;
  [[nodiscard]] bool is_used(std::size_t i) const { return used_[i]; }

 private:
  /// "Name <a@b>, c@d" -> "a@b".
  static std::string first_address(std::string_view list) {
    const std::string_view first = list.substr(0, list.find(','));
    const std::size_t open = first.find('<');
    return std::string(trim(strip_brackets(open == std::string_view::npos ? trim(first) : first.substr(open))));
  }

  const std::vector<PhpMail>& mails_;
  std::vector<bool> used_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_recipient_;
};

Submitter submitter_of(const Message& message, PhpMailIndex& php,
                       bool (*script_exists)(const std::string&)) {
  Submitter who{.account = std::string(message.user), .uid = message.uid};
  if (message.script.starts_with('/')) {
    who.script = message.script;
    who.attribution = Attribution::kPhpHeaderPath;
    return who;
  }
  if (const PhpMail* entry = php.claim(message)) {
    who.script = entry->script;
    who.attribution = Attribution::kPhpMailLog;
    return who;
  }
  who.directory = message.directory;
  const std::size_t colon = message.script.find(':');
  if (!who.directory.empty() && colon != std::string_view::npos) {
    const std::string guess = who.directory + '/' + std::string(message.script.substr(colon + 1));
    if (script_exists != nullptr && script_exists(guess)) {
      who.script = guess;
      who.attribution = Attribution::kCwdAndScript;
      return who;
    }
  }
  who.attribution = !who.directory.empty() ? Attribution::kDirectory
                    : who.uid || !who.account.empty() ? Attribution::kUidOnly
                                                      : Attribution::kNone;
  return who;
}

std::string source_of(const Message& message, const MailHistory& history) {
  const char* mta = message.mta == Mta::kExim      ? "exim:"
                    : message.mta == Mta::kPostfix ? "postfix:"
                                                   : "sendmail:";
  return mta + (message.source < history.files.size() ? history.files[message.source] : "queue");
}

void note_time(Evidence& evidence, Time time) {
  if (time == Time{}) return;
  if (!evidence.first || time < *evidence.first) evidence.first = time;
  if (!evidence.last || time > *evidence.last) evidence.last = time;
}

void count(const Message& message, const Submitter& who, const MailHistory& history, Tally& tally) {
  Sender& sender = tally.sender;
  if (sender.evidence.messages == 0) {
    if (!who.script.empty()) sender.script = who.script;
    if (!who.directory.empty()) sender.directory = who.directory;
    if (!who.account.empty()) sender.account = who.account;
    sender.uid = who.uid;
    sender.attribution = who.attribution;
  }
  sender.attribution = std::min(sender.attribution, who.attribution);
  ++sender.evidence.messages;
  sender.evidence.recipients +=
      std::max<std::uint64_t>({message.recipients, message.deliveries.size(), 1});
  if (message.is_null_sender) ++sender.evidence.null_sender;
  note_time(sender.evidence, message.time);
  tally.sources.insert(source_of(message, history));
  if (!message.claimed_sender.empty() && tally.forged.size() < kMaxSamples)
    tally.forged.insert(mask_address(message.claimed_sender));
  if (!message.subject.empty() && tally.subjects.size() < kMaxSamples)
    tally.subjects.insert(truncate_utf8(escape_controls(message.subject), 80));
}

void count_log_only(const PhpMail& mail, Tally& tally) {
  Sender& sender = tally.sender;
  if (sender.evidence.messages == 0) {
    sender.script = mail.script;
    sender.attribution = Attribution::kPhpMailLog;
  }
  ++sender.evidence.messages;
  sender.evidence.recipients +=
      static_cast<std::uint64_t>(1 + std::ranges::count(mail.recipient, ','));
  note_time(sender.evidence, mail.time);
  tally.sources.insert("php-mail-log");
  if (!mail.subject.empty() && tally.subjects.size() < kMaxSamples)
    tally.subjects.insert(truncate_utf8(escape_controls(mail.subject), 80));
}

}  // namespace

std::string mask_address(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos || at == 0) return escape_controls(address.substr(0, 80));
  return escape_controls(address.substr(0, 1)) + "…" + escape_controls(address.substr(at).substr(0, 120));
}

std::vector<Sender> senders(const MailHistory& history,
                            bool (*script_exists)(const std::string& path)) {
  PhpMailIndex php(history.php_mails);
  std::map<std::string, Tally> tallies;
  std::map<std::string_view, std::string> key_by_id;
  for (const Message& message : history.store.messages()) {
    if (message.arrival != Arrival::kLocal && message.arrival != Arrival::kAuthenticated) continue;
    const Submitter who = submitter_of(message, php, script_exists);
    const std::string key = who.key();
    key_by_id[message.id] = key;
    count(message, who, history, tallies[key]);
  }
  for (const Message& message : history.store.messages())
    if (message.null_kind == NullKind::kBounce)
      if (const auto parent = key_by_id.find(message.parent); parent != key_by_id.end())
        ++tallies[parent->second].sender.bounces_caused;
  for (std::size_t i = 0; i < history.php_mails.size(); ++i)
    if (!php.is_used(i)) count_log_only(history.php_mails[i], tallies["s" + history.php_mails[i].script]);
  std::vector<Sender> all;
  for (auto& [key, tally] : tallies) {
    tally.sender.forged_senders.assign(tally.forged.begin(), tally.forged.end());
    tally.sender.sample_subjects.assign(tally.subjects.begin(), tally.subjects.end());
    tally.sender.evidence.sources.assign(tally.sources.begin(), tally.sources.end());
    all.push_back(std::move(tally.sender));
  }
  std::ranges::stable_sort(all, std::greater{},
                           [](const Sender& sender) { return sender.evidence.messages; });
  return all;
}

}  // namespace backscan::mail
