// Short ways to compile YARA rules in a test.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "external/yara_rules.h"
#include "unit/walk/temp_tree.h"

namespace backscan::external::testing {

/// Skips the test where backscan was built without libyara.
class YaraTest : public ::testing::Test {
 protected:
  void SetUp() override {
    tree.file("probe.yar", "rule r { condition: true }");
    const auto probe = YaraRules::compile({tree / "probe.yar"}, {});
    if (!probe && probe.error().front().message().find("without libyara") != std::string::npos)
      GTEST_SKIP() << "built without libyara";
  }

  std::string write(const std::string& name, const std::string& text) {
    tree.file(name, text);
    return tree / name;
  }
  /// The rules of one file; fails the test where they do not compile.
  YaraRules compile(const std::string& text, const rules::LoadOptions& options = {}) {
    auto rules = YaraRules::compile({write("rules.yar", text)}, options);
    if (!rules) throw std::runtime_error(rules.error().front().message());
    return *std::move(rules);
  }
  /// The errors of compiling `file`, the tree's own path cut off.
  std::vector<std::string> errors(const std::string& file) {
    std::vector<std::string> texts;
    const auto rules = YaraRules::compile({file}, {});
    if (rules) return texts;
    for (const Error& error : rules.error()) {
      std::string text = error.message();
      if (text.starts_with(tree.path())) text.erase(0, tree.path().size() + 1);
      texts.push_back(text);
    }
    return texts;
  }

  testing_support::TempTree tree;
};

}  // namespace backscan::external::testing
