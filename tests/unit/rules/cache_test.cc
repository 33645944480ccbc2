// The cache of compiled rules: the same answers as without it, and no belief in what is damaged or
// could be another's.
#include "rules/cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/rules/rule_dir.h"

namespace backscan::rules::testing {
namespace {

using ::testing::ElementsAre;

class CacheTest : public ::testing::Test {
 protected:
  CacheTest() {
    rules.add("mailer/x", "{ all: [ { raw: aaaa }, { not: { fact: mail.guard.login } } ] }");
    rules.add("mailer/y", "{ near: { bytes: 9, of: [ { code: bbbb }, { code: cccc } ] } }");
    options = rules.options();
    options.cache_directory = cache.path() + "/made";
  }
  [[nodiscard]] std::vector<std::filesystem::path> files() const {
    std::vector<std::filesystem::path> list;
    for (const auto& entry : std::filesystem::directory_iterator(options.cache_directory))
      list.push_back(entry.path());
    return list;
  }
  [[nodiscard]] CacheKey key() const {
    const std::string name = files().at(0).filename().string();
    return {options.cache_directory, name.substr(6, 32)};
  }
  void expect_sound() const {
    const RuleSet set = RuleDir::load(options);
    ASSERT_EQ(set.rules().size(), 2u);
    EXPECT_EQ(set.rules()[1].title, "T");
    EXPECT_EQ(set.version(), rules.load().version());
    EXPECT_THAT(ids_of(set, match_raw(set, "..aaaa")), ElementsAre("mailer/x"));
    Matcher matcher(set);
    matcher.begin("a.php", 10);
    matcher.scan({.kind = ViewKind::kRaw, .text = ""});
    matcher.scan({ViewKind::kCode, "bbbb cccc", nullptr}, 0, {});
    std::vector<Match> matches;
    EXPECT_TRUE(matcher.finish(matches).has_value());
    EXPECT_THAT(ids_of(set, matches), ElementsAre("mailer/y"));
    EXPECT_TRUE(opens_flow(set, "<?mail($a);"));
    EXPECT_FALSE(opens_flow(set, "<?bbbb();"));
  }
  static bool opens_flow(const RuleSet& set, std::string_view code) {
    Matcher matcher(set);
    matcher.begin("a.php", code.size());
    const Signs signs = matcher.scan({.kind = ViewKind::kRaw, .text = "<?php "}) |
                        matcher.scan({.kind = ViewKind::kCode, .text = code});
    return stages_of(signs).sinks;
  }

  RuleDir rules;
  RuleDir cache;
  LoadOptions options;
};

TEST_F(CacheTest, SaysTheSameAsWithoutIt) {
  expect_sound();
  ASSERT_EQ(files().size(), 1u);
  EXPECT_TRUE(read_cache(key()).has_value());
  expect_sound();
  struct stat status {};
  ASSERT_EQ(::stat(files()[0].c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(CacheTest, OfOtherRulesIsNotUsed) {
  expect_sound();
  rules.add("mailer/x", "{ raw: dddd }");
  const RuleSet set = RuleDir::load(options);
  EXPECT_THAT(ids_of(set, match_raw(set, "aaaa dddd")), ElementsAre("mailer/x"));
  EXPECT_EQ(files().size(), 2u);
}

TEST_F(CacheTest, DoesNotHideBrokenRules) {
  expect_sound();
  rules.add("mailer/x", "{ raw: '(' }");
  EXPECT_FALSE(RuleSet::load(options).has_value());
}

TEST_F(CacheTest, IsRebuiltWhereDamaged) {
  expect_sound();
  const std::string file = files()[0].string();
  const auto size = std::filesystem::file_size(file);
  for (const std::uintmax_t length : {std::uintmax_t{0}, std::uintmax_t{30}, size / 2, size - 1}) {
    std::filesystem::resize_file(file, length);
    EXPECT_FALSE(read_cache(key()).has_value()) << "cut to " << length;
    expect_sound();
    EXPECT_TRUE(read_cache(key()).has_value());
  }
  for (const std::uintmax_t at : {std::uintmax_t{3}, std::uintmax_t{70}, size / 2, size - 1}) {
    std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(static_cast<std::streamoff>(at));
    const char flipped = static_cast<char>(bytes.get() ^ 0x10);
    bytes.seekp(static_cast<std::streamoff>(at));
    bytes.put(flipped);
    bytes.close();
    EXPECT_FALSE(read_cache(key()).has_value()) << "flipped at " << at;
    expect_sound();
  }
}

TEST_F(CacheTest, OfAnotherOwnerOrWritableByOthersIsNotBelieved) {
  expect_sound();
  const std::string file = files()[0].string();
  ASSERT_EQ(::chmod(file.c_str(), 0620), 0);
  EXPECT_FALSE(read_cache(key()).has_value());
  ASSERT_EQ(::chmod(file.c_str(), 0600), 0);
  EXPECT_TRUE(read_cache(key()).has_value());
  ASSERT_EQ(::chmod(options.cache_directory.c_str(), 0777), 0);
  EXPECT_FALSE(read_cache(key()).has_value());
  ASSERT_EQ(::chmod(options.cache_directory.c_str(), 0700), 0);
  if (::geteuid() != 0) return;  // only root can give files away
  ASSERT_EQ(::chown(file.c_str(), 4242, 4242), 0);
  EXPECT_FALSE(read_cache(key()).has_value());
}

TEST_F(CacheTest, BehindASymlinkIsNotBelieved) {
  expect_sound();
  const auto file = files()[0];
  std::filesystem::rename(file, cache.path() + "/elsewhere");
  std::filesystem::create_symlink(cache.path() + "/elsewhere", file);
  EXPECT_FALSE(read_cache(key()).has_value());
}

TEST_F(CacheTest, WithoutAPlaceToWriteLoadsAllTheSame) {
  options.cache_directory = "/proc/nowhere";
  const RuleSet set = RuleDir::load(options);
  EXPECT_EQ(set.rules().size(), 2u);
}

TEST_F(CacheTest, KeepsOnlyTheNewestFew) {
  for (int i = 0; i < 12; ++i) {
    rules.add("mailer/x", "{ raw: abcd" + std::to_string(i) + " }");
    (void)RuleDir::load(options);
  }
  EXPECT_EQ(files().size(), 8u);
}

}  // namespace
}  // namespace backscan::rules::testing
