// Every shipped audit rule over files that it must object to and files that it must leave alone:
// tests/fixtures/audit/*.cases. A case is "=== hit: RULE" or "=== ok: RULE", then one or more files as
// "--- PATH" and their text; each case is a host of its own.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include "mail/audit.h"

namespace backscan::mail {
namespace {

namespace fs = std::filesystem;

struct Case {
  std::string rule;
  bool is_hit = false;
  std::map<std::string, std::string> files;  // by path on the host
};

std::vector<Case> cases_of(const fs::path& path) {
  std::vector<Case> cases;
  std::string* text = nullptr;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("=== ")) {
      const bool is_hit = line.starts_with("=== hit: ");
      cases.push_back({line.substr(line.find(": ") + 2), is_hit, {}});
      text = nullptr;
    } else if (line.starts_with("--- ")) {
      text = &cases.back().files[line.substr(4)];
    } else {
      text->append(line).push_back('\n');
    }
  }
  return cases;
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto& entry : fs::directory_iterator(BACKSCAN_SOURCE_DIR "/tests/fixtures/audit"))
    std::ranges::move(cases_of(entry.path()), std::back_inserter(cases));
  return cases;
}

/// The rules that object to a host of these files.
std::vector<std::string> objections(const std::vector<AuditRule>& rules, const Case& one) {
  std::string root = testing::TempDir() + "audit-XXXXXX";
  if (::mkdtemp(root.data()) == nullptr) return {"no temporary directory"};
  for (const auto& [path, text] : one.files) {
    fs::create_directories(fs::path(root + path).parent_path());
    std::ofstream(root + path) << text;
  }
  std::vector<std::string> found;
  if (const auto configuration = read_configuration({.root = root}))
    for (const AuditNote& note : judge(rules, configuration->settings)) found.push_back(note.rule);
  fs::remove_all(root);
  return found;
}

TEST(AuditFixtures, EachRuleHitsItsCaseAndLeavesItsLookAlikeAlone) {
  const auto rules = load_audit_rules(BACKSCAN_SOURCE_DIR "/signatures/audit");
  ASSERT_TRUE(rules.has_value());
  std::map<std::string, std::pair<int, int>> tried;  // hits and look-alikes by rule
  for (const AuditRule& rule : *rules) tried[rule.id] = {};
  for (const Case& one : all_cases()) {
    ASSERT_TRUE(tried.contains(one.rule)) << "no audit rule of the id " << one.rule;
    const std::vector<std::string> found = objections(*rules, one);
    EXPECT_EQ((std::ranges::find(found, one.rule) != found.end()), one.is_hit)
        << (one.is_hit ? "hit: " : "ok: ") << one.rule << ", objections: "
        << testing::PrintToString(found);
    ++(one.is_hit ? tried[one.rule].first : tried[one.rule].second);
  }
  for (const auto& [rule, counts] : tried) {
    EXPECT_GT(counts.first, 0) << "no fixture says 'hit: " << rule << "'";
    EXPECT_GT(counts.second, 0) << "no fixture says 'ok: " << rule << "'";
  }
}

}  // namespace
}  // namespace backscan::mail
