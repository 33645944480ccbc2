#include "response/place.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "unit/walk/temp_tree.h"

namespace backscan::response {
namespace {

using testing_support::TempTree;

TEST(ResponsePlace, MakesTargetsBelowTheRootOnly) {
  EXPECT_EQ(target_of("/srv/www", "/srv/www/a/b.php"), (Target{"/srv/www", "a/b.php"}));
  EXPECT_EQ(target_of("/srv/www/", "/srv/www/b.php"), (Target{"/srv/www", "b.php"}));
  EXPECT_EQ(target_of("/srv/www/b.php", "/srv/www/b.php"), (Target{"/srv/www", "b.php"}));
  EXPECT_EQ(target_of("/", "/b.php"), (Target{"/", "b.php"}));
  EXPECT_FALSE(target_of("/srv/www", "/srv/www2/b.php"));
  EXPECT_FALSE(target_of("/srv/www", "/srv/www/../etc/passwd"));
  EXPECT_FALSE(target_of("/srv/www", "/srv/www//b.php"));
  EXPECT_FALSE(target_of("/srv/www", "b.php"));
  EXPECT_FALSE(target_of("/srv/www", std::string("/srv/www/a\0b", 12)));
}

TEST(ResponsePlace, FollowsNoSymlinkBelowTheRoot) {
  const TempTree tree;
  tree.file("outside/secret.php", "secret");
  tree.directory("site");
  tree.symlink("../outside", "site/up");
  EXPECT_FALSE(open_place({tree / "site", "up/secret.php"}));
}

TEST(ResponsePlace, OpensARootThatIsASymlink) {
  const TempTree tree;
  tree.file("real/a.php", "a");
  tree.symlink("real", "site");
  const auto place = open_place({tree / "site", "a.php"});
  ASSERT_TRUE(place);
  EXPECT_TRUE(open_regular(place->directory.get(), place->name, "a"));
}

TEST(ResponsePlace, RefusesWhatIsNoRegularFileWithoutWaiting) {
  const TempTree tree;
  tree.directory("site/directory");
  tree.file("site/a.php", "a");
  tree.symlink("a.php", "site/link.php");
  ASSERT_EQ(::mkfifo((tree / "site/pipe.php").c_str(), 0600), 0);
  for (const char* name : {"directory", "link.php", "pipe.php", "missing.php"}) {
    const auto place = open_place({tree / "site", name});
    ASSERT_TRUE(place);
    EXPECT_FALSE(open_regular(place->directory.get(), place->name, name)) << name;
  }
}

}  // namespace
}  // namespace backscan::response
