// Rules from elsewhere in whole scans: YARA files, hash lists, imported signatures, signed packs.
#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli_fixture.h"
#include "external/hash_list.h"

namespace backscan::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using Json = nlohmann::json;

class External : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    yara_ = write("rules/made.yar",
                  "rule Shell {\n  meta:\n    description = \"A made shell\"\n    score = 80\n"
                  "    author = \"A. Person\"\n    reference = \"https://example.com/shell\"\n"
                  "  strings:\n    $a = \"inert_shell\"\n  condition:\n    $a\n}\n"
                  "rule Hint {\n  meta: severity = \"low\"\n  strings: $a = \"inert_hint\"\n"
                  "  condition: $a\n}\n");
    write("site/shell.php", "<?php\n\n  inert_shell('x@example.com'); // inert_hint\n");
  }

  /// The findings of class external, or nothing where the scan failed.
  Json findings(const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {site_, "-f", "json", "--exit-zero"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Outcome outcome = scan(all);
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    Json found = Json::array();
    const Json result = Json::parse(outcome.out, nullptr, false);
    if (result.is_discarded()) return found;
    last_ = result;
    for (const Json& finding : result["findings"])
      if (finding["class"] == "external") found.push_back(finding);
    return found;
  }

  bool has_yara() {
    const Outcome outcome = scan({site_, "--yara", yara_, "--exit-zero"});
    return outcome.err.find("without libyara") == std::string::npos;
  }

  std::string yara_;
  Json last_;
};

class ExternalYara : public External {
 protected:
  void SetUp() override {
    External::SetUp();
    if (!has_yara()) GTEST_SKIP() << "built without libyara";
  }
};

TEST_F(ExternalYara, HitsAreFindingsWithTheRulesOwnWords) {
  const Json found = findings({"--yara", yara_});
  ASSERT_EQ(found.size(), 2u);
  const Json& shell = found[0];
  EXPECT_EQ(shell["rule"], "external/made.Shell");
  EXPECT_EQ(shell["severity"], "high");
  EXPECT_EQ(shell["message"], "A made shell");
  EXPECT_EQ(shell["references"], Json({"https://example.com/shell", "author: A. Person"}));
  EXPECT_EQ(shell["line"], 3);
  EXPECT_EQ(shell["column"], 3);
  EXPECT_EQ(shell["view"], "raw");
  EXPECT_THAT(shell["excerpt"].get<std::string>(), HasSubstr("inert_shell('x***@example.com')"));
  EXPECT_EQ(shell["sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(found[1]["rule"], "external/made.Hint");
  EXPECT_EQ(last_["summary"]["findings"]["by_class"]["external"], 2);
}

TEST_F(ExternalYara, TakesPartInChoiceIgnoreBaselineAndExitCode) {
  EXPECT_EQ(findings({"--yara", yara_, "--min-severity", "medium"}).size(), 1u);
  EXPECT_EQ(findings({"--yara", yara_, "--skip", "external/made.Shell"}).size(), 1u);
  EXPECT_EQ(findings({"--yara", yara_, "--only", "external"}).size(), 2u);
  EXPECT_EQ(last_["findings"].size(), 2u);
  const std::string ignore = write("ignore.yaml",
                                   "ignore:\n  - rule: external/made.S*\n    reason: ours\n");
  EXPECT_EQ(findings({"--yara", yara_, "--ignore", ignore}).size(), 1u);
  const std::string only = path("site/shell.php");
  EXPECT_EQ(scan({only, "--yara", yara_}).code, 1);
  EXPECT_EQ(scan({only, "--yara", yara_, "--fail-on", "critical"}).code, 0);
  EXPECT_EQ(scan({only, "--yara", yara_, "-f", "jsonl", "-o", path("all.jsonl")}).code, 1);
  ASSERT_EQ(run({"baseline", "create", path("all.jsonl"), "-o", path("baseline")}).code, 0);
  EXPECT_EQ(scan({only, "--yara", yara_, "--baseline", path("baseline")}).code, 0);
  const Outcome typo = scan({only, "--yara", yara_, "--skip", "external/made.Shel"});
  EXPECT_EQ(typo.code, 2);
  EXPECT_THAT(typo.err, HasSubstr("external/made.Shel: no rule or class of this name"));
}

TEST_F(ExternalYara, EveryFormatShowsThem) {
  for (const std::string format :
       {"text", "json", "jsonl", "csv", "sarif", "html", "junit", "markdown"}) {
    const Outcome outcome = scan({site_, "--yara", yara_, "-f", format, "--exit-zero"});
    EXPECT_THAT(outcome.out, HasSubstr("external/made.Shell")) << format;
  }
}

TEST_F(ExternalYara, BadRulesAreAnErrorWithFileAndLine) {
  const std::string bad = write("bad.yar", "rule a {\n  condition:\n    $x and $x\n}\n");
  const Outcome outcome = scan({site_, "--yara", bad});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "backscan: " + bad + ":3: undefined string \"$x\"\n");
  EXPECT_EQ(scan({site_, "--yara", path("none.yar")}).err,
            "backscan: " + path("none.yar") + ": No such file or directory\n");
  const std::string inside = write("site/own.yar", "rule a { condition: true }");
  EXPECT_THAT(scan({site_, "--yara", inside}).err, HasSubstr("lies inside the scanned"));
}

TEST_F(ExternalYara, LayersAreLookedAtToo) {
  // eval(base64_decode('inert_shell(1);'))
  write("site/packed.php", "<?php eval(base64_decode('aW5lcnRfc2hlbGwoMSk7'));\n");
  const Json found = findings({"--yara", yara_});
  ASSERT_EQ(found.size(), 3u) << found.dump(1);
  const Json& packed = found[0];
  EXPECT_THAT(packed["path"].get<std::string>(), HasSubstr("packed.php"));
  EXPECT_EQ(packed["view"], "unpacked");
  EXPECT_EQ(packed["line"], 1);
  EXPECT_THAT(packed["excerpt"].get<std::string>(), HasSubstr("inert_shell(1);"));
}

TEST_F(ExternalYara, StateKnowsTheRules) {
  const std::string clean = BACKSCAN_SOURCE_DIR "/tests/fixtures/clean";
  const auto unchanged = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {clean, "--state", path("state"), "-f", "json", "--exit-zero"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Json result = Json::parse(scan(arguments).out, nullptr, false);
    return std::pair(result["summary"]["files"]["unchanged"].get<int>(),
                     result["summary"]["rules_version"].get<std::string>());
  };
  const auto [none, without] = unchanged({});
  const auto [all, again] = unchanged({});
  EXPECT_EQ(none, 0);
  EXPECT_GT(all, 5);
  EXPECT_EQ(without, again);
  const auto [other, with] = unchanged({"--yara", yara_});
  EXPECT_EQ(other, 0) << "clean by other rules says nothing";
  EXPECT_NE(with, without);
  EXPECT_GT(unchanged({"--yara", yara_}).first, 5);
}

TEST_F(ExternalYara, CopiesInOtherPlacesAreJudgedByTheirPlace) {
  const std::string rules = write("rules/place.yar",
                                  "rule InUploads { strings: $a = \"inert_copy\" condition: "
                                  "$a and filepath contains \"/uploads/\" and extension == \".php\" }");
  write("site/lib/a.php", "<?php // inert_copy\n");
  write("site/uploads/a.php", "<?php // inert_copy\n");
  const Json found = findings({"--yara", rules, "-j", "1"});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_THAT(found[0]["path"].get<std::string>(), HasSubstr("uploads/a.php"));
}

TEST_F(ExternalYara, ImagesAreLookedAt) {
  write("site/a.png", std::string("\x89PNG\r\n\x1a\n\0\0\0 inert_shell", 23));
  const Json found = findings({"--yara", yara_});
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0]["sha256"].get<std::string>().size(), 64u);
}

TEST_F(External, ListedHashesAreFindings) {
  external::HashListWriter list(Severity::kHigh, Confidence::kHigh, "made.hdb");
  const std::string body = "<?php echo 'known';\n";
  list.add(HashKind::kMd5, digest_of(HashKind::kMd5, body), body.size(),
           "{MD5}php.known.1");
  const std::string any = "<?php echo 'of any size';\n";
  list.add(HashKind::kSha256, digest_of(HashKind::kSha256, any),
           external::kAnySize, "Php.Any");
  std::filesystem::create_directories(path("lists/hashes"));
  ASSERT_TRUE(list.write(path("lists/hashes/made.hashes")).has_value());
  write("site/known.php", body);
  write("site/any.php", any);
  write("site/other.php", "<?php echo 'knowm';\n");
  const std::string image = std::string(20'000, '\x7f') + '\0';
  external::HashListWriter second(Severity::kLow, Confidence::kHigh, "images.hdb");
  second.add(HashKind::kMd5, digest_of(HashKind::kMd5, image),
             image.size(), "Img.Known");
  ASSERT_TRUE(second.write(path("lists/hashes/images.hashes")).has_value());
  write("site/known.jpg", image);
  const Json found = findings({"--rules", path("lists")});
  ASSERT_EQ(found.size(), 3u) << found.dump(1);
  EXPECT_EQ(found[0]["rule"], "external/made");
  EXPECT_EQ(found[0]["message"], "The SHA-256 of this file is listed as Php.Any.");
  EXPECT_EQ(found[1]["rule"], "external/images");
  EXPECT_EQ(found[2]["message"], "The MD5 of this file is listed as {MD5}php.known.1.");
  EXPECT_EQ(findings({"--rules", path("lists"), "--min-severity", "medium"}).size(), 2u);
  EXPECT_EQ(findings({"--rules", path("lists"), "--skip", "external/made"}).size(), 1u);
  const Outcome listed = run({"rules", "list", "--no-default-rules", "--rules", path("lists")});
  EXPECT_EQ(listed.out,
            "external/images  low       high    stable        1 hash of known malware\n"
            "external/made    high      high    stable        2 hashes of known malware\n");
  EXPECT_THAT(run({"rules", "show", "--no-default-rules", "--rules", path("lists"), "external/made"}).out,
              HasSubstr("2 hashes of known malware, severity high, from made.hdb\n"));
  write("lists/hashes/torn.hashes", "bshash1");
  EXPECT_THAT(scan({site_, "--rules", path("lists")}).err, HasSubstr("torn.hashes: no hash list"));
  std::filesystem::remove(path("lists/hashes/torn.hashes"));
  const Outcome large = scan({site_, "--rules", path("lists"), "--max-filesize", "8k", "--exit-zero"});
  EXPECT_THAT(large.err + large.out, HasSubstr("not hashed although its size is listed"));
}

TEST_F(External, ImportedListsAreUsedByScan) {
  const std::string ndb = write("rfxn.ndb", "{HEX}php.made.1:0:*:696e6572745f7368656c6c28\n");
  const std::string bad = write("bad.ndb", "Other:1:*:696e6572745f7368656c6c28\n");
  const Outcome good = run({"rules", "import", ndb, "-o", path("imported")});
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("0 hashes and 1 rule imported"));
  const Json found = findings({"--rules", path("imported")});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["rule"], "external/php-made-1");
  const Outcome refused = run({"rules", "import", bad, "-o", path("imported2")});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.out, HasSubstr(bad + ":1: Other: target 1"));
  EXPECT_THAT(refused.out, HasSubstr("1 refused"));
  EXPECT_EQ(run({"rules", "import", path("none.hdb"), "-o", path("x")}).code, 2);
  EXPECT_EQ(run({"rules", "import", ndb, "-o", path("x"), "--format", "cvd"}).code, 2);
  EXPECT_EQ(run({"rules", "check", path("imported")}).code, 0);
}

class ExternalPack : public External {
 protected:
  void SetUp() override {
    External::SetUp();
    const std::filesystem::path fixtures = BACKSCAN_SOURCE_DIR "/tests/fixtures/packs";
    for (const char* name : {"pack.tar.gz", "pack.tar.gz.minisig", "made.pub", "other.pub"})
      std::filesystem::copy(fixtures / name, path(name));
    write("site/by-pack.php", "<?php // inert_marker_pack\n");
  }
};

TEST_F(ExternalPack, VerifiesAndTellsTheTrustedComment) {
  const Outcome good = run({"rules", "verify", path("pack.tar.gz"), "--key", path("made.pub")});
  EXPECT_EQ(good.code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("pack of 2026-11-30\n1 rule, 0 hash lists\n"));
  EXPECT_EQ(run({"rules", "verify", path("pack.tar.gz"), "--key", path("made.pub"), "--signature",
                 BACKSCAN_SOURCE_DIR "/tests/fixtures/packs/pack.legacy.minisig"})
                .code,
            0);
  const Outcome wrong = run({"rules", "verify", path("pack.tar.gz"), "--key", path("other.pub")});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("pack.tar.gz.minisig: signed with the key"));
}

TEST_F(ExternalPack, IsLoadedOnlyIfItsSignatureIsGood) {
  const std::string file = path("site/by-pack.php");
  const Outcome keyless = scan({file, "--rules", path("pack.tar.gz")});
  EXPECT_EQ(keyless.code, 2);
  EXPECT_THAT(keyless.err, HasSubstr("pack.tar.gz: a pack from outside is only read with --rules-key"));
  const Outcome good =
      scan({file, "--rules", path("pack.tar.gz"), "--rules-key", path("made.pub")});
  EXPECT_EQ(good.code, 1) << good.err;
  EXPECT_THAT(good.out, HasSubstr("mailer/from-pack"));
  write("tampered.tar.gz", read(path("pack.tar.gz")) + "x");
  std::filesystem::copy(path("pack.tar.gz.minisig"), path("tampered.tar.gz.minisig"));
  const Outcome tampered =
      scan({file, "--rules", path("tampered.tar.gz"), "--rules-key", path("made.pub")});
  EXPECT_EQ(tampered.code, 2);
  EXPECT_THAT(tampered.err, HasSubstr("they were changed"));
  EXPECT_THAT(tampered.out, Not(HasSubstr("mailer/from-pack")));
  EXPECT_EQ(scan({file, "--rules", path("pack.tar.gz"), "--rules-key", path("other.pub")}).code, 2);
}

TEST_F(ExternalPack, TheKeyMayStandInTheConfiguration) {
  write("etc/backscan.toml", "[scan]\nrules-key = \"" + path("made.pub") + "\"\n");
  EXPECT_EQ(scan({path("site/by-pack.php"), "--rules", path("pack.tar.gz")}).code, 1);
}

}  // namespace
}  // namespace backscan::test
