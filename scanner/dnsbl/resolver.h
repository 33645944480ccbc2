// The seam to the DNS: names asked, answers read, nothing about blacklists. The checker sees only
// this, so that its judgement is tested without a network.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace backscan::dnsbl {

enum class RecordType : std::uint8_t { kA, kTxt };

enum class ReplyStatus : std::uint8_t {
  kRecords,   // at least one record of the type asked for
  kNothing,   // NXDOMAIN, or a name without such a record
  kRefused,   // rcode REFUSED
  kFailed,    // SERVFAIL or another rcode, or an answer that is no valid DNS
  kSilent,    // no answer in time
  kNoServer,  // the name server's port is closed, or there is no way to it
};

struct ARecord {
  std::uint32_t ipv4 = 0;  // host order
  std::chrono::seconds ttl{0};
};

struct Reply {
  std::uint64_t token = 0;
  ReplyStatus status = ReplyStatus::kSilent;
  std::vector<ARecord> addresses;  // at most kMaxRecords
  std::vector<std::string> text;   // raw bytes; at most kMaxTexts of kMaxTextBytes each
};

inline constexpr std::size_t kMaxRecords = 64;
inline constexpr std::size_t kMaxTexts = 16;
inline constexpr std::size_t kMaxTextBytes = 1024;

class Resolver {
 public:
  virtual ~Resolver() = default;
  /// Sends a question; its reply comes out of `wait` with the same token.
  virtual void ask(std::uint64_t token, const std::string& name, RecordType type) = 0;
  /// Returns as soon as there are replies, or empty after `at_most`.
  [[nodiscard]] virtual std::vector<Reply> wait(std::chrono::milliseconds at_most) = 0;
  /// How long a question may stay open until it is given up (kSilent).
  [[nodiscard]] virtual std::chrono::milliseconds longest_wait() const = 0;
  /// The name servers as text, for messages: "127.0.0.1:5353".
  [[nodiscard]] virtual std::string servers() const = 0;
};

/// Where to ask.
struct NameServer {
  std::string host;  // address or name
  std::uint16_t port = 53;
};

/// "HOST", "HOST:PORT", "[V6]:PORT" or a bare IPv6 address.
[[nodiscard]] Result<NameServer> parse_nameserver(std::string_view text);

/// A resolver on c-ares. `nameserver` as for parse_nameserver; empty: the system's resolvers. A
/// question is given up after `timeout` × `tries`. Not for use by two threads at once.
[[nodiscard]] Result<std::unique_ptr<Resolver>> make_cares_resolver(
    const std::string& nameserver, std::chrono::milliseconds timeout, int tries);

}  // namespace backscan::dnsbl
