#include "cli/values.h"

#include <gtest/gtest.h>

#include <map>

namespace backscan::cli {
namespace {

Variable environment(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) -> std::optional<std::string> {
    const auto it = values.find(name);
    if (it == values.end()) return std::nullopt;
    return it->second;
  };
}

std::string shard(std::string_view text, const Variable& variable = environment({})) {
  const auto parsed = parse_shard(text, variable);
  if (!parsed) return "error";
  return std::to_string(parsed->k) + "/" + std::to_string(parsed->n);
}

TEST(Values, ReadSizesInUnitsOf1024) {
  EXPECT_EQ(parse_size("4096").value(), 4096u);
  EXPECT_EQ(parse_size("512k").value(), 512u << 10);
  EXPECT_EQ(parse_size("64M").value(), 64u << 20);
  EXPECT_EQ(parse_size("2G").value(), std::uint64_t{2} << 30);
  for (const char* text : {"", "M", "1.5M", "-1", "1X", "64 M", "99999999T", "99999999999999999999"})
    EXPECT_FALSE(parse_size(text)) << text;
}

TEST(Values, ReadShardsAndTakeThemFromSchedulers) {
  EXPECT_EQ(shard("1/1"), "1/1");
  EXPECT_EQ(shard("3/8"), "3/8");
  for (const char* text : {"0/3", "4/3", "1", "1/", "/3", "a/b", "1/3/5", "-1/3", "auto", "auto/4"})
    EXPECT_EQ(shard(text), "error") << text;
  const Variable slurm = environment({{"SLURM_ARRAY_TASK_ID", "14"},
                                      {"SLURM_ARRAY_TASK_MIN", "10"},
                                      {"SLURM_ARRAY_TASK_STEP", "2"},
                                      {"SLURM_ARRAY_TASK_COUNT", "5"}});
  EXPECT_EQ(shard("auto", slurm), "3/5");
  EXPECT_EQ(shard("auto/7", slurm), "3/7");
  const Variable kubernetes = environment({{"JOB_COMPLETION_INDEX", "0"}});
  EXPECT_EQ(shard("auto/4", kubernetes), "1/4");
  EXPECT_EQ(shard("auto", kubernetes), "error") << "Kubernetes does not tell how many";
  EXPECT_EQ(shard("2/4", slurm), "2/4") << "what is said is not overruled";
}

TEST(Values, ReadAgesAndTimes) {
  const Time now = parse_time("2026-11-24T06:00:00Z").value();
  EXPECT_EQ(parse_age("7d", now).value(), parse_time("2026-11-17T06:00:00Z").value());
  EXPECT_EQ(parse_age("2026-11-01", now).value(), parse_time("2026-11-01T00:00:00Z").value());
  EXPECT_FALSE(parse_age("last week", now));
}

TEST(Values, ReadOutputs) {
  const auto output = parse_output("sarif=a=b.sarif");
  ASSERT_TRUE(output);
  EXPECT_EQ(output->format, report::Format::kSarif);
  EXPECT_EQ(output->file, "a=b.sarif");
  for (const char* text : {"", "json", "json=", "=x", "pdf=x"})
    EXPECT_FALSE(parse_output(text)) << text;
}

}  // namespace
}  // namespace backscan::cli
