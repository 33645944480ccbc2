// What was done to which file, and how far: an append-only file of JSON lines, synced before the deed
// that a line speaks of. Whatever moment the process dies at, the last lines say what is to be
// finished or undone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/unique_fd.h"
#include "model/finding.h"
#include "response/file_state.h"
#include "response/place.h"

namespace backscan::response {

enum class Action : std::uint8_t { kQuarantine, kClean };
inline constexpr std::array<std::string_view, 2> kActionNames = {"quarantine", "clean"};

enum class Phase : std::uint8_t { kBegun, kDone, kUndone, kRestoring, kRestored };
/// The types of lines that lead to a phase; a restore given up leads back to kDone.
inline constexpr std::array<std::string_view, 5> kPhaseNames = {"begin", "done", "undone",
                                                                "restore-begin", "restored"};

struct Entry {
  std::string id;
  Action action = Action::kQuarantine;
  Phase phase = Phase::kBegun;
  Target target;
  Time time{};
  FileState before;
  std::string new_sha256;  // of a cleaned file's new content; else empty
  std::string finding;     // the finding's JSON record, or empty
  std::string remark;      // of the last line: why undone, what was lost
};

class Journal {
 public:
  /// Opens or creates `name` in `directory` for appending. A last line cut off by a crash is taken
  /// away; any other damage is an error.
  [[nodiscard]] static Result<Journal> open(int directory, const std::string& name,
                                            const std::string& label);
  /// For looking only: changes nothing. A journal that does not exist is empty.
  [[nodiscard]] static Result<Journal> read(int directory, const std::string& name,
                                            const std::string& label);

  /// Each returns once the line is on the disk; if it cannot be, the journal is as before.
  [[nodiscard]] Result<void> begin(const Entry& entry);
  [[nodiscard]] Result<void> mark(const std::string& id, Phase phase, std::string_view remark = {});

  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] const Entry* find(std::string_view id) const;

 private:
  [[nodiscard]] Result<void> load(bool may_repair);
  [[nodiscard]] Result<void> append(std::string line);
  [[nodiscard]] Result<void> take_line(std::string_view line);

  std::string label_;
  UniqueFd fd_;
  std::vector<Entry> entries_;
};

}  // namespace backscan::response
