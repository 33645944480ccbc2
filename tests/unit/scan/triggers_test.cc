// The oracle of the engine's short cuts: what opens the costly stages (triggers) may be too generous,
// not too strict. Scanning every fixture with every stage on every file must find next to nothing more.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "unit/scan/scanning.h"

namespace backscan::scan {
namespace {

using testing_support::options_for;
using testing_support::scan_tree;
using testing_support::TempTree;

bool is_annotation(std::string_view line) {
  return line.find("hit:") != std::string_view::npos || line.find("ok:") != std::string_view::npos;
}

/// The fixture in pieces, cut before each annotation: a piece holds few signs that wake a stage,
/// where a whole fixture holds many.
std::vector<std::string> pieces_of(std::string_view text) {
  std::vector<std::string> pieces(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    if (is_annotation(line)) pieces.emplace_back("<?php\n");
    pieces.back() += line;
    text.remove_prefix(end);
  }
  return pieces;
}

/// Every fixture below `directory`, whole and in pieces, as files of `tree`.
std::size_t copy_fixtures(const std::filesystem::path& directory, const TempTree& tree) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::string name = entry.path().lexically_relative(directory).string();
    tree.file("whole/" + name, text);
    ++count;
    if (entry.path().extension() != ".php") continue;
    int number = 0;
    for (const std::string& piece : pieces_of(text))
      tree.file(fmt::format("pieces/{}-{}.php", name, number++), piece);
  }
  return count;
}

/// Files and rules, not places: where a rule asks for a pattern or a fact, a stage more may tell of the
/// same thing by its fact.
std::vector<std::string> findings(const ScanOptions& options, const rules::RuleSet& rules) {
  std::vector<std::string> texts;
  for (const Finding& f : scan_tree(options, rules).findings)
    texts.push_back(fmt::format("{} {}", f.path.substr(f.root.size() + 1), f.rule));
  std::ranges::sort(texts);
  const auto repeated = std::ranges::unique(texts);
  texts.erase(repeated.begin(), repeated.end());
  return texts;
}

std::vector<std::string> only_in(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> only;
  std::ranges::set_difference(a, b, std::back_inserter(only));
  return only;
}

TEST(Triggers, FindWhatEveryStageOnEveryFileFindsButForOneInAHundred) {
  const rules::RuleSet rules = rules::testing::RuleDir::load(
      {.directories = {BACKSCAN_SOURCE_DIR "/signatures"}});
  const TempTree tree;
  ASSERT_GT(copy_fixtures(BACKSCAN_SOURCE_DIR "/tests/fixtures", tree), 200u);
  ScanOptions options = options_for(tree);
  const std::vector<std::string> with_triggers = findings(options, rules);
  options.use_triggers = false;
  const std::vector<std::string> without = findings(options, rules);
  EXPECT_GT(without.size(), 400u);
  EXPECT_THAT(only_in(with_triggers, without), testing::IsEmpty());
  // One in a hundred may be lost: second reasons in files that other findings name already, such as a
  // function's name put together by join(), which only the unpacker can read.
  const std::vector<std::string> lost = only_in(without, with_triggers);
  EXPECT_LE(lost.size() * 100, without.size()) << testing::PrintToString(lost);
}

}  // namespace
}  // namespace backscan::scan
