// What holds at one point of the program: variables as cells, the guards passed, the sinks on the
// way here. Branches are run one after another over the same cells: a trail of old values takes a
// branch back, so that its cost is what it changes and not what is alive.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "php/flow_names.h"
#include "php/flow_value.h"

namespace backscan::php::flow {

enum class GuardKind : std::uint8_t {
  kValidated, kNoBreaks, kAllowList, kNumber,          // about one source
  kNonce, kLogin, kCaptcha, kRate, kPassword, kExtension,  // about whoever gets here
};

struct Guard {
  GuardKind kind = GuardKind::kLogin;
  const Source* target = nullptr;  // null: whatever comes by
  bool operator==(const Guard&) const = default;
};

/// Guards that hold if a value is truthy or falsy.
struct Implied {
  std::span<const Guard> when_true;
  std::span<const Guard> when_false;
};

using VisitId = std::uint32_t;

/// How a statement hands on control. Ordered: the larger leaves more.
enum class Ends : std::uint8_t { kNo, kLoopControl, kGoto, kReturn, kExit };

struct ClassInfo;

/// Names of one function call, or of the main program.
struct Scope {
  NameMap names;
  Object* self = nullptr;              // $this
  const ClassInfo* in_class = nullptr;
  const Source* extracted = nullptr;   // extract(), $$k: names never assigned come from here
  std::uint16_t extracted_origins = 0;
  bool is_main = false;
};

/// What one branch did, taken back.
struct Way {
  std::vector<std::pair<Cell, Value>> changed;  // sorted by cell, newest value each
  std::vector<Guard> guards;                    // passed since the branch began
  std::vector<VisitId> sinks;
  Ends ends = Ends::kNo;
};

class State {
 public:
  explicit State(Values& values) : values_(values) {}

  [[nodiscard]] Cell new_cell(const Value& value);
  [[nodiscard]] const Value& get(Cell cell) const { return cells_[cell]; }
  void set(Cell cell, const Value& value);

  struct Mark {
    std::size_t trail = 0;
    std::size_t guards = 0;
    std::size_t sinks = 0;
  };
  /// Starts a branch in which `conditions` hold.
  [[nodiscard]] Mark begin_way(std::span<const Guard> conditions);
  /// Ends it and takes its effects back.
  [[nodiscard]] Way end_way(const Mark& mark, Ends ends);
  /// Goes on as any of `ways` may have left things; ways that leave the function do not count.
  void join(std::span<const Way> ways);

  void pass(std::span<const Guard> guards) {
    guards_.insert(guards_.end(), guards.begin(), guards.end());
  }
  [[nodiscard]] std::span<const Guard> guards() const { return guards_; }
  void truncate_guards(std::size_t count) {
    if (count < guards_.size()) guards_.resize(count);
  }
  [[nodiscard]] bool has_guard(GuardKind kind) const;
  /// Safety bits that the guards passed give to data of `source`.
  [[nodiscard]] std::uint16_t safety_of(const Source* source) const;

  [[nodiscard]] const Implied* imply(std::span<const Guard> when_true,
                                     std::span<const Guard> when_false);
  /// What the truth of a value says that is `a` after one branch and `b` after the other.
  [[nodiscard]] const Implied* choose(const Way& way_a, const Value& a, const Way& way_b,
                                      const Value& b);
  [[nodiscard]] const Implied* negate(const Implied* implied);

  std::vector<VisitId> path_sinks;  // sinks on the way to this point
  /// What branches that returned had changed: of use to the caller only.
  std::vector<std::pair<Cell, Value>> returned_changes;

 private:
  [[nodiscard]] Value join_values(std::span<const Way> ways, Cell cell);
  [[nodiscard]] const Implied* join_implied(
      std::span<const std::pair<const Way*, const Value*>> ways);

  Values& values_;
  std::vector<Value> cells_;
  std::vector<std::uint32_t> seen_;  // by cell: the way that mentioned it last
  std::uint32_t ways_ = 0;
  std::vector<std::pair<const Way*, const Value*>> alive_;
  std::vector<Cell> joined_;
  std::vector<std::pair<Cell, Value>> trail_;
  std::vector<Guard> guards_;
  std::size_t open_ways_ = 0;
};

}  // namespace backscan::php::flow
