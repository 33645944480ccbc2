#include "walk/glob.h"

#include <gtest/gtest.h>

#include "walk/filter.h"

namespace backscan::walk {
namespace {

bool matches(std::string_view pattern, std::string_view path, bool is_directory = false) {
  const Result<Glob> glob = Glob::compile(pattern);
  EXPECT_TRUE(glob.has_value()) << pattern;
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return glob && glob->matches(path, name, is_directory);
}

TEST(Glob, WithoutSlashMatchesTheNameAtAnyLevel) {
  EXPECT_TRUE(matches("*.php", "index.php"));
  EXPECT_TRUE(matches("*.php", "a/b/index.php"));
  EXPECT_TRUE(matches("**/index.php", "index.php"));
  EXPECT_FALSE(matches("*.php", "a.php/readme"));
  EXPECT_FALSE(matches("*.php", "index.phps"));
}

TEST(Glob, WithSlashMatchesTheWholePath) {
  EXPECT_TRUE(matches("/index.php", "index.php"));
  EXPECT_FALSE(matches("/index.php", "a/index.php"));
  EXPECT_TRUE(matches("a/*.php", "a/x.php"));
  EXPECT_FALSE(matches("a/*.php", "a/b/x.php"));
  EXPECT_FALSE(matches("a/*.php", "z/a/x.php"));
}

TEST(Glob, DoubleStarSpansDirectories) {
  EXPECT_TRUE(matches("**/cache/**", "cache/x"));
  EXPECT_TRUE(matches("**/cache/**", "a/b/cache/c/x"));
  EXPECT_FALSE(matches("**/cache/**", "a/cache"));
  EXPECT_FALSE(matches("**/cache/**", "a/mycache/x"));
  EXPECT_TRUE(matches("a/**/x", "a/x"));
  EXPECT_TRUE(matches("a/**/x", "a/b/c/x"));
  EXPECT_TRUE(matches("a/**", "a/b/c"));
  EXPECT_FALSE(matches("a/**", "a"));
}

TEST(Glob, TrailingSlashMatchesDirectoriesOnly) {
  EXPECT_TRUE(matches("cache/", "a/cache", true));
  EXPECT_FALSE(matches("cache/", "a/cache", false));
}

TEST(Glob, BracketsQuestionMarksAndQuoting) {
  EXPECT_TRUE(matches("x[0-9a].p?p", "x7.php"));
  EXPECT_FALSE(matches("x[!0-9].php", "x7.php"));
  EXPECT_FALSE(matches("a[!b]c/x", "a/c/x"));
  EXPECT_TRUE(matches("[]x]", "]"));
  EXPECT_TRUE(matches("[[:digit:]].txt", "4.txt"));
  EXPECT_TRUE(matches("a[b", "a[b"));
  EXPECT_TRUE(matches("\\*.php", "*.php"));
  EXPECT_FALSE(matches("\\*.php", "x.php"));
  EXPECT_TRUE(matches("a+(b)|c.d", "a+(b)|c.d"));
}

TEST(Glob, MatchesBytesThatAreNoText) {
  EXPECT_TRUE(matches("*.php", "\xFF\n\x1b.php"));
  EXPECT_TRUE(matches("\xE9?.php", "\xE9\xFF.php"));
}

TEST(Glob, RefusesWhatCannotBeAGlob) {
  EXPECT_FALSE(Glob::compile("").has_value());
  EXPECT_FALSE(Glob::compile("/").has_value());
  EXPECT_FALSE(Glob::compile("[z-a]").has_value());
}

TEST(Filter, LastExcludePatternDecides) {
  const auto filter = Filter::make({}, std::vector<std::string>{"*.php", "!keep.php"});
  ASSERT_TRUE(filter.has_value());
  EXPECT_TRUE(filter->is_excluded("a.php", "a.php", false));
  EXPECT_FALSE(filter->is_excluded("keep.php", "keep.php", false));
}

}  // namespace
}  // namespace backscan::walk
