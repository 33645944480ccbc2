// Known good from the command line: `baseline create` of releases, `scan --known-good`.
#include <gmock/gmock.h>

#include "unit/cli/cli_fixture.h"

namespace backscan::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class KnownCli : public CliTest {
 protected:
  void SetUp() override {
    CliTest::SetUp();
    for (const std::string at : {"vendor/", "site/wp/"}) {
      write(at + "wp-includes/version.php", "<?php\n$wp_version = '6.1.6';\n");
      write(at + "wp-includes/a.php", "<?php\nhello();\n");
    }
  }
};

TEST_F(KnownCli, MakesAManifestAndScansWithIt) {
  const Outcome made = run({"baseline", "create", path("vendor"), "-o", path("w.known")});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.err,
              HasSubstr("WordPress 6.1.6: 2 files, recognised by wp-includes/version.php"));
  EXPECT_THAT(read(path("w.known")), StartsWith(R"({"type":"known-good","schema_version":1,)"));
  const Outcome scanned = scan({path("site/wp"), "--known-good", path("w.known"), "-f", "json"});
  EXPECT_EQ(scanned.code, 0) << scanned.err;
  EXPECT_THAT(scanned.out, HasSubstr(R"("known-good":2)"));
}

TEST_F(KnownCli, ImportsChecksums) {
  const std::string sums = write(
      "sums.json", R"({"checksums":{"wp-includes/version.php":")" + std::string(32, 'a') + "\"}}");
  const Outcome made = run({"baseline", "create", "--checksums", sums, "--release", "6.1.6"});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr(R"("product":"WordPress","version":"6.1.6")"));
  EXPECT_THAT(made.out, HasSubstr(R"("md5":"aaaa)"));
}

TEST_F(KnownCli, SaysWhatIsWrong) {
  const auto complaint = [&](const std::vector<std::string>& arguments) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    return outcome.err;
  };
  EXPECT_THAT(complaint({"baseline", "create", path("vendor"), path("site")}),
              HasSubstr("a manifest is of one release"));
  EXPECT_THAT(complaint({"baseline", "create", path("vendor/wp-includes")}),
              HasSubstr("--product"));
  EXPECT_THAT(complaint({"baseline", "create", "--checksums", path("vendor/wp-includes/a.php")}),
              HasSubstr("a.php:1: no checksum of a file"));
  const std::string manifest = path("w.known");
  EXPECT_EQ(run({"-q", "baseline", "create", path("vendor"), "-o", manifest}).err, "");
  const Outcome as_baseline = scan({site_, "--baseline", manifest});
  EXPECT_EQ(as_baseline.code, 2);
  EXPECT_THAT(as_baseline.err, HasSubstr("--known-good"));
  const Outcome missing = scan({site_, "--known-good", path("no.known")});
  EXPECT_EQ(missing.code, 2);
  EXPECT_THAT(missing.err, HasSubstr("no.known: No such file"));
  const Outcome inside = scan({path("site"), "--known-good", write("site/w.known", "x")});
  EXPECT_EQ(inside.code, 2) << "the scanned do not say what is good";
  EXPECT_THAT(inside.err, Not(HasSubstr("not JSON")));
}

}  // namespace
}  // namespace backscan::test
