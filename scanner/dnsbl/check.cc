// The order of asking: the resolver and every zone are tested first, addresses are asked of the
// zones that passed, reasons only after a hit; and a server that is silent is given up early.
#include "dnsbl/check.h"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <unordered_map>

#include "dnsbl/query_name.h"
#include "dnsbl/resolver.h"
#include "dnsbl/rows.h"
#include "dnsbl/verdict.h"

namespace backscan::dnsbl {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Unanswered questions in a row after which a zone is asked no more.
constexpr int kZoneBreaker = 3;
/// Questions that met a closed port before the server counts as absent: c-ares reports a full send
/// buffer the same way.
constexpr int kClosedPortReplies = 3;
constexpr milliseconds kWaitSlice{50};  // how soon a stop is honoured
constexpr milliseconds kSlack{500};

/// One zone for one address family: what its test entries said, and the rows that wait for it.
struct ZoneTest {
  const Zone* zone = nullptr;
  bool is_v6 = false;
  std::optional<AnswerKind> listed_entry;
  std::optional<AnswerKind> unlisted_entry;
  std::vector<std::size_t> rows;
  int unanswered_in_a_row = 0;
};

enum class Purpose : std::uint8_t { kResolverTest, kListedEntry, kUnlistedEntry, kSubject, kText };

struct Question {
  Purpose purpose = Purpose::kResolverTest;
  std::size_t test = 0;  // of tests_
  std::size_t row = 0;   // of rows_; for kResolverTest: which name
};

/// A name that no one registered: an address for it comes from the resolver's own hand. Two kinds,
/// because many resolvers answer for .invalid by themselves although what they forward to rewrites
/// everything else.
std::string unregistered_name(std::size_t kind) {
  std::random_device random;
  std::string name = "bs";
  for (int i = 0; i < 24; ++i) name += static_cast<char>('a' + random() % 26);
  return name + (kind == 0 ? ".invalid" : ".com");
}

class Checker {
 public:
  Checker(Resolver& resolver, const CheckOptions& options, std::stop_token stop)
      : resolver_(resolver),
        stop_(std::move(stop)),
        max_open_(static_cast<std::size_t>(std::clamp(options.max_in_flight, 1, 200))),
        rows_(make_rows(options)) {}

  CheckResult run() {
    queue_tests();
    started_ = last_answer_ = Clock::now();
    while (!is_over_ && (!waiting_.empty() || !open_.empty())) {
      send_what_fits();
      for (const Reply& reply : resolver_.wait(kWaitSlice)) take(reply);
      watch_server();
      if (stop_.stop_requested() && !is_over_) {
        add_server_error("interrupted before every list had answered", true);
        is_over_ = true;
      }
    }
    std::ranges::sort(rows_.errors);
    return {std::move(rows_.listings), std::move(rows_.errors)};
  }

 private:
  void queue_tests() {
    std::map<std::pair<const Zone*, bool>, std::size_t> known;
    for (std::size_t row = 0; row < rows_.listings.size(); ++row) {
      if (rows_.listings[row].reason == NotChecked::kNeedsKey) continue;
      const bool is_v6 = rows_.addresses[row].is_v6;
      const auto [it, is_new] = known.emplace(std::pair(rows_.zones[row], is_v6), tests_.size());
      if (is_new) tests_.push_back({.zone = rows_.zones[row], .is_v6 = is_v6});
      tests_[it->second].rows.push_back(row);
    }
    if (tests_.empty()) return;
    waiting_ = {{Purpose::kResolverTest, 0, 0}, {Purpose::kResolverTest, 0, 1}};
    for (std::size_t i = 0; i < tests_.size(); ++i) {
      waiting_.push_back({Purpose::kListedEntry, i, 0});
      waiting_.push_back({Purpose::kUnlistedEntry, i, 0});
    }
  }

  void send_what_fits() {
    while (open_.size() < max_open_ && !waiting_.empty()) {
      const Question question = waiting_.front();
      waiting_.pop_front();
      if (is_cut_off(question)) continue;
      const std::uint64_t token = next_token_++;
      open_.emplace(token, question);
      resolver_.ask(token, name_for(question),
                    question.purpose == Purpose::kText ? RecordType::kTxt : RecordType::kA);
    }
  }

  /// True for an address of a zone whose breaker has opened; its row says so.
  bool is_cut_off(const Question& question) {
    if (question.purpose != Purpose::kSubject) return false;
    if (tests_[question.test].unanswered_in_a_row < kZoneBreaker) return false;
    rows_.listings[question.row].reason = NotChecked::kUnreachable;
    return true;
  }

  std::string name_for(const Question& question) const {
    if (question.purpose == Purpose::kResolverTest) return unregistered_name(question.row);
    const ZoneTest& test = tests_[question.test];
    switch (question.purpose) {
      case Purpose::kListedEntry:
        return query_name(listed_test_entry(test.is_v6), *test.zone);
      case Purpose::kUnlistedEntry:
        return query_name(unlisted_test_entry(test.is_v6), *test.zone);
      default:
        return query_name(rows_.addresses[question.row], *test.zone);
    }
  }

  void take(const Reply& reply) {
    const auto it = open_.find(reply.token);
    if (it == open_.end() || is_over_) return;
    const Question question = it->second;
    open_.erase(it);
    note_life(reply.status);
    switch (question.purpose) {
      case Purpose::kResolverTest:
        return take_resolver_test(reply);
      case Purpose::kListedEntry:
        tests_[question.test].listed_entry = judge(reply, *tests_[question.test].zone);
        return finish_test(question.test);
      case Purpose::kUnlistedEntry:
        tests_[question.test].unlisted_entry = judge(reply, *tests_[question.test].zone);
        return finish_test(question.test);
      case Purpose::kSubject:
        return take_subject(question, reply);
      case Purpose::kText:
        rows_.listings[question.row].text = reply.text;
        return;
    }
  }

  void note_life(ReplyStatus status) {
    if (status == ReplyStatus::kNoServer) {
      ++closed_port_replies_;
    } else if (status != ReplyStatus::kSilent) {
      has_answered_ = true;
      last_answer_ = Clock::now();
    }
  }

  void take_resolver_test(const Reply& reply) {
    if (reply.status != ReplyStatus::kRecords || reply.addresses.empty()) return;
    add_server_error(
        "gives addresses for names that do not exist, so no list can be asked "
        "through it: use another one (--nameserver)");
    retract_all(NotChecked::kParked);
  }

  void finish_test(std::size_t index) {
    const ZoneTest& test = tests_[index];
    if (!test.listed_entry || !test.unlisted_entry) return;
    const NotChecked verdict = judge_zone(*test.listed_entry, *test.unlisted_entry);
    for (const std::size_t row : test.rows) {
      rows_.listings[row].reason = verdict;
      if (verdict == NotChecked::kNone) waiting_.push_back({Purpose::kSubject, index, row});
    }
  }

  void take_subject(const Question& question, const Reply& reply) {
    ZoneTest& test = tests_[question.test];
    Listing& row = rows_.listings[question.row];
    fill_listing(reply, *test.zone, row);
    const bool is_unanswered = row.reason == NotChecked::kUnreachable;
    test.unanswered_in_a_row = is_unanswered ? test.unanswered_in_a_row + 1 : 0;
    if (row.state != ListingState::kListed) return;
    describe(*test.zone, row);
    waiting_.push_back({Purpose::kText, question.test, question.row});
  }

  /// Gives up a server that has never answered or answers no more: its questions would each time
  /// out for themselves.
  void watch_server() {
    if (is_over_) return;
    const auto now = Clock::now();
    if (!has_answered_ && closed_port_replies_ >= kClosedPortReplies) {
      add_server_error("cannot be reached: nothing listens there");
      return retract_all(NotChecked::kUnreachable);
    }
    if (!has_answered_ && now - started_ > resolver_.longest_wait() * 7 / 10) {
      add_server_error("does not answer");
      return retract_all(NotChecked::kUnreachable);
    }
    const bool is_silent = now - last_answer_ > resolver_.longest_wait() + kSlack;
    if (has_answered_ && (closed_port_replies_ >= kClosedPortReplies || is_silent)) {
      add_server_error("stopped answering");
      keep_what_was_answered();
    }
  }

  void retract_all(NotChecked reason) {
    is_over_ = true;
    for (Listing& row : rows_.listings)
      if (row.reason != NotChecked::kNeedsKey) retract(row, reason);
  }

  void keep_what_was_answered() {
    is_over_ = true;
    for (Listing& row : rows_.listings)
      if (row.state == ListingState::kNotChecked && row.reason == NotChecked::kNone)
        row.reason = NotChecked::kUnreachable;
  }

  void add_server_error(std::string reason, bool is_note = false) {
    rows_.errors.push_back(
        {Stage::kDns, "name server " + resolver_.servers(), std::move(reason), is_note});
  }

  Resolver& resolver_;
  std::stop_token stop_;
  std::size_t max_open_;
  Rows rows_;
  std::vector<ZoneTest> tests_;
  std::deque<Question> waiting_;
  std::unordered_map<std::uint64_t, Question> open_;
  std::uint64_t next_token_ = 1;
  Clock::time_point started_;
  Clock::time_point last_answer_;
  int closed_port_replies_ = 0;
  bool has_answered_ = false;
  bool is_over_ = false;
};

}  // namespace

CheckResult check_with(Resolver& resolver, const CheckOptions& options, std::stop_token stop) {
  return Checker(resolver, options, std::move(stop)).run();
}

CheckResult check(const CheckOptions& options, std::stop_token stop) {
  auto resolver = make_cares_resolver(options.nameserver, options.timeout, options.tries);
  if (resolver) return check_with(**resolver, options, std::move(stop));
  Rows rows = make_rows(options);
  for (Listing& row : rows.listings)
    if (row.reason != NotChecked::kNeedsKey) retract(row, NotChecked::kUnreachable);
  rows.errors.push_back({Stage::kDns, resolver.error().object, resolver.error().reason});
  std::ranges::sort(rows.errors);
  return {std::move(rows.listings), std::move(rows.errors)};
}

Result<std::string> parse_address(std::string_view text) {
  const auto address = parse_ip(text);
  if (!address) return std::unexpected(Error{std::string(text), "not an IPv4 or IPv6 address"});
  return address->text();
}

}  // namespace backscan::dnsbl
