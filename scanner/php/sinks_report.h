// Collects what the interpreter sees at sinks and turns it into facts. Apart from the sinks,
// because the same place is seen many times (loop passes, callers) and only here becomes one
// statement.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/fact.h"
#include "php/flow_state.h"
#include "php/flow_value.h"

namespace backscan::php::flow {

enum class SinkKind : std::uint8_t {
  kMail, kLibrary, kSmtp, kProcess, kCurl,              // mail
  kCode, kCommand, kCallback, kInclude, kWrite, kRead,  // others
};
[[nodiscard]] constexpr bool is_mail(SinkKind kind) { return kind <= SinkKind::kCurl; }

enum class Role : std::uint8_t {
  kRecipient, kSender, kSubject, kHeaders, kBody, kParameters, kServer,
  kCode, kCommand, kName, kContent,  // of the other sinks; kName: a callback's or file's
};
inline constexpr std::size_t kRoles = 11;

enum Circumstance : std::uint32_t {
  kInLoop = 1, kInListLoop = 2, kDynamic = 4, kInOwnClass = 8, kRedirectAfter = 16,
  kWritesPhp = 32, kComputedName = 64,
};

/// One sink as one chain of callers reaches it.
struct Visit {
  const Node* node = nullptr;
  Span place;
  std::uint64_t context = 0;
  SinkKind kind = SinkKind::kMail;
  std::string sink;
  std::array<Value, kRoles> roles;
  std::uint32_t circumstances = 0;
  std::uint32_t guards = 0;  // bit per GuardKind; those that hold whenever it is reached
};

/// Statements about the whole file.
struct FileFact {
  std::string_view name;
  Span place;
};

class Report {
 public:
  static constexpr std::size_t kMaxContexts = 8;  // of one sink; more callers share the last

  explicit Report(Values& values) : values_(values) {}

  /// The visit of `node` in `context`, new or known.
  [[nodiscard]] VisitId open(const Node* node, Span place, std::uint64_t context, SinkKind kind,
                             std::string_view sink, std::uint32_t guards);
  [[nodiscard]] Visit& at(VisitId id) { return visits_[id]; }
  void add_role(VisitId id, Role role, const Value& value);
  void add_file_fact(std::string_view name, Span place);
  [[nodiscard]] bool has_visits() const { return !visits_.empty(); }
  /// True where code, commands or files written were seen, not only mail.
  [[nodiscard]] bool has_visits_besides_mail() const;

  /// All facts, in file order. `source` is the main file's text, for the words of the traces.
  [[nodiscard]] std::vector<Fact> facts(std::string_view source, std::uint32_t max_trace) const;

 private:
  Values& values_;
  std::vector<Visit> visits_;
  std::map<std::pair<const Node*, std::uint64_t>, VisitId> index_;
  std::map<const Node*, std::size_t> contexts_;
  std::vector<FileFact> file_facts_;
};

}  // namespace backscan::php::flow
