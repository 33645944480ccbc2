#include "report/read_json.h"

#include <gtest/gtest.h>

#include <sstream>

#include "report/report.h"
#include "sample_result.h"

namespace backscan::report {
namespace {

std::string json_of(const ScanResult& result) {
  std::string out;
  render(Format::kJson, result, {}, out);
  return out;
}

void render_jsonl(const ScanResult& result, std::string& out) {
  render(Format::kJsonl, result, {}, out);
}

Result<std::vector<ScanResult>> read(const std::string& text) {
  std::istringstream in(text);
  std::vector<ScanResult> results;
  const auto done = read_results(
      in, "r.json", [&](ScanResult&& result) { results.push_back(std::move(result)); });
  if (!done) return std::unexpected(done.error());
  return results;
}

std::string error_of(const std::string& text) {
  const auto results = read(text);
  return results ? "no error" : results.error().message();
}

TEST(ReadJson, GivesBackEveryFieldOfBothFormats) {
  const ScanResult sample = test::sample_result();
  std::string lines;
  render_jsonl(sample, lines);
  for (const std::string& text : {json_of(sample), lines}) {
    const auto results = read(text);
    ASSERT_TRUE(results) << results.error().message();
    ASSERT_EQ(results->size(), 1u);
    EXPECT_EQ(json_of(results->front()), json_of(sample));
    EXPECT_EQ(results->front().findings[2].path, sample.findings[2].path) << "exact bytes";
    EXPECT_EQ(results->front().scan.roots, sample.scan.roots);
  }
}

TEST(ReadJson, ReadsSeveralRunsFromOneLinesFile) {
  std::string lines;
  render_jsonl(test::sample_result(), lines);
  render_jsonl(test::large_result(3), lines);
  const auto results = read(lines);
  ASSERT_TRUE(results);
  ASSERT_EQ(results->size(), 2u);
  EXPECT_EQ((*results)[1].findings.size(), 3u);
}

TEST(ReadJson, TakesAFileCutOffForIncomplete) {
  ScanResult sample = test::sample_result();
  sample.summary.is_complete = true;
  std::string lines;
  render_jsonl(sample, lines);
  const auto results = read(lines.substr(0, lines.rfind("{\"type\":\"summary\"")));
  ASSERT_TRUE(results);
  EXPECT_FALSE(results->front().summary.is_complete);
}

TEST(ReadJson, NamesFileAndLineOfWhatIsWrong) {
  const std::string scan = R"({"type":"scan","schema_version":1})" "\n";
  EXPECT_EQ(error_of(""), "r.json: is empty");
  EXPECT_EQ(error_of("[1, 2]"),
            "r.json: not a result of backscan: an object with \"schema_version\": 1 is wanted");
  EXPECT_EQ(error_of("{\n\"schema_version\": 1,\n oops"),
            "r.json:3: not JSON: expected string literal");
  EXPECT_EQ(error_of(scan + "{\"type\":\"finding\",\"rule\":3}\n"),
            "r.json:2: \"rule\": must be a string");
  EXPECT_EQ(error_of(scan + R"({"type":"finding","rule":"a/b","path":"/x","severity":"fatal"})"),
            "r.json:2: \"severity\": unknown word \"fatal\"");
  EXPECT_EQ(error_of(scan + R"({"type":"finding","rule":"a/b","path":"/x","rank":101})"),
            "r.json:2: \"rank\": must be a whole number from 0 to 100");
  EXPECT_EQ(error_of(scan + R"({"type":"finding","rule":"a/b","path":"/x","line":-1})"),
            "r.json:2: \"line\": must be a whole number from 0 to 4294967295");
  EXPECT_EQ(error_of(scan + R"({"type":"finding","rule":"a/b","path":"/x","path_base64":"!"})"),
            "r.json:2: \"path_base64\": is not base64");
  EXPECT_EQ(error_of(scan + R"({"type":"finding","rule":"a/b"})"), "r.json:2: \"path\": is missing");
  EXPECT_EQ(error_of(R"({"type":"finding","rule":"a/b","path":"/x"})"),
            "r.json:1: the first record must be of type \"scan\"");
  EXPECT_EQ(error_of(R"({"type":"scan","schema_version":2})"),
            "r.json:1: \"schema_version\" must be 1");
  EXPECT_EQ(error_of(scan + "null\n"), "r.json:2: a record must be an object with a \"type\"");
}

TEST(ReadJson, SurvivesDeepNestingAndBytesThatAreNoText) {
  EXPECT_FALSE(read(std::string(200'000, '[')));
  EXPECT_FALSE(read("{\"schema_version\": 1, \"x\": \"\xff\"}"));
  EXPECT_FALSE(read(std::string("\0\0", 2)));
}

TEST(ReadJson, IgnoresWhatALaterVersionAdds) {
  const auto results = read(R"({"type":"scan","schema_version":1,"new":{}})" "\n"
                            R"({"type":"novelty","x":1})" "\n"
                            R"({"type":"summary","complete":true})" "\n");
  ASSERT_TRUE(results) << results.error().message();
  EXPECT_TRUE(results->front().summary.is_complete);
}

}  // namespace
}  // namespace backscan::report
