#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli_fixture.h"

namespace backscan::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

class Scan : public CliTest {
 protected:
  /// "rule path-below-site" of each finding of a json report.
  static std::vector<std::string> findings_of(const std::string& json) {
    std::vector<std::string> found;
    const Json document = Json::parse(json);
    for (const Json& finding : document["findings"]) {
      const std::string path = finding["path"];
      found.push_back(finding["rule"].get<std::string>() + " " + path.substr(path.rfind('/') + 1));
    }
    return found;
  }
};

TEST_F(Scan, ExitsAsTheContractSays) {
  EXPECT_EQ(scan({path("site/clean.php")}).code, 0);
  EXPECT_EQ(scan({path("site/hint.php")}).code, 0) << "below --fail-on";
  EXPECT_EQ(scan({site_}).code, 1);
  EXPECT_EQ(scan({site_, "--fail-on", "critical"}).code, 0);
  EXPECT_EQ(scan({path("site/hint.php"), "--fail-on", "low"}).code, 1);
  EXPECT_EQ(scan({site_, "--exit-code", "7"}).code, 7);
  EXPECT_EQ(scan({site_, "--exit-zero"}).code, 0);
}

TEST_F(Scan, IsIncompleteWithAMissingRootButScansTheRest) {
  const Outcome outcome = scan({path("none"), site_, "-f", "json", "--exit-code", "7", "--exit-zero"});
  EXPECT_EQ(outcome.code, 2) << "neither flag hides that something was not scanned";
  EXPECT_EQ(outcome.err, "backscan: walk: " + path("none") + ": No such file or directory\n");
  EXPECT_EQ(findings_of(outcome.out).size(), 2u);
  EXPECT_FALSE(Json::parse(outcome.out)["summary"]["complete"].get<bool>());
}

TEST_F(Scan, GivesTheSameBytesWithOneThreadAndEight) {
  for (int i = 0; i < 60; ++i)
    write("site/many/" + std::to_string(i % 7) + "/f" + std::to_string(i) + ".php",
          i % 3 == 0 ? "<?php // inert_marker_high\n" : "<?php\n");
  set_environment("SOURCE_DATE_EPOCH", "1790000000");
  for (const char* format : {"text", "json", "sarif"}) {
    const Outcome one = scan({site_, "-f", format, "-j", "1"});
    EXPECT_EQ(one.out, scan({site_, "-f", format, "-j", "8"}).out);
    EXPECT_THAT(one.out, HasSubstr("f57.php"));
  }
}

TEST_F(Scan, TakesPathsFromAFileOrStandardInput) {
  const std::string lines = path("site/mailer.php") + "\n\n" + path("site/clean.php") + "\n";
  const std::vector<std::string> expected = {"mailer/made-high mailer.php"};
  EXPECT_EQ(findings_of(scan({"--files-from", write("list", lines), "-f", "json"}).out), expected);
  EXPECT_EQ(findings_of(scan({"--files-from", "-", "-f", "json"}, lines).out), expected);
  const std::string odd = write("site/a\nb.php", "<?php // inert_marker_high");
  const std::string zeros = odd + '\0' + path("site/clean.php") + '\0';
  EXPECT_EQ(findings_of(scan({"--files-from", "-", "-0", "-f", "json"}, zeros).out),
            (std::vector<std::string>{"mailer/made-high a\nb.php"}));
}

TEST_F(Scan, OfAnEmptyListScansNothingInsteadOfEverything) {
  const Outcome outcome = scan({"--files-from", "-", "-f", "json"}, "");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(Json::parse(outcome.out)["summary"]["files"]["seen"], 0);
}

TEST_F(Scan, LeavesOutWhatTheExcludeFileNames) {
  const std::string globs = write("globs", "# comment\n\n  mailer.php  \n");
  EXPECT_EQ(findings_of(scan({site_, "--exclude-from", globs, "-f", "json"}).out),
            (std::vector<std::string>{"mailer/made-low hint.php"}));
}

TEST_F(Scan, UsesTheRulesThatWereAskedFor) {
  const auto rules_with = [&](std::vector<std::string> flags) {
    flags.insert(flags.end(), {site_, "-f", "json"});
    return findings_of(scan(flags).out);
  };
  EXPECT_EQ(rules_with({"--only", "mailer/made-low"}).size(), 1u);
  EXPECT_EQ(rules_with({"--skip", "mailer/made-low"}).size(), 1u);
  EXPECT_EQ(rules_with({"--min-severity", "high"}).size(), 1u);
  EXPECT_EQ(rules_with({"--skip", "mailer"}).size(), 0u);
}

TEST_F(Scan, WritesSeveralReportsAtOnce) {
  const Outcome outcome = scan({site_, "-o", path("out.txt"), "--report", "json=" + path("r.json"),
                                "--report", "sarif=" + path("r.sarif")});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(read(path("out.txt")), HasSubstr("SUMMARY"));
  EXPECT_EQ(findings_of(read(path("r.json"))).size(), 2u);
  EXPECT_EQ(Json::parse(read(path("r.sarif")))["version"], "2.1.0");
}

TEST_F(Scan, TellsOfAFullDiskAndStillWritesTheOtherReports) {
  const Outcome outcome = scan({site_, "-o", "/dev/full", "--report", "json=" + path("r.json")});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "backscan: /dev/full: No space left on device\n");
  EXPECT_EQ(findings_of(read(path("r.json"))).size(), 2u);
}

TEST_F(Scan, NeverReadsWhatSteersItFromInsideTheScannedTree) {
  const std::string ignore = write("site/ignore.yaml", "ignore: []\n");
  const std::string baseline = write("site/baseline.jsonl", "");
  const std::string config = write("site/my.toml", "");
  write("site/rules/x.yaml", "");
  const std::vector<std::vector<std::string>> cases = {
      {"--ignore", ignore},          {"--baseline", baseline},
      {"--config", config},          {"--exclude-from", baseline},
      {"--add-zones", baseline},     {"--zones", baseline},
      {"--rules", path("site/rules")}};
  for (const auto& flags : cases) {
    const Outcome outcome = scan({site_, flags[0], flags[1]});
    EXPECT_EQ(outcome.code, 2) << flags[0];
    EXPECT_EQ(outcome.err, "backscan: " + flags[1] + ": lies inside the scanned " + site_ +
                               "; keep it outside of what is scanned\n");
  }
  std::filesystem::create_symlink(ignore, path("link.yaml"));
  EXPECT_EQ(scan({site_, "--ignore", path("link.yaml")}).code, 2) << "through a symlink";
  write("site2/ignore.yaml", "ignore: []\n");
  EXPECT_EQ(scan({site_, "--ignore", path("site2/ignore.yaml")}).code, 1) << "only looks alike";
}

TEST_F(Scan, ReportsNothingThatABaselineAccepts) {
  ASSERT_EQ(scan({site_, "--report", "jsonl=" + path("r.jsonl")}).code, 1);
  ASSERT_EQ(run({"baseline", "create", path("r.jsonl"), "-o", path("base.jsonl")}).code, 0);
  const Outcome accepted = scan({site_, "--baseline", path("base.jsonl")});
  EXPECT_EQ(accepted.code, 0);
  EXPECT_THAT(accepted.out, HasSubstr("2 baseline"));
  write("site/mailer.php", "<?php\n\n\n\n// inert_marker_high\n");
  EXPECT_EQ(scan({site_, "--baseline", path("base.jsonl")}).code, 0) << "the line moved";
  write("site/new.php", "<?php // inert_marker_high\n");
  const Outcome more = scan({site_, "--baseline", path("base.jsonl"), "-f", "json"});
  EXPECT_EQ(more.code, 1);
  EXPECT_EQ(findings_of(more.out), (std::vector<std::string>{"mailer/made-high new.php"}));
}

TEST_F(Scan, LeavesOutWhatAnIgnoreFileNamesUntilItsDate) {
  const auto with_ignore = [&](const std::string& entry) {
    const std::string file = write("ignore.yaml", "ignore:\n  - " + entry + "\n    reason: made\n");
    return scan({site_, "--ignore", file, "-v"});
  };
  EXPECT_EQ(with_ignore("rule: mailer/*").code, 0);
  EXPECT_EQ(with_ignore("path: mailer.php").code, 0);
  EXPECT_EQ(with_ignore("path: " + site_ + "/m*.php").code, 0);
  EXPECT_EQ(with_ignore("path: m*.php\n    rule: mailer/made-low").code, 1) << "both must fit";
  EXPECT_EQ(with_ignore("rule: mailer\n    expires: 2999-01-01").code, 2) << "beyond what times hold";
  EXPECT_EQ(with_ignore("rule: mailer\n    expires: 2199-01-01").code, 0);
  const Outcome expired = with_ignore("rule: mailer\n    expires: 2020-01-01");
  EXPECT_EQ(expired.code, 1);
  EXPECT_THAT(expired.out, HasSubstr("ignore.yaml:2: expired on 2020-01-01"));
}

TEST_F(Scan, SplitsReportsByAccountUnderSafeNames) {
  const Outcome outcome = scan({site_, "--split-by", "account", "--report",
                                "json=" + path("part-{account}.json")});
  EXPECT_EQ(outcome.code, 1);
  std::size_t parts = 0;
  for (const auto& entry : std::filesystem::directory_iterator(path("")))
    if (entry.path().filename().string().starts_with("part-")) ++parts;
  EXPECT_EQ(parts, 1u);
}

struct BadUse {
  std::vector<std::string> arguments;
  std::string error;
};

TEST_F(Scan, RefusesBadUseInOneLineThatNamesIt) {
  const std::string broken = write("broken.yaml", "ignore:\n  - rule: x\n");
  const BadUse cases[] = {
      {{}, "scan: no PATH given; try: backscan scan /var/www"},
      {{site_, "--frob"}, "The following argument was not expected: --frob"},
      {{site_, "--ip", "192.0.2.999"}, "--ip: 192.0.2.999: "},
      {{site_, "-f", "pdf"}, "--format: pdf: must be one of text, json, jsonl, csv, sarif, html, "},
      {{site_, "--max-filesize", "-1"}, "--max-filesize: -1: not a size"},
      {{site_, "--shard", "3/2"}, "--shard: 3/2: not a part; write K/N with K from 1 to N"},
      {{site_, "--newer-than", "soon"}, "--newer-than: soon: neither an age"},
      {{site_, "--time-limit", "1y"}, "--time-limit: 1y: not a length of time"},
      {{site_, "--report", "json"}, "--report: json: write FORMAT=FILE"},
      {{site_, "--report", "pdf=x"}, "--report: pdf: must be one of"},
      {{site_, "-j", "0"}, "--jobs: 0: must be a number from 1 to 1024"},
      {{site_, "--seen", "yesterday"}, "--seen: yesterday: not a time"},
      {{site_, "--exclude", "[z-a]"}, ""},
      {{site_, "--baseline", path("none")}, path("none") + ": No such file or directory"},
      {{site_, "--ignore", broken}, broken + ":2: an entry needs a \"reason\""},
      {{site_, "--files-from", path("none")}, path("none") + ": No such file or directory"},
      {{site_, "--exclude-from", site_}, site_ + ": "},
      {{site_, "--report", "json=x-{account}"}, "x-{account}: {account} needs --split-by account"},
      {{site_, "--split-by", "account"}, "--split-by: no output has {account}"},
      {{site_, "-o", "x", "--report", "json=x"}, "x: is given twice as an output"},
  };
  for (const BadUse& bad : cases) {
    const Outcome outcome = scan(bad.arguments);
    EXPECT_EQ(outcome.code, 2) << bad.error;
    EXPECT_THAT(outcome.err, testing::StartsWith("backscan: " + bad.error));
    EXPECT_EQ(std::ranges::count(outcome.err, '\n'), 1) << outcome.err;
    EXPECT_EQ(outcome.out, "") << bad.error;
  }
}

TEST_F(Scan, NamesFileAndLineOfABrokenRule) {
  write("rules/mailer/broken.yaml", "id: mailer/broken\ntitle: x\nfrob: y\n");
  const Outcome outcome = scan({site_});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr(path("rules/mailer/broken.yaml") + ":3: "));
  EXPECT_EQ(outcome.out, "");
}

TEST_F(Scan, NeverCallsTheHostCleanWhenOffline) {
  EXPECT_THAT(scan({path("site/clean.php")}).out,
              AllOf(HasSubstr("not asked (offline)"), HasSubstr("is unknown")));
}

TEST_F(Scan, IsIncompleteWhereTheNameServerDoesNotAnswer) {
  // Port 1 of loopback: nobody listens, the kernel says so at once.
  const Outcome outcome = run({"scan", site_, "--no-default-rules", "--rules", rules_, "--ip",
                               "192.0.2.25", "--nameserver", "127.0.0.1:1", "-f", "json"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("127.0.0.1:1"));
  const Json document = Json::parse(outcome.out);
  EXPECT_EQ(document["findings"].size(), 2u) << "the scan itself is done";
  for (const Json& listing : document["listings"]) EXPECT_EQ(listing["state"], "not_checked");
}

}  // namespace
}  // namespace backscan::test
