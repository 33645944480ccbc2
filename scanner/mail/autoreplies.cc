// vacation(1) and its like submit through sendmail as the mailbox's owner, so no log names the mail
// that they answer; without the tie they would look like an account that sends.
#include <unordered_map>

#include "mail/evidence.h"

namespace backscan::mail {
namespace {

using namespace std::chrono_literals;

// A reply is made while the mail is delivered; queues on a busy host take a while.
constexpr auto kReplySpan = 10min;

bool is_delivered_here(const Message& message) {
  for (const Delivery& delivery : message.deliveries)
    if (!delivery.is_remote && delivery.status == DeliveryStatus::kDelivered) return true;
  return false;
}

}  // namespace

void link_autoreplies(MessageStore& store) {
  std::unordered_multimap<std::string_view, const Message*> received_from;
  for (const Message& message : store.messages())
    if (message.arrival == Arrival::kRemote && !message.sender.empty() && is_delivered_here(message))
      received_from.emplace(message.sender, &message);
  if (received_from.empty()) return;
  for (Message& message : store.messages()) {
    if (message.arrival != Arrival::kLocal || !message.is_null_sender || !message.parent.empty() ||
        message.deliveries.size() != 1)
      continue;
    const Message* latest = nullptr;
    // A flood from one address: its latest mail before the reply is found among the first thousand.
    int tries = 0;
    const auto [begin, end] = received_from.equal_range(message.deliveries[0].address);
    for (auto it = begin; it != end && tries < 1000; ++it, ++tries) {
      const Message& candidate = *it->second;
      if (candidate.time > message.time + 1s || candidate.time + kReplySpan < message.time) continue;
      if (latest == nullptr || candidate.time > latest->time) latest = &candidate;
    }
    if (latest == nullptr) continue;
    message.parent = latest->id;
    message.arrival = Arrival::kGenerated;
    message.null_kind = NullKind::kAutoreply;
  }
}

}  // namespace backscan::mail
