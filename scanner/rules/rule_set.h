// The compiled rules: built once, immutable, shared by all threads; and the per-thread matcher that
// is fed the views and facts of one file and says which rules fire where.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/fact.h"
#include "model/severity.h"
#include "model/view.h"

namespace backscan::rules {

/// What a rule says of itself; the `when` tree stays inside the set.
struct RuleInfo {
  std::string id;  // "<class>/<name>"
  std::string title;
  std::string rule_class;
  Severity severity = Severity::kMedium;
  Confidence confidence = Confidence::kMedium;
  std::string status;  // experimental, test, stable, deprecated
  std::vector<Cause> causes;
  std::string message;  // may hold {sink}, {source}, {match}
  std::string remedy;
  std::vector<std::string> references;
  std::string false_positives;
  /// `clean: {block: …}`: an RE2 over raw bytes whose match (or first group) is all that was injected
  /// into an honest file; empty where the file as a whole is the finding.
  std::string clean_block;
  std::string author;
  std::string date;
  std::string file;  // the YAML file it came from
  std::size_t line = 0;
};

/// A rule that fired. Offsets are of the file on disk (for a layer: where its packed text stands).
struct Match {
  std::uint32_t rule = 0;  // index into RuleSet::rules()
  Span place;
  ViewKind view = ViewKind::kRaw;
  std::uint32_t layer = 0;        // index + 1 into the layers fed; 0: the file itself
  std::string_view excerpt_text;  // the view that matched and
  Span excerpt_place;             // where in it: for the excerpt
  const Fact* fact = nullptr;     // the fact that decided, for {sink}, {source} and the flow
};

/// What the passes over a text saw (triggers.h): a set of bits.
using Signs = std::uint32_t;

/// Which stages a text deserves (DESIGN.md, "Triggers").
struct Triggers {
  bool php_tag = false;  // an open tag stands somewhere: build and match the code and text views
  bool sinks = false;    // a mail, execution or writing sink: parse and follow the flow
  bool packed = false;   // looks packed: run the unpacker
};

[[nodiscard]] Triggers stages_of(Signs signs);

struct LoadOptions {
  std::vector<std::string> directories;  // read in order; a later id replaces an earlier one
  std::vector<std::string> only;         // ids, classes or "class/prefix*" globs; empty: all
  std::vector<std::string> skip;
  Severity min_severity = Severity::kInfo;
  Confidence min_confidence = Confidence::kLow;
  std::vector<std::string> foreign_ids;  // of rules from elsewhere, that `only` and `skip` may name
  std::string cache_directory;  // serialized databases; empty: none is read or written
};

class Matcher;
class RuleCounts;

class RuleSet {
 public:
  /// Reads, validates and compiles. On failure every error found, each "file:line: reason".
  [[nodiscard]] static std::expected<RuleSet, std::vector<Error>> load(const LoadOptions& options);

  RuleSet(RuleSet&&) noexcept;
  RuleSet& operator=(RuleSet&&) noexcept;
  ~RuleSet();

  [[nodiscard]] std::span<const RuleInfo> rules() const;
  /// Hex digest over the rules' contents: `rules_version` of the summary, key of caches.
  [[nodiscard]] const std::string& version() const;
  /// True if some rule speaks of the fact: another need not be found out.
  [[nodiscard]] bool asks_for(std::string_view fact) const;

 private:
  friend class Matcher;
  struct Impl;
  explicit RuleSet(std::unique_ptr<const Impl> impl);
  std::unique_ptr<const Impl> impl_;
};

/// One a thread. Order of calls for a file: begin, scan of the raw view, then of any further
/// view of the file or of a layer, add_facts, finish. Views and facts must live until finish.
class Matcher {
 public:
  /// `counts`, if not null, is told of every rule that a file makes a candidate.
  explicit Matcher(const RuleSet& rules, RuleCounts* counts = nullptr);
  Matcher(Matcher&&) noexcept;
  ~Matcher();

  /// `relative_path`: below the root, '/' between parts. `size_bytes`: of the file on disk.
  void begin(std::string_view relative_path, std::uint64_t size_bytes);
  /// Appends which path patterns match the path given to `begin`: files with the same bytes, size,
  /// facts and path signature get the same verdict, whatever their paths.
  void append_path_signature(std::string& to);
  /// `layer` is the index + 1 of the unpacked layer that the view belongs to, 0 for the file.
  /// Offsets are mapped by `view.map` to the text the view was made from; matches inside a layer
  /// are placed at the layer's `origin`. Returns what the raw or the code view says about stages.
  Signs scan(const View& view, std::uint32_t layer = 0, Span origin = {});
  /// True if anything so far speaks for some rule.
  [[nodiscard]] bool has_candidates() const;
  void add_facts(std::span<const Fact> facts);
  /// Evaluates the rules that anything spoke for; appends matches ordered by (place, rule). Returns
  /// an error if the per-file budget ended before every candidate was confirmed.
  [[nodiscard]] Result<void> finish(std::vector<Match>& matches);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace backscan::rules
