// One message as the logs of this host tell its story, and the store that joins lines into messages.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <boost/container/small_vector.hpp>

#include "mail/growing_list.h"
#include "mail/text_table.h"
#include "model/finding.h"

namespace backscan::mail {

enum class Mta : std::uint8_t { kExim, kPostfix, kSendmail };

/// How the message came to be on this host.
enum class Arrival : std::uint8_t {
  kUnknown,
  kLocal,      // submitted by a local process (sendmail -t, pickup)
  kAuthenticated,  // submitted over SMTP by a user who logged in
  kRemote,     // received from another host
  kGenerated,  // created by the MTA itself: a bounce, a delay warning, an auto-reply
};

enum class DeliveryStatus : std::uint8_t { kDelivered, kDeferred, kFailed };

struct Delivery {
  std::string_view address;
  Time time{};
  DeliveryStatus status = DeliveryStatus::kDelivered;
  bool is_remote = false;
  std::string_view reason = {};  // of a failure or a deferral
  bool is_queued = false;        // only a queue tells of it: is_remote is a guess (settle_queued)
};

/// What the null-sender message is, by its words and its generator (facts/mail.md 3.8).
enum class NullKind : std::uint8_t { kNone, kBounce, kDelay, kAutoreply, kCallout };

/// Text fields are views into the store's pool.
struct Message {
  Mta mta = Mta::kExim;
  Arrival arrival = Arrival::kUnknown;
  NullKind null_kind = NullKind::kNone;
  bool is_null_sender = false;
  bool is_frozen = false;
  bool is_done = false;        // Completed, removed
  std::optional<std::uint32_t> uid;
  std::uint32_t source = 0;    // index of the log file it was first seen in
  std::uint32_t recipients = 0;
  Time time{};                 // when it arrived (or was first seen)
  std::string_view id;
  std::string_view parent;     // the message this one answers
  std::string_view sender;     // MAIL FROM without angle brackets; empty for <>
  std::string_view claimed_sender;  // -f that the MTA did not honour
  std::string_view user;       // local user or authenticated login
  std::string_view directory;  // working directory of the submitting process
  std::string_view script;     // from a PHP header or log: path or "uid:basename"
  std::string_view client;     // address of the sending host
  std::string_view subject;
  boost::container::small_vector<Delivery, 1> deliveries;  // most messages have one
};

/// Owns the messages of one log (or of all, once merged) and their text.
class MessageStore {
 public:
  MessageStore() = default;
  MessageStore(MessageStore&&) = default;
  MessageStore& operator=(MessageStore&&) = default;

  /// At most this many deliveries are kept a message; `recipients` counts on.
  static constexpr std::size_t kMaxDeliveries = 200;
  /// Logs of more messages than this are joined in part: about 4 GB of memory.
  static constexpr std::size_t kMaxMessages = 5'000'000;
  /// Longer texts are cut: nothing that is asked of a log needs more.
  static constexpr std::size_t kMaxTextBytes = 512;

  /// The message with that id, made at `time` if new. An id that a finished message of more than five
  /// days ago bore (Postfix reuses short ids) starts a new one. Once full, what is written to a new
  /// message is lost and counted.
  Message& at(std::string_view id, Time time, Mta mta);
  [[nodiscard]] const Message* find(std::string_view id) const;
  void add_delivery(Message& message, const Delivery& delivery);

  /// A copy of `text` (cut at kMaxTextBytes) that lives as long as the store; equal texts share one.
  [[nodiscard]] std::string_view keep(std::string_view text);

  [[nodiscard]] const GrowingList<Message>& messages() const { return messages_; }
  [[nodiscard]] GrowingList<Message>& messages() { return messages_; }

  /// Takes over another store's messages; those with a known id complete the ones here. Call in the
  /// order of the logs' times.
  void merge(const MessageStore& other, std::uint32_t source);
  /// The same for an empty store, without a copy.
  void adopt(MessageStore&& other, std::uint32_t source);
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  std::unique_ptr<std::pmr::monotonic_buffer_resource> text_ =
      std::make_unique<std::pmr::monotonic_buffer_resource>(std::size_t{1} << 20);
  [[nodiscard]] std::string_view copy(std::string_view text);

  TextTable<std::monostate> pool_;
  GrowingList<Message> messages_;
  TextTable<Message*> by_id_;
  Message* latest_ = nullptr;  // that at() gave: a message's lines often follow each other
  Message scratch_;  // takes what is said of messages that have no room
  std::uint64_t dropped_ = 0;
};

}  // namespace backscan::mail
