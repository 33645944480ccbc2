// `backscan unpack`: what a person sees of a packed file, and what is written of it.
#include <gmock/gmock.h>

#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli_fixture.h"

namespace backscan::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class Unpack : public CliTest {
 protected:
  /// Two layers: eval(base64) around eval(rot13).
  std::string packed() {
    const std::string inner = "eval(str_rot13(\"rpub 'vareg';\"));";
    return write("packed.php", "<?php\n\neval(base64_decode('" + base64_encode(inner) + "'));\n");
  }
};

TEST_F(Unpack, ShowsLayersAsATreeWithTheirSteps) {
  const Outcome outcome = run({"unpack", packed()});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("packed.php: 2 layers\n"));
  EXPECT_THAT(outcome.out, HasSubstr("  layer 1: eval < base64_decode, "));
  EXPECT_THAT(outcome.out, HasSubstr("packed at 3:"));
  EXPECT_THAT(outcome.out, HasSubstr("    layer 2: eval < str_rot13, "));
  EXPECT_THAT(outcome.out, HasSubstr("      | <?php echo 'inert';\n"));
}

TEST_F(Unpack, EscapesWhatWouldMoveTheTerminal) {
  const std::string file = write(
      "esc.php", "<?php eval(base64_decode('" + base64_encode("echo '\x1b[2J\xff';") + "'));");
  const Outcome outcome = run({"unpack", file});
  EXPECT_THAT(outcome.out, HasSubstr("\\x1b[2J\xEF\xBF\xBD"));
  EXPECT_EQ(outcome.out.find('\x1b'), std::string::npos);
}

TEST_F(Unpack, GivesTheSameAsJson) {
  const Outcome outcome = run({"unpack", "--json", packed()});
  EXPECT_EQ(outcome.code, 0);
  const json document = json::parse(outcome.out);
  EXPECT_EQ(document["schema_version"], 1);
  EXPECT_EQ(document["complete"], true);
  ASSERT_EQ(document["layers"].size(), 2u);
  const json& inner = document["layers"][1];
  EXPECT_EQ(inner["parent"], 1);
  EXPECT_EQ(inner["depth"], 2);
  EXPECT_EQ(inner["steps"], json({"eval", "str_rot13"}));
  EXPECT_EQ(inner["origin"]["line"], 3);
  EXPECT_EQ(inner["text"], "<?php echo 'inert';");
}

TEST_F(Unpack, KeepsBytesThatAreNoTextInBase64) {
  const std::string file = write(
      "bytes.php", "<?php eval(base64_decode('" + base64_encode("echo '\xff\xfe';") + "'));");
  const json document = json::parse(run({"unpack", "--json", file}).out);
  EXPECT_EQ(document["layers"][0]["text_base64"], base64_encode("<?php echo '\xff\xfe';"));
}

TEST_F(Unpack, WritesLayersForTheirOwnerOnlyUnderNamesOfItsOwn) {
  const Outcome outcome = run({"unpack", "--write", path("out"), packed()});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(read(path("out/layer-02.txt")), "<?php echo 'inert';");
  EXPECT_EQ(outcome.out.find("inert"), std::string::npos) << "written, not shown";
  struct stat status {};
  ASSERT_EQ(::stat(path("out/layer-01.txt").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(Unpack, NeverOverwritesOrFollows) {
  const std::string file = packed();
  write("out/layer-01.txt", "mine");
  const Outcome taken = run({"unpack", "--write", path("out"), file});
  EXPECT_EQ(taken.code, 2);
  EXPECT_THAT(taken.err, HasSubstr("layer-01.txt: File exists"));
  EXPECT_EQ(read(path("out/layer-01.txt")), "mine");
  std::filesystem::remove(path("out/layer-01.txt"));
  std::filesystem::create_symlink(path("elsewhere"), path("out/layer-01.txt"));
  EXPECT_EQ(run({"unpack", "--write", path("out"), file}).code, 2);
  EXPECT_FALSE(std::filesystem::exists(path("elsewhere")));
  std::filesystem::create_symlink(path("out"), path("link"));
  EXPECT_EQ(run({"unpack", "--write", path("link"), file}).code, 2) << "a symlink as directory";
}

TEST_F(Unpack, SaysWhereNothingIsPacked) {
  const Outcome outcome = run({"unpack", site_ + "/clean.php"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("clean.php: nothing packed\n"));
}

TEST_F(Unpack, TellsWhenABudgetEnds) {
  const std::string file = write("loop.php", "<?php while (true) { $x = base64_decode('YQ=='); }");
  const Outcome outcome = run({"unpack", "--max-steps", "5000", file});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("something stayed closed"));
  EXPECT_THAT(outcome.out, HasSubstr("unpack.gave-up: endless loop"));
  EXPECT_EQ(json::parse(run({"unpack", "--json", "--max-steps", "5000", file}).out)["complete"], false);
}

TEST_F(Unpack, RefusesWhatIsNoRegularFile) {
  for (const std::string& target : {path(""), path("missing"), std::string("/dev/zero")}) {
    const Outcome outcome = run({"unpack", target});
    EXPECT_EQ(outcome.code, 2) << target;
    EXPECT_THAT(outcome.err, HasSubstr("backscan: " + target + ": ")) << target;
  }
  EXPECT_EQ(run({"unpack"}).code, 2);
  EXPECT_EQ(run({"unpack", "--max-depth", "0", packed()}).code, 2);
}

}  // namespace
}  // namespace backscan::test
