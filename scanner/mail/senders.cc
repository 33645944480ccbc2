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
  bool is_eval = false;

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

  /// The entry for a message: the same recipient, at most some seconds before it was queued, and a
  /// script that `is_believed`.
  template <typename IsBelieved>
  const PhpMail* claim(const Message& message, const IsBelieved& is_believed) {
    for (const Delivery& delivery : message.deliveries) {
      const auto found = by_recipient_.find(std::string(delivery.address));
      if (found == by_recipient_.end()) continue;
      // Entries are in order of time: only those around the message are looked at, and not all of a
      // flood to one address.
      const auto time_of = [&](std::size_t i) { return mails_[i].time; };
      auto it = std::ranges::lower_bound(found->second, message.time - 10s, {}, time_of);
      for (int tries = 0; it != found->second.end() && tries < kMaxTries; ++it, ++tries) {
        if (mails_[*it].time > message.time + 2s) break;
        if (used_[*it] || !is_believed(mails_[*it].script)) continue;
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

bool is_person(std::uint32_t uid) { return uid >= 1000 && uid < 65'000; }

/// Whether a message of `submitter` can come from a script at `path`: one account does not run
/// another one's files. A web server's own user and root's libraries say nothing.
bool can_be_of(std::optional<std::uint32_t> submitter, const std::string& path,
               const HostFacts& host) {
  if (!submitter || !is_person(*submitter) || !host.owner_of) return true;
  const auto owner = host.owner_of(path);
  return !owner || !is_person(*owner) || *owner == *submitter;
}

Submitter submitter_of(const Message& message, PhpMailIndex& php, const HostFacts& host) {
  Submitter who{.account = std::string(message.user), .uid = message.uid};
  if (!who.uid && host.uid_of && !who.account.empty()) who.uid = host.uid_of(who.account);
  const auto is_believed = [&](const std::string& path) { return can_be_of(who.uid, path, host); };
  who.directory = message.directory;
  if (message.script.starts_with('/') && is_believed(std::string(message.script))) {
    who.script = message.script;
    who.attribution = Attribution::kPhpHeaderPath;
    return who;
  }
  if (const PhpMail* entry = php.claim(message, is_believed)) {
    who.script = entry->script;
    who.is_eval = entry->is_eval;
    who.attribution = Attribution::kPhpMailLog;
    return who;
  }
  const std::size_t colon = message.script.find(':');
  if (!who.directory.empty() && colon != std::string_view::npos &&
      message.script.find('/') == std::string_view::npos) {
    const std::string guess = who.directory + '/' + std::string(message.script.substr(colon + 1));
    if (host.owner_of && host.owner_of(guess) && is_believed(guess)) {
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

void count_since(Evidence& evidence, Time time, std::optional<Time> since) {
  if (!since) return;
  evidence.since_listing = evidence.since_listing.value_or(0) + (time >= *since ? 1 : 0);
}

void count(const Message& message, const Submitter& who, const MailHistory& history,
           std::optional<Time> since, Tally& tally) {
  Sender& sender = tally.sender;
  if (sender.evidence.messages == 0) {
    if (!who.script.empty()) sender.script = who.script;
    if (!who.directory.empty()) sender.directory = who.directory;
    if (!who.account.empty()) sender.account = who.account;
    sender.uid = who.uid;
    sender.attribution = who.attribution;
  }
  sender.attribution = std::min(sender.attribution, who.attribution);
  sender.is_eval |= who.is_eval;
  ++sender.evidence.messages;
  sender.evidence.recipients +=
      std::max<std::uint64_t>({message.recipients, message.deliveries.size(), 1});
  if (message.is_null_sender) ++sender.evidence.null_sender;
  note_time(sender.evidence, message.time);
  count_since(sender.evidence, message.time, since);
  tally.sources.insert(source_of(message, history));
  if (!message.claimed_sender.empty() && tally.forged.size() < kMaxSamples)
    tally.forged.insert(mask_address(message.claimed_sender));
  if (!message.subject.empty() && tally.subjects.size() < kMaxSamples)
    tally.subjects.insert(truncate_utf8(mask_addresses(message.subject), 80));
}

void count_log_only(const PhpMail& mail, std::optional<Time> since, Tally& tally) {
  Sender& sender = tally.sender;
  if (sender.evidence.messages == 0) {
    sender.script = mail.script;
    sender.attribution = Attribution::kPhpMailLog;
  }
  ++sender.evidence.messages;
  sender.evidence.recipients +=
      static_cast<std::uint64_t>(1 + std::ranges::count(mail.recipient, ','));
  sender.is_eval |= mail.is_eval;
  note_time(sender.evidence, mail.time);
  count_since(sender.evidence, mail.time, since);
  tally.sources.insert("php-mail-log");
  if (!mail.subject.empty() && tally.subjects.size() < kMaxSamples)
    tally.subjects.insert(truncate_utf8(mask_addresses(mail.subject), 80));
}

/// The time that the mail server's own logs cover: an entry of PHP's log in it that met no message
/// was never sent, or never written by PHP.
struct Coverage {
  Time first = Time::max() - 1min;
  Time last = Time::min() + 1min;

  explicit Coverage(const MessageStore& store) {
    for (const Message& message : store.messages()) {
      if (message.time == Time{}) continue;
      first = std::min(first, message.time);
      last = std::max(last, message.time);
    }
  }
  // PHP writes its entry before the mail server does, on a clock of whole seconds.
  [[nodiscard]] bool holds(Time time) const { return time + 10s >= first && time <= last + 2s; }
};

/// What messages brought about, counted to who submitted them: every bounce, and of all answers
/// those that left for other hosts.
void count_answers(const MailHistory& history,
                   const std::map<std::string_view, std::string>& key_by_id,
                   std::map<std::string, Tally>& tallies) {
  for (const BackscatterEvent& event : null_sender_events(history)) {
    if (event.message == nullptr || event.parent == nullptr) continue;
    const auto sender = key_by_id.find(event.parent->id);
    if (sender == key_by_id.end()) continue;
    Sender& parent = tallies[sender->second].sender;
    if (event.message->null_kind == NullKind::kBounce) ++parent.bounces_caused;
    if (event.is_backscatter) ++parent.evidence.null_sender;
  }
}

}  // namespace

std::string mask_address(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos || at == 0) return escape_controls(address.substr(0, 80));
  return escape_controls(address.substr(0, 1)) + "…" + escape_controls(address.substr(at).substr(0, 120));
}

std::string mask_addresses(std::string_view text) {
  constexpr std::string_view kEnds = " \t<>()[],;:\"'=";
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(kEnds), text.size());
    const std::string_view word = text.substr(0, end);
    out += word.find('@') == std::string_view::npos ? escape_controls(word) : mask_address(word);
    if (end < text.size()) out += escape_controls(text.substr(end, 1));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::vector<Sender> senders(const MailHistory& history, const HostFacts& host,
                            std::optional<Time> since) {
  PhpMailIndex php(history.php_mails);
  std::map<std::string, Tally> tallies;
  std::map<std::string_view, std::string> key_by_id;
  for (const Message& message : history.store.messages()) {
    if (message.arrival != Arrival::kLocal && message.arrival != Arrival::kAuthenticated) continue;
    const Submitter who = submitter_of(message, php, host);
    const std::string key = who.key();
    key_by_id[message.id] = key;
    count(message, who, history, since, tallies[key]);
  }
  count_answers(history, key_by_id, tallies);
  const Coverage coverage(history.store);
  for (std::size_t i = 0; i < history.php_mails.size(); ++i) {
    const PhpMail& mail = history.php_mails[i];
    if (!php.is_used(i) && !coverage.holds(mail.time))
      count_log_only(mail, since, tallies["s" + mail.script]);
  }
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
