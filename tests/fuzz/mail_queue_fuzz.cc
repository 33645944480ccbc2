// Spool files of the three mail servers on any bytes.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mail/queue.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backscan;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  mail::MessageStore store;
  (void)mail::parse_exim_spool(bytes, store);
  (void)mail::parse_postfix_queue(bytes, "8016114A06B", store);
  (void)mail::parse_sendmail_qf(bytes, "6AO63MSg010846", store);
  for (const mail::Message& message : store.messages())
    if (message.deliveries.size() > mail::MessageStore::kMaxDeliveries) std::abort();
  return 0;
}
