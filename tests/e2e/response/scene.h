// A small site with one bad file, a store, and what must be true of both whatever happened: the bad
// file's content is in exactly one of two places, whole, and nothing else has changed.
#pragma once

#include <filesystem>
#include <string>

#include "response/act.h"
#include "unit/walk/temp_tree.h"

namespace backscan::test {

inline constexpr std::string_view kBad = "<?php\n/*made*/ spread(); /*end*/\necho 'honest';\n";
inline constexpr std::string_view kCleaned = "<?php\necho 'honest';\n";

class Scene {
 public:
  /// `store_place`: where the store lies; the site is in memory where the machine has a place.
  explicit Scene(const std::filesystem::path& store_place);

  [[nodiscard]] std::string store() const { return store_tree_ / "store"; }
  [[nodiscard]] std::string site() const { return site_tree_ / "site"; }
  [[nodiscard]] std::string bad() const { return site() + "/up/bad.php"; }
  [[nodiscard]] response::Request request() const;

  /// The work of each action; the exit code is 0 where it succeeded.
  [[nodiscard]] int quarantine() const;
  [[nodiscard]] int clean() const;
  [[nodiscard]] int restore() const;
  [[nodiscard]] int recover() const;

  /// As at the beginning, the store gone.
  void reset() const;

  /// Recovers, checks every claim, and brings the file back by restore where it is away, which must
  /// then be as it was. Nothing: all is well; else what is wrong.
  [[nodiscard]] std::string problem_after_recovery() const;

 private:
  [[nodiscard]] std::string problem_of_bad_file(bool is_here, std::string_view content) const;
  [[nodiscard]] std::string problem_of_others() const;

  testing_support::TempTree site_tree_;
  testing_support::TempTree store_tree_;
};

}  // namespace backscan::test
