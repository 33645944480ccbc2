// Sums of the counts, and lists whose every item names its host.
#include "report/merge_hosts.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace backscan::report {
namespace {

using RowKey = std::tuple<std::string, std::string, std::string, std::string>;

RowKey key_of(const LikelyCause& cause) {
  return {cause.host, "cause", std::string(name_of(cause.kind)), cause.subject};
}

RowKey key_of(const AuditNote& note) {
  return {note.host, note.rule, note.file, note.setting + '=' + note.value};
}

RowKey key_of(const Sender& sender) {
  const std::string uid = sender.uid ? std::to_string(*sender.uid) : std::string();
  return {sender.host, "sender " + uid, sender.script.value_or(sender.directory.value_or("")),
          sender.account.value_or("")};
}

void widen(std::optional<Time>& first, std::optional<Time>& last, const MailActivity& more) {
  if (more.first && (!first || *more.first < *first)) first = more.first;
  if (more.last && (!last || *more.last > *last)) last = more.last;
}

/// The list of `more`, each item with its host.
template <typename Item>
void append(std::vector<Item>& all, std::vector<Item>&& more, const std::string& host) {
  for (Item& item : more) {
    if (item.host.empty()) item.host = host;
    all.push_back(std::move(item));
  }
}

/// The sum of two curves, in the wider of their steps.
void add_volume(MailActivity& all, const MailActivity& more) {
  all.volume_step = std::max(all.volume_step, more.volume_step);
  if (all.volume_step.count() == 0) return;
  std::map<Time, MailVolume> by_start;
  for (const auto* volumes : {&std::as_const(all).volume, &more.volume}) {
    for (const MailVolume& volume : *volumes) {
      const auto seconds = std::chrono::floor<std::chrono::seconds>(volume.start.time_since_epoch());
      const Time start{seconds - seconds % all.volume_step};
      MailVolume& sum = by_start[start];
      sum.start = start;
      sum.submitted += volume.submitted;
      sum.null_sender += volume.null_sender;
    }
  }
  all.volume.clear();
  for (const auto& [start, volume] : by_start) all.volume.push_back(volume);
}

void add_mail(MailActivity& all, MailActivity&& more, const std::string& host) {
  for (std::string& file : more.files)
    all.files.push_back(host.empty() ? std::move(file) : host + ":" + file);
  all.lines += more.lines;
  all.unknown_lines += more.unknown_lines;
  all.messages += more.messages;
  all.bounces_to_local_senders += more.bounces_to_local_senders;
  all.null_sender_out += more.null_sender_out;
  all.last_null_sender = std::max(all.last_null_sender, more.last_null_sender);
  widen(all.first, all.last, more);
  add_volume(all, more);
  append(all.backscatter, std::move(more.backscatter), host);
  append(all.refusals, std::move(more.refusals), host);
}

}  // namespace

template <typename Item>
bool HostRecords::is_new(const Item& item) {
  return known_.insert(key_of(item)).second;
}

void HostRecords::add(ScanResult& part) {
  const std::string& host = part.scan.host;
  const auto take = [&](auto& from, auto& to) {
    for (auto& item : from) {
      if (item.host.empty()) item.host = host;
      if (is_new(item)) to.push_back(std::move(item));
    }
    from.clear();
  };
  take(part.summary.causes, causes_);
  take(part.audit, audit_);
  take(part.senders, senders_);
  if (!part.mail) return;
  const auto [known, is_first] = mail_.try_emplace(host);
  if (is_first || part.scan.started >= known->second.started)
    known->second = {part.scan.started, std::move(*part.mail)};
}

void HostRecords::finish(ScanResult& all) {
  const auto by_rank = [](const LikelyCause& a, const LikelyCause& b) {
    return std::tie(b.rank, a.host, a.subject) < std::tie(a.rank, b.host, b.subject);
  };
  const auto by_messages = [](const Sender& a, const Sender& b) {
    return std::tie(b.evidence.messages, a.host, a.script) <
           std::tie(a.evidence.messages, b.host, b.script);
  };
  std::ranges::stable_sort(causes_, by_rank);
  std::ranges::stable_sort(senders_, by_messages);
  std::ranges::stable_sort(audit_, {}, [](const AuditNote& note) {
    return std::tuple(-static_cast<int>(note.severity), note.host, note.rule);
  });
  all.summary.causes = std::move(causes_);
  all.audit = std::move(audit_);
  all.senders = std::move(senders_);
  for (auto& [host, spoken] : mail_) {
    if (!all.mail) all.mail.emplace();
    add_mail(*all.mail, std::move(spoken.mail), host);
  }
  if (!all.mail) return;
  std::ranges::stable_sort(all.mail->backscatter, std::ranges::greater{},
                           &BackscatterCluster::messages);
  std::ranges::stable_sort(all.mail->refusals, std::ranges::greater{}, &RefusalByList::count);
}

}  // namespace backscan::report
