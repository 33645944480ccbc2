// c-ares behind the Resolver seam: its own channel, its callbacks turned into values, its sockets
// polled by the calling thread.
#include <ares.h>
#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>
#include <utility>

#include "base/ip_address.h"
#include "dnsbl/resolver.h"

namespace backscan::dnsbl {
namespace {

using std::chrono::milliseconds;

constexpr int kClassIn = 1;
constexpr int kTypeA = 1;
constexpr int kTypeTxt = 16;

ReplyStatus status_of(int status) {
  switch (status) {
    case ARES_SUCCESS:
      return ReplyStatus::kRecords;
    case ARES_ENOTFOUND:
    case ARES_ENODATA:
      return ReplyStatus::kNothing;
    case ARES_EREFUSED:
      return ReplyStatus::kRefused;
    case ARES_ETIMEOUT:
      return ReplyStatus::kSilent;
    case ARES_ECONNREFUSED:
      return ReplyStatus::kNoServer;
    default:
      return ReplyStatus::kFailed;
  }
}

void read_addresses(const unsigned char* answer, int length, Reply& reply) {
  std::array<ares_addrttl, kMaxRecords> records{};
  int count = static_cast<int>(records.size());
  reply.status = status_of(ares_parse_a_reply(answer, length, nullptr, records.data(), &count));
  if (reply.status != ReplyStatus::kRecords) return;
  for (const ares_addrttl& record : std::span(records).first(static_cast<std::size_t>(count)))
    reply.addresses.push_back(
        {ntohl(record.ipaddr.s_addr), std::chrono::seconds(std::max(0, record.ttl))});
  if (count <= 0) reply.status = ReplyStatus::kNothing;
}

struct FreeAresData {
  void operator()(ares_txt_ext* data) const { ares_free_data(data); }
};

void read_texts(const unsigned char* answer, int length, Reply& reply) {
  ares_txt_ext* first = nullptr;
  reply.status = status_of(ares_parse_txt_reply_ext(answer, length, &first));
  const std::unique_ptr<ares_txt_ext, FreeAresData> owner(first);
  for (const ares_txt_ext* part = first; part != nullptr; part = part->next) {
    // A record may be several character strings, of which only the first starts a record.
    if (part->record_start != 0 || reply.text.empty()) {
      if (reply.text.size() == kMaxTexts) return;
      reply.text.emplace_back();
    }
    std::string& text = reply.text.back();
    text.append(reinterpret_cast<const char*>(part->txt),
                std::min(part->length, kMaxTextBytes - std::min(kMaxTextBytes, text.size())));
  }
}

/// The servers of `channel` as "address:port, …".
std::string describe_servers(ares_channel channel, int& count) {
  ares_addr_port_node* first = nullptr;
  std::string out;
  count = 0;
  if (ares_get_servers_ports(channel, &first) != ARES_SUCCESS) return out;
  for (const ares_addr_port_node* node = first; node != nullptr; node = node->next) {
    char text[INET6_ADDRSTRLEN] = {};
    ::inet_ntop(node->family, &node->addr, text, sizeof text);
    out += out.empty() ? "" : ", ";
    out += node->family == AF_INET6 ? '[' + std::string(text) + ']' : std::string(text);
    out += ':' + std::to_string(node->udp_port != 0 ? node->udp_port : 53);
    ++count;
  }
  ares_free_data(first);
  return out;
}

/// The address of `server`, looked up in the system's way where it is a name.
Result<std::string> address_of(const NameServer& server) {
  if (const auto address = parse_ip(server.host)) return address->text();
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int fault = ::getaddrinfo(server.host.c_str(), nullptr, &hints, &found);
  if (fault != 0)
    return std::unexpected(Error{"name server " + server.host, ::gai_strerror(fault)});
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  char text[INET6_ADDRSTRLEN] = {};
  ::getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  return std::string(text);
}

class CaresResolver final : public Resolver {
 public:
  CaresResolver() = default;
  CaresResolver(const CaresResolver&) = delete;
  CaresResolver& operator=(const CaresResolver&) = delete;
  ~CaresResolver() override {
    // Calls back for every open question; the members it touches still live.
    if (channel_ != nullptr) ares_destroy(channel_);
  }

  Result<void> open(const std::string& csv, milliseconds timeout, int tries) {
    if (const auto opened = init(csv, timeout, tries); !opened) return opened;
    int count = 0;
    servers_ = describe_servers(channel_, count);
    if (count <= 1) return {};
    // Several servers: once round them all is tries enough.
    ares_destroy(std::exchange(channel_, nullptr));
    const auto opened = init(csv, timeout, 1);
    longest_wait_ = timeout * count;
    return opened;
  }

  void ask(std::uint64_t token, const std::string& name, RecordType type) override {
    const auto [it, is_new] = open_.emplace(token, Question{this, token, type});
    if (!is_new) return;
    ares_query(channel_, name.c_str(), kClassIn, type == RecordType::kA ? kTypeA : kTypeTxt,
               &CaresResolver::on_answer, &it->second);
  }

  std::vector<Reply> wait(milliseconds at_most) override {
    const auto until = std::chrono::steady_clock::now() + at_most;
    while (ready_.empty()) {
      const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
      if (left <= milliseconds::zero()) break;
      poll_once(left);
    }
    return std::exchange(ready_, {});
  }

  milliseconds longest_wait() const override { return longest_wait_; }
  std::string servers() const override { return servers_; }

 private:
  /// What a callback is given; its address is stable in the map.
  struct Question {
    CaresResolver* resolver;
    std::uint64_t token;
    RecordType type;
  };

  Result<void> init(const std::string& csv, milliseconds timeout, int tries) {
    ares_options options{};
    // NOCHECKRESP: else REFUSED is swallowed and looks like an unreachable server.
    // No EDNS: c-ares 1.18 gives it up for good at the first SERVFAIL, and long answers come by
    // TCP.
    options.flags = ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES;
    options.tries = std::clamp(tries, 1, 4);
    // c-ares doubles the time with every try; the sum is what was asked for.
    longest_wait_ = timeout * options.tries;
    options.timeout =
        std::max(1, static_cast<int>(longest_wait_.count()) / ((1 << options.tries) - 1));
    // One socket takes every answer; the system's default holds fewer than 200 of them.
    options.socket_send_buffer_size = options.socket_receive_buffer_size = 1 << 20;
    int status = ares_init_options(&channel_, &options,
                                   ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                                       ARES_OPT_SOCK_SNDBUF | ARES_OPT_SOCK_RCVBUF);
    if (status == ARES_SUCCESS && !csv.empty())
      status = ares_set_servers_ports_csv(channel_, csv.c_str());
    if (status != ARES_SUCCESS)
      return std::unexpected(Error{csv.empty() ? "the system's name servers" : csv,
                                   std::string("cannot be used: ") + ares_strerror(status)});
    return {};
  }

  static void on_answer(void* argument, int status, int, unsigned char* answer, int length) {
    const auto* const question = static_cast<const Question*>(argument);
    CaresResolver& self = *question->resolver;
    Reply reply{.token = question->token, .status = status_of(status)};
    if (status == ARES_SUCCESS && question->type == RecordType::kA)
      read_addresses(answer, length, reply);
    else if (status == ARES_SUCCESS)
      read_texts(answer, length, reply);
    self.ready_.push_back(std::move(reply));
    self.open_.erase(question->token);
  }

  void poll_once(milliseconds at_most) {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    const int bits = ares_getsock(channel_, sockets.data(), ARES_GETSOCK_MAXNUM);
    std::array<pollfd, ARES_GETSOCK_MAXNUM> polled{};
    nfds_t count = 0;
    for (int i = 0; i < ARES_GETSOCK_MAXNUM; ++i) {
      const bool reads = ARES_GETSOCK_READABLE(bits, i) != 0;
      const bool writes = ARES_GETSOCK_WRITABLE(bits, i) != 0;
      if (!reads && !writes) break;
      polled[count++] = {sockets[static_cast<std::size_t>(i)],
                         static_cast<short>((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)), 0};
    }
    timeval longest{static_cast<time_t>(at_most.count() / 1000),
                    static_cast<suseconds_t>(at_most.count() % 1000 * 1000)};
    timeval next{};
    const timeval* const chosen = ares_timeout(channel_, &longest, &next);
    const auto sleep_ms = static_cast<int>(chosen->tv_sec * 1000 + (chosen->tv_usec + 999) / 1000);
    ::poll(polled.data(), count, sleep_ms);
    bool is_processed = false;
    for (const pollfd& one : std::span(polled).first(count)) {
      if (one.revents == 0) continue;
      is_processed = true;
      const bool reads = (one.revents & (POLLIN | POLLERR | POLLHUP)) != 0;
      const bool writes = (one.revents & (POLLOUT | POLLERR | POLLHUP)) != 0;
      ares_process_fd(channel_, reads ? one.fd : ARES_SOCKET_BAD,
                      writes ? one.fd : ARES_SOCKET_BAD);
    }
    if (!is_processed) ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  }

  ares_channel channel_ = nullptr;
  std::unordered_map<std::uint64_t, Question> open_;
  std::vector<Reply> ready_;
  milliseconds longest_wait_{0};
  std::string servers_;
};

}  // namespace

Result<std::unique_ptr<Resolver>> make_cares_resolver(const std::string& nameserver,
                                                      milliseconds timeout, int tries) {
  // ares_library_init does nothing outside Windows and is not safe to call from two threads.
  std::string csv;
  if (!nameserver.empty()) {
    const auto server = parse_nameserver(nameserver);
    if (!server) return std::unexpected(server.error());
    const auto address = address_of(*server);
    if (!address) return std::unexpected(address.error());
    const bool is_v6 = address->contains(':');
    csv = (is_v6 ? '[' + *address + ']' : *address) + ':' + std::to_string(server->port);
  }
  auto resolver = std::make_unique<CaresResolver>();
  if (const auto opened = resolver->open(csv, timeout, tries); !opened)
    return std::unexpected(opened.error());
  return resolver;
}

}  // namespace backscan::dnsbl
