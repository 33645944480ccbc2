// One inert program a packing (tests/fixtures/php/packed, written by its make.py): each must open to
// the line that it hides, by the steps that hide it.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "model/fact.h"
#include "php/unpack.h"

namespace backscan::php {
namespace {

constexpr std::string_view kLine = "mail('inert@example.org', 'inert subject', 'inert body');";

struct Packing {
  std::string file;
  std::vector<std::string> steps;
};

void PrintTo(const Packing& packing, std::ostream* out) { *out << packing.file; }

std::string directory() { return std::string(BACKSCAN_SOURCE_DIR) + "/tests/fixtures/php/packed/"; }

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<Packing> packings() {
  std::istringstream lines(read(directory() + "expected.txt"));
  std::vector<Packing> all;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    Packing packing;
    words >> packing.file;
    for (std::string step; words >> step;) packing.steps.push_back(step);
    all.push_back(std::move(packing));
  }
  return all;
}

class Packings : public testing::TestWithParam<Packing> {};

TEST_P(Packings, OpensToTheHiddenLineBySteps) {
  const std::string source = read(directory() + GetParam().file);
  ASSERT_FALSE(source.empty());
  ASSERT_EQ(source.find(kLine), std::string::npos) << "not hidden at all";
  const Unpacked unpacked = unpack(source, GetParam().file);
  const auto it = std::ranges::find_if(unpacked.layers, [](const Layer& layer) {
    return layer.text.find(kLine) != std::string::npos;
  });
  ASSERT_NE(it, unpacked.layers.end());
  EXPECT_EQ(it->steps, GetParam().steps);
  EXPECT_LT(it->origin.begin, it->origin.end) << "where the packed text stands";
  EXPECT_LE(it->origin.end, source.size());
  EXPECT_TRUE(it->parent == 0 ? it->depth == 1
                              : it->depth == unpacked.layers[it->parent - 1].depth + 1);
}

INSTANTIATE_TEST_SUITE_P(Unpack, Packings, testing::ValuesIn(packings()), [](const auto& entry) {
  std::string name = entry.param.file.substr(0, entry.param.file.find('.'));
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST(Unpack, KnowsAllPackingsOfTheDirectory) { EXPECT_GE(packings().size(), 38u); }

bool has_fact(const Unpacked& unpacked, std::string_view name, std::string_view about) {
  return std::ranges::any_of(unpacked.facts, [&](const Fact& fact) {
    return fact.name == name && (fact.sink.find(about) != std::string::npos ||
                                 fact.source.find(about) != std::string::npos);
  });
}

TEST(Unpack, SaysThatASelfReadingFileReadsItself) {
  const std::string source = read(directory() + "self-reading.php");
  EXPECT_TRUE(has_fact(unpack(source, "self-reading.php"), "unpack.self-reading", ""));
}

TEST(Unpack, PutsHiddenNamesIntoAResolvedLayer) {
  const Unpacked unpacked =
      unpack("<?php $f = str_rot13('znvy'); $f('inert@example.org', 'a', 'b');", "a.php");
  EXPECT_TRUE(has_fact(unpacked, "unpack.hidden-name", "mail()"));
  ASSERT_EQ(unpacked.layers.size(), 1u);
  EXPECT_EQ(unpacked.layers[0].steps, std::vector<std::string>{"resolve"});
  EXPECT_NE(unpacked.layers[0].text.find("mail('inert@example.org'"), std::string::npos);
}

TEST(Unpack, KeepsTwelveLayersInOrder) {
  const Unpacked unpacked = unpack(read(directory() + "twelve-layers.php"), "x.php");
  ASSERT_EQ(unpacked.layers.size(), 12u);
  for (std::uint32_t i = 0; i < 12; ++i) {
    EXPECT_EQ(unpacked.layers[i].parent, i);
    EXPECT_EQ(unpacked.layers[i].depth, i + 1);
  }
}

TEST(Unpack, GoesOnPastWhatTheRequestDecides) {
  const Unpacked unpacked = unpack(
      "<?php if (md5($_POST['k']) !== 'x') { die; } $k = $_COOKIE['c'];\n"
      "if ($k) { eval(base64_decode('bWFpbCgnYUBleGFtcGxlLm9yZycpOw==')); }\n"
      "eval(gzinflate(base64_decode($_POST['code'])));",
      "gate.php");
  ASSERT_FALSE(unpacked.layers.empty());
  EXPECT_EQ(unpacked.layers[0].text, "<?php mail('a@example.org');");
}

TEST(Unpack, SaysWhatStaysClosedAndWhy) {
  const std::string data(200, 'A');
  EXPECT_TRUE(has_fact(
      unpack("<?php $d = openssl_decrypt('" + data + "', 'aes-128-cbc', $_POST['k']); eval($d);", "a.php"),
      "unpack.gave-up", "depends on the request"));
  EXPECT_TRUE(has_fact(unpack("<?php //0046a\nif(!extension_loaded('ionCube Loader')){die;}", "b.php"),
                       "unpack.encoder", "ionCube"));
}

TEST(Unpack, OpensTheDecodedTextThatNothingRuns) {
  const Unpacked unpacked = unpack("<?php print(base64_decode('" 
      "ZnVuY3Rpb24gYSgpIHsgcmV0dXJuICRfUE9TVFsneCddOyB9IGVjaG8gYSgpOw=='));", "a.php");
  ASSERT_EQ(unpacked.layers.size(), 1u);
  EXPECT_EQ(unpacked.layers[0].text, "<?php function a() { return $_POST['x']; } echo a();");
}

TEST(Unpack, OpensNothingInOrdinaryCode) {
  for (const std::string_view source : {
           "<?php echo base64_encode(file_get_contents($_FILES['f']['tmp_name']));",
           "<?php $x = unserialize($_COOKIE['x']); include __DIR__ . '/a.php';",
           "<?php function f($s) { return strrev(trim($s)); } echo f('abc');",
           "<p>base64_decode eval gzinflate</p>", "<?php", ""}) {
    const Unpacked unpacked = unpack(source, "a.php");
    EXPECT_TRUE(unpacked.layers.empty()) << source;
  }
}

}  // namespace
}  // namespace backscan::php
