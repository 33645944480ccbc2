// A queue file names recipients but not whether they are this host's. A bounce on its way to a
// local user, met in the moment before its delivery, must not look like one that leaves for another
// host.
#include <string>
#include <unordered_set>

#include "base/text.h"
#include "mail/evidence.h"

namespace backscan::mail {
namespace {

std::string domain_of(std::string_view address) {
  const std::size_t at = address.rfind('@');
  return at == std::string_view::npos ? std::string() : ascii_lower(address.substr(at + 1));
}

/// The server itself made the sender's address from the user who submitted.
bool is_own_address(const Message& message) {
  return message.arrival == Arrival::kLocal && !message.user.empty() &&
         message.sender.size() > message.user.size() && message.sender.starts_with(message.user) &&
         message.sender[message.user.size()] == '@';
}

}  // namespace

void settle_queued(MessageStore& store) {
  std::unordered_set<std::string> local{""};  // no domain: a user of this host
  for (const Message& message : store.messages()) {
    if (is_own_address(message)) local.insert(domain_of(message.sender));
    for (const Delivery& delivery : message.deliveries)
      if (!delivery.is_queued && !delivery.is_remote &&
          delivery.status == DeliveryStatus::kDelivered)
        local.insert(domain_of(delivery.address));
  }
  for (Message& message : store.messages())
    for (Delivery& delivery : message.deliveries)
      if (delivery.is_queued) delivery.is_remote = !local.contains(domain_of(delivery.address));
}

}  // namespace backscan::mail
