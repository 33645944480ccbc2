// The mail-flow table: every program of tests/fixtures/flow/*_table.txt gives exactly the facts
// written below it (source × sink × role × guard).
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "php/ast.h"
#include "php/mail_flow.h"
#include "php/token.h"

namespace backscan::php {
namespace {

struct Program {
  std::string name;
  std::string code;
  std::vector<std::string> expected;  // one line a sink
};

void PrintTo(const Program& program, std::ostream* out) { *out << program.name; }

/// Words in order, so that a line may list facts in any.
std::string sorted(std::string_view line) {
  std::istringstream in{std::string(line)};
  std::set<std::string> words;
  for (std::string word; in >> word;) words.insert(word);
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::vector<Program> read_table(const std::string& file) {
  std::ifstream in(std::string(BACKSCAN_SOURCE_DIR) + "/tests/fixtures/flow/" + file);
  std::vector<Program> programs;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("=== ")) {
      programs.push_back({.name = line.substr(4), .code = "<?php\n", .expected = {}});
    } else if (line.starts_with("--- ") && !programs.empty()) {
      if (line != "--- none") programs.back().expected.push_back(sorted(line.substr(4)));
    } else if (!programs.empty()) {
      programs.back().code += line + "\n";
    }
  }
  return programs;
}

std::vector<Fact> facts_of(const std::string& code) {
  std::vector<Token> tokens;
  lex(code, {}, tokens);
  const SyntaxTree tree = parse(code, tokens);
  return mail_flow(code, tree);
}

/// Facts as the table writes them: "mail." left out, and what every mail() has.
std::vector<std::string> lines_of(const std::string& code) {
  std::map<std::uint32_t, std::string> lines;
  for (const Fact& fact : facts_of(code)) {
    std::string_view name = fact.name;
    if (name == "mail.sink" || name == "mail.sink.mail") {
      lines[fact.group] += "";
      continue;
    }
    if (name.starts_with("mail.")) name.remove_prefix(5);
    std::string& line = lines[fact.group];
    if (fact.group == 0 && line.empty()) line = "file:";
    line.append(" ").append(name);
  }
  std::vector<std::string> out;
  for (const auto& [group, line] : lines) out.push_back(sorted(line));
  return out;
}

class FlowTable : public testing::TestWithParam<Program> {};

TEST_P(FlowTable, GivesExactlyTheFactsExpected) {
  const Program& program = GetParam();
  EXPECT_EQ(lines_of(program.code), program.expected) << program.code;
}

std::string test_name(const testing::TestParamInfo<Program>& info) {
  std::string name = std::to_string(info.index) + "_";
  for (const char c : info.param.name) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_plain) name.push_back(c);
    else if (!name.ends_with('_')) name.push_back('_');
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Mail, FlowTable, testing::ValuesIn(read_table("mail_table.txt")),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Exec, FlowTable, testing::ValuesIn(read_table("exec_table.txt")),
                         test_name);
INSTANTIATE_TEST_SUITE_P(LookAlikes, FlowTable, testing::ValuesIn(read_table("look_alikes.txt")),
                         test_name);

TEST(FlowTable, HoldsAtLeastSixtyPrograms) { EXPECT_GE(read_table("mail_table.txt").size(), 60U); }

}  // namespace
}  // namespace backscan::php
