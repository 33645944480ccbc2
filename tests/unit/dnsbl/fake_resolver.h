// A Resolver that answers from a table at once, records what it was asked, and can be silent.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <thread>

#include "base/ip_address.h"
#include "dnsbl/resolver.h"

namespace backscan::dnsbl {

class FakeResolver final : public Resolver {
 public:
  using Records = std::vector<std::string>;

  /// A answers of `name`; TXT answers where `name` starts with "TXT ".
  void add(const std::string& name, Records records) { answers_[name] = std::move(records); }
  /// The usual test entries of a working IPv4 list.
  void add_working(const std::string& zone) { add("2.0.0.127." + zone, {"127.0.0.2"}); }
  /// Status for every name that ends in `suffix` and has no answer.
  void set_status(const std::string& suffix, ReplyStatus status) { statuses_[suffix] = status; }
  /// Every question meets `status`.
  void set_status_of_all(ReplyStatus status) { status_of_all_ = status; }
  void rewrite_unknown_names() { is_rewriting_ = true; }
  /// Called before each wait; a test changes the world in it.
  std::function<void()> before_wait;

  void ask(std::uint64_t token, const std::string& name, RecordType type) override {
    const std::string key = type == RecordType::kTxt ? "TXT " + name : name;
    asked.push_back(key);
    ++open_count_;
    most_open = std::max(most_open, open_count_);
    Reply reply = answer(key, type);
    reply.token = token;
    if (reply.status == ReplyStatus::kSilent && !is_timing_out) {
      return;  // never answered
    }
    ready_.push_back(std::move(reply));
  }

  std::vector<Reply> wait(std::chrono::milliseconds at_most) override {
    if (before_wait) before_wait();
    if (ready_.empty())
      std::this_thread::sleep_for(std::min(at_most, std::chrono::milliseconds(5)));
    open_count_ -= std::min(open_count_, ready_.size());
    return std::exchange(ready_, {});
  }
  std::chrono::milliseconds longest_wait() const override { return std::chrono::milliseconds(100); }
  std::string servers() const override { return "192.0.2.53:53"; }

  [[nodiscard]] bool was_asked(const std::string& name) const {
    return std::ranges::find(asked, name) != asked.end();
  }

  std::vector<std::string> asked;
  std::size_t most_open = 0;
  bool is_timing_out = true;  // false: silence lasts for ever

 private:
  Reply answer(const std::string& key, RecordType type) const {
    Reply reply{.status = ReplyStatus::kNothing};
    if (status_of_all_) return {.status = *status_of_all_};
    if (is_rewriting_ && !key.starts_with("TXT ")) {
      reply.status = ReplyStatus::kRecords;
      reply.addresses.push_back({0xc6336401u, std::chrono::seconds(60)});
      return reply;
    }
    if (const auto it = answers_.find(key); it != answers_.end()) {
      reply.status = ReplyStatus::kRecords;
      for (const std::string& record : it->second) {
        if (type == RecordType::kTxt) {
          reply.text.push_back(record);
          continue;
        }
        const auto bytes = parse_ip(record)->bytes;
        reply.addresses.push_back({static_cast<std::uint32_t>(bytes[0]) << 24 |
                                       static_cast<std::uint32_t>(bytes[1]) << 16 |
                                       static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3],
                                   std::chrono::seconds(300)});
      }
      return reply;
    }
    for (const auto& [suffix, status] : statuses_)
      if (key.ends_with(suffix)) reply.status = status;
    return reply;
  }

  std::map<std::string, Records> answers_;
  std::map<std::string, ReplyStatus> statuses_;
  std::optional<ReplyStatus> status_of_all_;
  std::vector<Reply> ready_;
  std::size_t open_count_ = 0;
  bool is_rewriting_ = false;
};

}  // namespace backscan::dnsbl
