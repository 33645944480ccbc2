// The store keeps every text once: on a busy host most fields of a million lines repeat.
#include "mail/message.h"

#include <algorithm>
#include <cstring>

namespace backscan::mail {
namespace {

constexpr std::chrono::days kQueueLifetime{5};

template <typename T>
void complete(T& field, const T& other) {
  if (field == T{}) field = other;
}

}  // namespace

std::string_view MessageStore::copy(std::string_view text) {
  char* const bytes = static_cast<char*>(text_->allocate(text.size(), 1));
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

std::string_view MessageStore::keep(std::string_view text) {
  text = text.substr(0, kMaxTextBytes);
  if (text.empty()) return {};
  return pool_.insert(text, [this](std::string_view key) { return copy(key); }).key;
}

Message& MessageStore::at(std::string_view id, Time time, Mta mta) {
  id = id.substr(0, kMaxTextBytes);
  Message* known = latest_ != nullptr && latest_->id == id ? latest_ : nullptr;
  if (known == nullptr && !id.empty())
    if (const auto* entry = by_id_.find(id)) known = entry->value;
  if (known != nullptr) {
    const bool is_reused =
        mta == Mta::kPostfix && known->is_done && time > known->time + kQueueLifetime;
    const bool is_other_day = mta == Mta::kPostfix && time > known->time + 2 * kQueueLifetime;
    if (!is_reused && !is_other_day) return *(latest_ = known);
  }
  if (messages_.size() >= kMaxMessages || id.empty()) {
    ++dropped_;
    return scratch_ = {};
  }
  Message& message = messages_.add();
  auto& entry = by_id_.insert(id, [this](std::string_view key) { return copy(key); });
  entry.value = &message;
  message.id = entry.key;
  message.time = time;
  message.mta = mta;
  return *(latest_ = &message);
}

const Message* MessageStore::find(std::string_view id) const {
  if (id.empty()) return nullptr;
  const auto* const found = by_id_.find(id);
  return found == nullptr ? nullptr : found->value;
}

void MessageStore::add_delivery(Message& message, const Delivery& delivery) {
  // A retried recipient is one recipient: its last state counts.
  for (Delivery& known : message.deliveries) {
    if (known.address != delivery.address) continue;
    known.time = delivery.time;
    known.status = delivery.status;
    if (!delivery.is_queued)
      known.is_remote = delivery.is_remote || (known.is_remote && !known.is_queued);
    known.is_queued &= delivery.is_queued;
    known.reason = keep(delivery.reason);
    return;
  }
  if (message.deliveries.size() >= kMaxDeliveries) return;
  Delivery& added = message.deliveries.emplace_back(delivery);
  added.address = keep(delivery.address);
  added.reason = keep(delivery.reason);
}

void MessageStore::adopt(MessageStore&& other, std::uint32_t source) {
  *this = std::move(other);
  for (Message& message : messages_) message.source = source;
}

void MessageStore::merge(const MessageStore& other, std::uint32_t source) {
  dropped_ += other.dropped_;
  for (const Message& theirs : other.messages_) {
    Message& ours = at(theirs.id, theirs.time, theirs.mta);
    const bool is_new = ours.sender.empty() && ours.deliveries.empty() &&
                        ours.arrival == Arrival::kUnknown && !ours.is_null_sender;
    if (is_new) {
      ours.source = source;
      ours.time = theirs.time;
    }
    if (ours.arrival == Arrival::kUnknown) ours.arrival = theirs.arrival;
    if (ours.null_kind == NullKind::kNone) ours.null_kind = theirs.null_kind;
    ours.is_null_sender |= theirs.is_null_sender;
    ours.is_frozen |= theirs.is_frozen;
    ours.is_done |= theirs.is_done;
    if (!ours.uid) ours.uid = theirs.uid;
    ours.recipients = std::max(ours.recipients, theirs.recipients);
    complete(ours.parent, keep(theirs.parent));
    complete(ours.sender, keep(theirs.sender));
    complete(ours.claimed_sender, keep(theirs.claimed_sender));
    complete(ours.user, keep(theirs.user));
    complete(ours.directory, keep(theirs.directory));
    complete(ours.script, keep(theirs.script));
    complete(ours.client, keep(theirs.client));
    complete(ours.subject, keep(theirs.subject));
    for (const Delivery& delivery : theirs.deliveries) add_delivery(ours, delivery);
  }
}

}  // namespace backscan::mail
