// Command line, then environment, then --config, then the system's file.
#include <gmock/gmock.h>

#include "cli_fixture.h"

namespace backscan::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class Settings : public CliTest {
 protected:
  /// Which format a scan answers in.
  std::string format_of(const Outcome& outcome) {
    if (outcome.out.starts_with("{\n")) return "json";
    if (outcome.out.starts_with("{\"type\"")) return "jsonl";
    if (outcome.out.starts_with("rule,")) return "csv";
    if (outcome.out.starts_with("# backscan")) return "markdown";
    return "text";
  }
};

TEST_F(Settings, AreTakenFromTheNearestPlace) {
  EXPECT_EQ(format_of(scan({site_})), "text");
  write("etc/backscan.toml", "[scan]\nformat = \"csv\"\n");
  EXPECT_EQ(format_of(scan({site_})), "csv");
  const std::string config = write("my.toml", "[scan]\nformat = \"markdown\"\n");
  EXPECT_EQ(format_of(scan({site_, "--config", config})), "markdown");
  set_environment("BACKSCAN_FORMAT", "jsonl");
  EXPECT_EQ(format_of(scan({site_, "--config", config})), "jsonl");
  EXPECT_EQ(format_of(scan({site_, "--config", config, "-f", "json"})), "json");
}

TEST_F(Settings, OfOneFileDoNotHideOthersOfTheNext) {
  write("etc/backscan.toml", "[scan]\nformat = \"csv\"\nexclude = [\"mailer.php\"]\n");
  const std::string config = write("my.toml", "[scan]\nformat = \"json\"\n");
  const Outcome outcome = scan({site_, "--config", config});
  EXPECT_EQ(format_of(outcome), "json");
  EXPECT_EQ(outcome.code, 0) << "the excluded file holds the only finding that fails";
}

TEST_F(Settings, MayNameTheConfigurationInTheEnvironment) {
  set_environment("BACKSCAN_CONFIG", write("my.toml", "[scan]\nformat = \"csv\"\n"));
  EXPECT_EQ(format_of(scan({site_})), "csv");
}

TEST_F(Settings, TakeListsOneALineFromTheEnvironment) {
  set_environment("BACKSCAN_EXCLUDE", "mailer.php\nhint.php");
  EXPECT_THAT(scan({site_}).out, HasSubstr("no findings"));
}

TEST_F(Settings, SetPositionalsAndFlags) {
  write("etc/backscan.toml", "quiet = true\n[scan]\npath = [\"" + site_ + "\"]\nexit-zero = true\n");
  const Outcome outcome = scan({});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("mailer.php"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("SUMMARY")));
}

struct BadConfig {
  const char* text;
  const char* error;
};

TEST_F(Settings, ThatAreWrongAreErrorsWithFileAndLine) {
  const BadConfig cases[] = {
      {"[scan]\n\njbos = 3\n", ":3: unknown key \"jbos\""},
      {"[scna]\njobs = 3\n", ":2: unknown table \"scna\""},
      {"config = \"/x\"\n", ":1: unknown key \"config\""},
      {"[report]\nnice = true\n", ":2: unknown key \"nice\""},
      {"[scan]\nfail-on = \"fatal\"\n",
       ":2: --fail-on: fatal: must be one of info, low, medium, high, critical"},
      {"[scan]\nformat = [\"json\", \"csv\"]\n", ":2: "},
      {"[scan]\nip = [{a = 1}]\n", ":2: \"ip\" must be a string, number, boolean or an array of them"},
      {"[scan\n", ":1: "},
  };
  for (const BadConfig& bad : cases) {
    const std::string config = write("bad.toml", bad.text);
    const Outcome outcome = scan({site_, "--config", config});
    EXPECT_EQ(outcome.code, 2) << bad.text;
    EXPECT_THAT(outcome.err, StartsWith("backscan: " + config + bad.error));
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
    EXPECT_EQ(outcome.out, "");
  }
}

TEST_F(Settings, NamedButMissingAreAnError) {
  const Outcome outcome = scan({site_, "--config", path("none.toml")});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "backscan: " + path("none.toml") + ": No such file or directory\n");
}

TEST_F(Settings, FromTheEnvironmentNameTheVariableThatIsWrong) {
  set_environment("BACKSCAN_MAX_FILESIZE", "huge");
  const Outcome outcome = scan({site_});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err,
            "backscan: BACKSCAN_MAX_FILESIZE: --max-filesize: huge: not a size; write 4096, 512k, "
            "64M or 1G\n");
}

TEST_F(Settings, WarnOfVariablesThatMeanNothing) {
  set_environment("BACKSCAN_JBOS", "3");
  EXPECT_EQ(scan({site_, "--exclude", "*"}).err,
            "backscan: warning: BACKSCAN_JBOS is no setting of backscan\n");
}

}  // namespace
}  // namespace backscan::test
