// The `when` tree of a rule, and what each word of it means: the reference that
// signatures/README.md and rule.schema.json follow. Its own file because reader, compiler and
// evaluator all speak it.
//
// A condition is a mapping with exactly one key:
//
//   raw: REGEX       the bytes of the file on disk
//   code: REGEX      the `code` view of the file, and of every layer unpacked from it
//   text: REGEX      the `text` view, likewise
//   unpacked: REGEX  what the unpacked layers hold, as it stands there; never the file itself
//   path: REGEX      the path below the root that is scanned, '/' between its parts
//   fact: NAME       a fact of model/fact_names.h
//   size: {min: N, max: N}            bytes of the file on disk; one of the two may be left out
//   all: [...]  any: [...]  not: ...  the usual meaning
//   at_least: {n: N, of: [...]}       N or more of the conditions hold
//   near: {bytes: N, of: [...]}       patterns of one view; matches of all of them begin within N
//                                     bytes of each other, in any order, in one text (file or
//                                     layer)
//   count: {min: N, of: ...}          a pattern matches N times or more without overlap, in the
//   file
//                                     and its layers together; or N facts of that name exist
//
// REGEX is RE2 syntax over bytes (Latin-1): `.` is any byte but newline unless (?s), `^` and `$`
// are the ends of the text unless (?m); (?i) folds ASCII letters. A match inside a layer is
// reported with the view `unpacked`, at the place of the packed text.
//
// A rule with facts is judged once for each group of facts (one mail sink each, model/fact.h): it
// sees the facts of that group and those of the whole file, for `fact` and `not` alike. A file
// without groups is judged once. Patterns, paths, sizes and counts are the same in every group.
//
// What is reported: `any` and `at_least` hand on the places of every condition that held, `all` and
// `count` those of the first condition that has a place, `near` the begin of each cluster, `not`,
// `path` and `size` none. So put the most telling condition first. If a fact of a group decided,
// the finding stands at the first such fact. A rule without any place is about the file as a whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/view.h"

namespace backscan::rules {

enum class Op : std::uint8_t { kAll, kAny, kNot, kAtLeast, kNear, kCount, kPattern, kFact, kSize };

struct Condition {
  Op op = Op::kAll;
  ViewKind view = ViewKind::kRaw;  // kPattern; kPath for `path`
  std::string pattern;             // kPattern
  std::string_view fact;           // kFact: static storage
  std::uint32_t number = 0;        // kAtLeast: n; kNear: bytes; kCount: min
  std::uint64_t min_size = 0;      // kSize
  std::uint64_t max_size = UINT64_MAX;
  std::vector<Condition> children;
  std::size_t line = 0;     // in the rule file
  std::uint32_t index = 0;  // of the pattern or fact; filled when compiled
  bool has_pattern =
      false;  // this or one below is a pattern that RE2 must confirm; filled likewise
};

/// Bounds that keep any rule file, and every file's evaluation, small.
inline constexpr std::size_t kMaxRuleBytes = 64 * 1024;
inline constexpr std::size_t kMaxConditions = 400;  // of one rule
inline constexpr std::size_t kMaxDepth = 12;
inline constexpr std::size_t kMaxPatternBytes = 4096;
inline constexpr std::uint32_t kMaxCount = 1000;
inline constexpr std::uint32_t kMaxNearBytes = 1 << 20;
inline constexpr std::size_t kMaxRules = 20'000;

}  // namespace backscan::rules
