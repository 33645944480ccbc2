// quarantine, restore and clean as commands: what they print, leave alone and exit with.
#include <sys/stat.h>

#include <filesystem>

#include "unit/cli/cli_fixture.h"

namespace backscan::test {
namespace {

using testing::Test;

constexpr const char* kBlockRule = R"(id: mailer/made-block
title: Made block
class: mailer
severity: high
confidence: high
status: stable
causes: [spam]
when:
  raw: inert_marker_block
message: A block stands here.
remedy: Take it away.
references: []
false_positives: None.
author: tests
date: 2026-11-24
clean:
  block: '(?s)/\*in\*/.*?/\*out\*/\n?'
)";

class ResponseCommand : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    store_ = path("store");
  }
  std::string scanned() {
    const Outcome outcome = scan({"-f", "jsonl", "-o", path("result.jsonl"), site_});
    EXPECT_NE(outcome.code, 2) << outcome.err;
    return path("result.jsonl");
  }
  Outcome act(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--quarantine-dir", store_});
    return run(arguments);
  }
  static bool exists(const std::string& file) { return std::filesystem::exists(file); }

  std::string store_;
};

TEST_F(ResponseCommand, WithoutApplyNothingIsDone) {
  const std::string result = scanned();
  const Outcome outcome = act({"quarantine", result});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("would quarantine " + site_ + "/mailer.php"), std::string::npos);
  EXPECT_NE(outcome.out.find("cp --archive"), std::string::npos);
  EXPECT_EQ(outcome.out.find("hint.php"), std::string::npos) << "a low finding";
  EXPECT_TRUE(exists(site_ + "/mailer.php"));
  EXPECT_FALSE(exists(store_));
}

TEST_F(ResponseCommand, QuietPlansAreAShellScript) {
  const std::string result = scanned();
  const Outcome outcome = act({"-q", "quarantine", result});
  EXPECT_TRUE(outcome.out.starts_with("cp --archive")) << outcome.out;
}

TEST_F(ResponseCommand, QuarantineAndRestoreAreARoundTrip) {
  const std::string result = scanned();
  const std::string content = read(site_ + "/mailer.php");
  ASSERT_EQ(act({"quarantine", result, "--apply"}).code, 0);
  EXPECT_FALSE(exists(site_ + "/mailer.php"));
  EXPECT_TRUE(exists(site_ + "/hint.php"));
  EXPECT_NE(act({"restore", "--list"}).out.find("quarantined"), std::string::npos);
  EXPECT_EQ(act({"restore", site_}).code, 0);
  EXPECT_FALSE(exists(site_ + "/mailer.php"));
  const Outcome restored = act({"restore", site_, "--apply"});
  EXPECT_EQ(restored.code, 0) << restored.err;
  EXPECT_EQ(read(site_ + "/mailer.php"), content);
  EXPECT_NE(act({"restore", "--list"}).out.find("restored"), std::string::npos);
}

TEST_F(ResponseCommand, AFileThatChangedSinceTheScanIsLeftAlone) {
  const std::string result = scanned();
  write("site/mailer.php", "<?php echo 'the owner repaired it';\n");
  const Outcome outcome = act({"quarantine", result, "--apply"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("changed since the scan"), std::string::npos);
  EXPECT_TRUE(exists(site_ + "/mailer.php"));
}

TEST_F(ResponseCommand, ChoosesByRuleSeverityAndPath) {
  const std::string result = scanned();
  EXPECT_NE(act({"quarantine", result, "--min-severity", "low"}).out.find("hint.php"),
            std::string::npos);
  EXPECT_NE(act({"quarantine", result, "--rule", "webshell"}).out.find("nothing to quarantine"),
            std::string::npos);
  EXPECT_NE(act({"quarantine", result, "--path", "*/other/*"}).out.find("nothing to quarantine"),
            std::string::npos);
}

TEST_F(ResponseCommand, RefusesAStoreInsideOfTheSite) {
  const std::string result = scanned();
  store_ = site_ + "/store";
  const Outcome outcome = act({"quarantine", result});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("lies inside"), std::string::npos);
}

TEST_F(ResponseCommand, RestoreSaysWhatItDoesNotKnow) {
  const Outcome outcome = act({"restore", "20260101T000000Z-00"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("nothing to restore"), std::string::npos);
  EXPECT_EQ(act({"restore"}).code, 2);
}

TEST_F(ResponseCommand, CleanGivesBackTheHonestFileByteForByte) {
  write("rules/mailer/made-block.yaml", kBlockRule);
  const std::string honest = "<?php\necho 'honest';\n";
  const std::string file =
      write("site/index.php", "<?php\n/*in*/ f('inert_marker_block'); /*out*/\necho 'honest';\n");
  const std::string injected = read(file);
  const std::string result = scanned();
  const Outcome planned = act({"clean", result, "--rules", rules_, "--path", file});
  EXPECT_EQ(planned.code, 0) << planned.err;
  EXPECT_NE(planned.out.find("would take 1 block out of"), std::string::npos);
  EXPECT_EQ(read(file), injected);
  const Outcome outcome = act({"clean", result, "--rules", rules_, "--path", file, "--apply"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(read(file), honest);
  EXPECT_EQ(act({"restore", file, "--apply"}).code, 0);
  EXPECT_EQ(read(file), injected);
}

struct Injected {
  const char* name;
  std::string honest;
  std::string injected;
};

/// The bounds that shipped rules give.
const Injected kInjected[] = {
    {"index.php", "<?php\n/** Front page */\necho 'honest';\n",
     "<?php\n/*1a2b3*/\n\n@include \"\\x2f\\x68\\x6f\\x6d\\x65/site/.cache.ico\";\n\n/*1a2b3*/\n"
     "/** Front page */\necho 'honest';\n"},
    {"old.php", "<?php\necho 'honest';\n",
     "<?php\n@include \"\\057\\150\\157/site/.cache.ico\";\necho 'honest';\n"},
    {".htaccess", "RewriteEngine On\n",
     "php_value auto_prepend_file \"/tmp/.cache\"\nRewriteEngine On\n"},
    {".user.ini", "memory_limit = 128M\n",
     "memory_limit = 128M\nauto_prepend_file = images/logo.png\n"},
};

TEST_F(ResponseCommand, ShippedRulesGiveBackHonestFilesByteForByte) {
  for (const Injected& injected : kInjected)
    write(std::string("shop/") + injected.name, injected.injected);
  ASSERT_EQ(run({"scan", "--offline", "-f", "jsonl", "-o", path("shop.jsonl"), path("shop")}).code, 1);
  const Outcome outcome = act({"clean", path("shop.jsonl"), "--apply"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  for (const Injected& injected : kInjected)
    EXPECT_EQ(read(path("shop/") + injected.name), injected.honest) << injected.name;
}

TEST_F(ResponseCommand, CleanLeavesAloneWhatNoRuleBounds) {
  const std::string result = scanned();
  const Outcome outcome = act({"clean", result, "--rules", rules_});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_NE(outcome.err.find("no rule says where"), std::string::npos);
}

TEST_F(ResponseCommand, CoreFilesComeBackFromAKnownGoodTree) {
  write("good/mailer.php", "<?php // as the vendor made it\n");
  const std::string result = scanned();
  const Outcome outcome =
      act({"clean", result, "--known-good", path("good"), "--apply"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(read(site_ + "/mailer.php"), "<?php // as the vendor made it\n");
}

}  // namespace
}  // namespace backscan::test
