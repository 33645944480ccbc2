// Which null-sender mail is backscatter: made here, for mail from outside, to somebody outside
// (facts/mail.md 3.8). A bounce to our own user for our own mail is as it should be.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "mail/evidence.h"
#include "mail/volume.h"

namespace backscan::mail {
namespace {

bool contains_any(std::string_view lower_text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return lower_text.find(word) != std::string_view::npos; });
}

/// Why the parent could not be delivered, by the words of its failures.
BackscatterReason reason_of_failure(const Message& parent) {
  BackscatterReason reason = BackscatterReason::kOther;
  for (const Delivery& delivery : parent.deliveries) {
    if (delivery.status != DeliveryStatus::kFailed) continue;
    const std::string text = ascii_lower(delivery.reason);
    if (contains_any(text, {"spam", "virus", "banned", "infected", "content filter"}))
      return BackscatterReason::kFilter;
    if (contains_any(text, {"quota", "mailbox is full", "mailbox full", "over limit", "disk full"}))
      return BackscatterReason::kQuota;
    if (delivery.is_remote) {
      reason = BackscatterReason::kRemoteRefused;
    } else if (contains_any(text, {"unknown user", "user unknown", "unrouteable address",
                                   "no such user", "no such person", "does not exist",
                                   "mailbox unavailable", "unknown local part"})) {
      return BackscatterReason::kUnknownUser;
    }
  }
  return reason;
}

BackscatterReason reason_of(const Message& message, const Message* parent) {
  switch (message.null_kind) {
    case NullKind::kDelay: return BackscatterReason::kDelayed;
    case NullKind::kAutoreply: return BackscatterReason::kVacation;
    case NullKind::kCallout: return BackscatterReason::kCallout;
    case NullKind::kBounce: return parent ? reason_of_failure(*parent) : BackscatterReason::kOther;
    case NullKind::kNone: break;
  }
  return BackscatterReason::kOther;
}

bool went_outside(const Message& message) {
  return std::ranges::any_of(message.deliveries, &Delivery::is_remote);
}

/// An answer to mail that was submitted here is somebody else's only if the sender given was an
/// address of another host: a user's own address that is forwarded shows another one.
bool answers_an_address_elsewhere(const Message& message, const Message& parent) {
  return std::ranges::any_of(message.deliveries, [&](const Delivery& delivery) {
    return delivery.is_remote && delivery.address == parent.sender;
  });
}

std::string failure_words(const BackscatterEvent& event) {
  if (event.callout != nullptr) return event.callout->detail;
  if (event.parent == nullptr) return {};
  for (const Delivery& delivery : event.parent->deliveries)
    if (delivery.status == DeliveryStatus::kFailed)
      return std::string(delivery.address) + ": " + std::string(delivery.reason);
  return {};
}

void fill_sample(const BackscatterEvent& event, BackscatterCluster& cluster) {
  if (event.message != nullptr) {
    cluster.sample_id = event.message->id;
    cluster.sample_parent = event.message->parent;
    if (!event.message->deliveries.empty())
      cluster.sample_recipient = event.message->deliveries.front().address;
  } else if (event.callout != nullptr) {
    cluster.sample_recipient = event.callout->address;
  }
  cluster.sample_words = failure_words(event);
}

}  // namespace

std::vector<BackscatterEvent> null_sender_events(const MailHistory& history) {
  std::vector<BackscatterEvent> events;
  for (const Message& message : history.store.messages()) {
    const bool is_probe = message.null_kind == NullKind::kCallout;
    // A null sender that arrived from another host is somebody else's bounce, or a probe of us.
    if (is_probe || !message.is_null_sender || message.arrival == Arrival::kRemote) continue;
    BackscatterEvent event{.message = &message, .time = message.time};
    if (!message.parent.empty()) event.parent = history.store.find(message.parent);
    event.reason = reason_of(message, event.parent);
    if (event.parent != nullptr)
      event.is_backscatter = event.parent->arrival == Arrival::kRemote
                                 ? went_outside(message)
                                 : answers_an_address_elsewhere(message, *event.parent);
    events.push_back(event);
  }
  for (const Callout& callout : history.callouts)
    events.push_back({.callout = &callout,
                      .reason = BackscatterReason::kCallout,
                      .is_backscatter = true,
                      .time = callout.time});
  std::ranges::stable_sort(events, {}, &BackscatterEvent::time);
  return events;
}

MailActivity summarize(const MailHistory& history) {
  MailActivity activity;
  activity.files = history.files;
  activity.lines = history.lines;
  activity.unknown_lines = history.unknown_lines;
  activity.messages = history.store.messages().size();
  for (const Message& message : history.store.messages()) {
    if (message.time == Time{}) continue;
    if (!activity.first || message.time < *activity.first) activity.first = message.time;
    if (!activity.last || message.time > *activity.last) activity.last = message.time;
  }
  std::array<BackscatterCluster, kBackscatterReasonNames.size()> clusters;
  const std::vector<BackscatterEvent> events = null_sender_events(history);
  fill_volume(history, events, activity);
  for (const BackscatterEvent& event : events) {
    if (event.is_backscatter || (event.message != nullptr && went_outside(*event.message))) {
      ++activity.null_sender_out;
      activity.last_null_sender = event.time;
    }
    if (!event.is_backscatter) {
      ++activity.bounces_to_local_senders;
      continue;
    }
    // Answers to mail that was submitted here are its sender's doing, not the mail server's.
    if (event.parent != nullptr && event.parent->arrival != Arrival::kRemote) continue;
    BackscatterCluster& cluster = clusters[static_cast<std::size_t>(event.reason)];
    if (cluster.messages++ == 0) {
      cluster.reason = event.reason;
      cluster.first = event.time;
      fill_sample(event, cluster);
    }
    cluster.last = event.time;
  }
  for (BackscatterCluster& cluster : clusters)
    if (cluster.messages > 0) activity.backscatter.push_back(std::move(cluster));
  std::ranges::stable_sort(activity.backscatter, std::greater{}, &BackscatterCluster::messages);
  for (const auto& [list, rejection] : history.rejections)
    activity.refusals.push_back(
        {list, rejection.count, rejection.first, rejection.last, rejection.sample});
  std::ranges::stable_sort(activity.refusals, std::greater{}, &RefusalByList::count);
  return activity;
}

}  // namespace backscan::mail
