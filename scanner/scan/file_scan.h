// One file's way through the stages: raw patterns, PHP views, mail flow, unpacking, place,
// judgement. The only place where php/ and rules/ meet.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cpu_limit.h"
#include "model/fact.h"
#include "model/scan_result.h"
#include "model/view.h"
#include "php/mail_flow.h"
#include "php/token.h"
#include "php/unpack.h"
#include "php/views.h"
#include "rules/rule_set.h"
#include "scan/external_stage.h"
#include "scan/place.h"
#include "scan/scan.h"

namespace backscan::scan {

/// The bytes and the circumstances of one file.
struct FileInput {
  std::string_view relative_path;  // below the root
  std::string_view name;           // what `__FILE__` ends in
  std::string_view bytes;          // the whole file, or its head
  std::string_view tail;           // of a file read in part
  Offset tail_offset = 0;
  std::uint64_t size_bytes = 0;  // on disk
  PlaceMarks place = 0;          // become facts where the file holds PHP
  std::vector<Fact> known_facts = {};  // of its place among a vendor's files (known_facts.h)
  /// Asked for files that look interesting (neighbours.h); may be empty.
  std::function<bool()> is_newer_than_neighbours = {};
  /// Reads what the file includes; may be empty.
  php::IncludeReader include_reader = {};
  /// For rules from elsewhere (external_stage.h), which also look at pixels and machine code: what was
  /// read, and, where they ask for it, the absolute path and the owner.
  std::string_view all_bytes = {};
  std::string_view all_tail = {};
  std::string path = {};
  std::string owner = {};
};

/// What a rule from elsewhere says of a file.
struct ExternalMatch {
  const rules::RuleInfo* rule = nullptr;
  rules::Match match;  // whose `rule` means nothing
};

/// What the stages said. Valid until the scanner's next file, as long as the input is.
struct FileVerdict {
  rules::Triggers triggers;           // of the file itself
  std::vector<rules::Match> matches;  // ordered by place and rule
  std::vector<ExternalMatch> external;
  std::vector<Layer> layers;
  std::vector<Fact> facts;
  struct Failure {
    Stage stage;
    std::string reason;
  };
  std::vector<Failure> failures;  // a budget that ended: the file was not judged in full
  bool is_interesting = false;    // some rule, the flow or the unpacker had to look
  /// The same bytes in the same circumstances will say the same.
  bool is_repeatable = true;
};

/// Scans files one after the other on one thread; buffers keep their capacity between files.
class FileScanner {
 public:
  FileScanner(const rules::RuleSet& rules, const ScanOptions& options);

  /// Starts with a file; `input` must outlive the verdict. Then `append_circumstances`, if wanted,
  /// and one of the others.
  void begin(const FileInput& input);
  /// Whatever but the bytes decides the verdict, apart from the neighbours: the memo's key.
  void append_circumstances(std::string& to);
  /// All stages. Never throws for what a file holds; bounded by options.file_time_limit and the
  /// limits of php/.
  [[nodiscard]] const FileVerdict& scan();
  /// Only the path and `facts`: for what cannot be read, such as a symlink.
  [[nodiscard]] const FileVerdict& judge_unread(std::vector<Fact> facts);

 private:
  [[nodiscard]] rules::Signs scan_raw();
  void scan_php(rules::Signs signs);
  void add_carrier_facts();
  void add_place_facts();
  /// Builds and matches the code and text views of the file, or of an unpacked layer of it.
  [[nodiscard]] rules::Signs scan_views(std::string_view source, std::uint32_t layer, Span origin);
  /// The stages that `signs` open, or all of them where triggers are off.
  [[nodiscard]] rules::Triggers stages_of(rules::Signs signs) const;
  /// Opens what is packed and takes each layer through the stages of a file.
  void open_layers(std::string_view bytes);
  /// Follows the flow in the file, or in an unpacked layer of it.
  void follow_flow(std::string_view source, std::uint32_t layer, Span origin);
  [[nodiscard]] bool is_out_of_time();
  void judge();

  const ScanOptions& options_;
  rules::Matcher matcher_;
  ExternalStage external_;
  const FileInput* input_ = nullptr;
  FileVerdict verdict_;
  OffsetMap tail_map_;
  // What views were made from: their maps are made when a place is asked for.
  std::optional<std::string> second_;
  std::deque<std::string> layer_sources_;
  std::deque<php::CodeViews> views_;  // all that the matcher may still look at; the first is reused
  std::size_t views_used_ = 0;
  std::vector<php::Token> tokens_;
  // Of what the flow was followed in last; the unpacker takes it.
  std::optional<php::SyntaxTree> parsed_;
  std::uint32_t groups_ = 0;  // of facts, so far
  CpuLimit limit_;            // of the file in hand
};

}  // namespace backscan::scan
