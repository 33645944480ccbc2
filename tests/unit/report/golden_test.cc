// Each format of one made result against tests/golden/. To regenerate after a wanted change:
//   BACKSCAN_UPDATE_GOLDEN=1 build/tests/unit/report/test_report --gtest_filter='*Golden*'
// and review the difference.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "report/report.h"
#include "sample_result.h"

namespace backscan::report {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Golden : public testing::TestWithParam<Format> {};

TEST_P(Golden, IsWhatWasReviewed) {
  const std::string name(kFormatNames[static_cast<std::size_t>(GetParam())]);
  std::string got;
  render(GetParam(), test::sample_result(), {}, got);
  const std::string path = BACKSCAN_SOURCE_DIR "/tests/golden/report." + name;
  if (std::getenv("BACKSCAN_UPDATE_GOLDEN") != nullptr)
    std::ofstream(path, std::ios::binary) << got;
  EXPECT_EQ(got, read_file(path));
}

INSTANTIATE_TEST_SUITE_P(Formats, Golden,
                         testing::Values(Format::kText, Format::kJson, Format::kJsonl,
                                         Format::kCsv, Format::kSarif, Format::kHtml,
                                         Format::kJunit, Format::kMarkdown, Format::kGithub,
                                         Format::kGitlab),
                         [](const auto& param) {
                           return std::string(kFormatNames[static_cast<std::size_t>(param.param)]);
                         });

}  // namespace
}  // namespace backscan::report
