#include "response/act.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "response/content_digest.h"
#include "response/recover.h"
#include "response/restore.h"
#include "unit/walk/temp_tree.h"

namespace backscan::response {
namespace {

using testing_support::TempTree;

class ResponseAct : public testing::Test {
 protected:
  void SetUp() override {
    tree_.file("site/bad.php", "bad");
    tree_.mode("site/bad.php", 0751);
    auto opened = Store::open(tree_ / "store");
    ASSERT_TRUE(opened) << opened.error().message();
    store_ = *std::move(opened);
  }
  Request request(const std::string& sha256 = {}) const {
    return {.target = {tree_ / "site", "bad.php"}, .sha256 = sha256, .now = Time{}};
  }
  std::string read(const std::string& name) const {
    std::ifstream in(tree_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  bool exists(const std::string& name) const { return std::filesystem::exists(tree_ / name); }

  TempTree tree_;
  Store store_;
};

TEST_F(ResponseAct, QuarantineKeepsContentAndStateClosedToOthers) {
  const auto outcome = quarantine(store_, request());
  ASSERT_TRUE(outcome) << outcome.error().message();
  EXPECT_FALSE(exists("site/bad.php"));
  struct stat status {};
  ASSERT_EQ(::stat(store_.item_path(outcome->id).c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  ASSERT_EQ(::stat((tree_ / "store").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0700U);
  const Entry* const entry = store_.journal().find(outcome->id);
  EXPECT_EQ(entry->phase, Phase::kDone);
  EXPECT_EQ(entry->before.mode, 0751U);
  EXPECT_EQ(entry->before.sha256, sha256_of("bad"));
}

TEST_F(ResponseAct, LeavesAloneWhatIsNotWhatWasJudged) {
  const auto outcome = quarantine(store_, request(sha256_of("another")));
  ASSERT_FALSE(outcome);
  EXPECT_NE(outcome.error().reason.find("changed since the scan"), std::string::npos);
  EXPECT_EQ(read("site/bad.php"), "bad");
  EXPECT_TRUE(store_.journal().entries().empty());
}

TEST_F(ResponseAct, RestoreNeverReplacesWhatStandsThere) {
  const auto outcome = quarantine(store_, request());
  tree_.file("site/bad.php", "new upload");
  EXPECT_FALSE(check_restore(store_, outcome->id));
  EXPECT_FALSE(restore(store_, outcome->id));
  EXPECT_EQ(read("site/bad.php"), "new upload");
  ASSERT_EQ(::unlink((tree_ / "site/bad.php").c_str()), 0);
  EXPECT_TRUE(restore(store_, outcome->id));
  EXPECT_EQ(read("site/bad.php"), "bad");
  EXPECT_FALSE(restore(store_, outcome->id)) << "twice";
}

TEST_F(ResponseAct, RestoreRefusesADamagedCopy) {
  const auto outcome = quarantine(store_, request());
  std::ofstream(store_.item_path(outcome->id), std::ios::app) << "more";
  EXPECT_FALSE(restore(store_, outcome->id));
  EXPECT_FALSE(exists("site/bad.php"));
}

TEST_F(ResponseAct, CleanedFileGoesBackOnlyIfNobodyChangedIt) {
  const auto outcome = replace(store_, request(), "clean");
  ASSERT_TRUE(outcome);
  EXPECT_EQ(read("site/bad.php"), "clean");
  tree_.file("site/bad.php", "edited since");
  EXPECT_FALSE(restore(store_, outcome->id));
  EXPECT_EQ(read("site/bad.php"), "edited since");
  tree_.file("site/bad.php", "clean");
  EXPECT_TRUE(restore(store_, outcome->id));
  EXPECT_EQ(read("site/bad.php"), "bad");
}

TEST_F(ResponseAct, TellsOfOtherHardLinksAndLeavesTheirModeAlone) {
  ASSERT_EQ(::link((tree_ / "site/bad.php").c_str(), (tree_ / "site/other.php").c_str()), 0);
  const auto outcome = quarantine(store_, request());
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->remarks.size(), 1U);
  struct stat status {};
  ASSERT_EQ(::stat((tree_ / "site/other.php").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0751U);
}

TEST_F(ResponseAct, AWriterThatHoldsTheFileOpenCannotChangeTheCopy) {
  const UniqueFd writer(::open((tree_ / "site/bad.php").c_str(), O_WRONLY | O_CLOEXEC));
  const auto outcome = quarantine(store_, request());
  ASSERT_TRUE(outcome);
  ASSERT_EQ(::write(writer.get(), "xyz", 3), 3);
  EXPECT_TRUE(store_.item(outcome->id, sha256_of("bad")));
}

TEST_F(ResponseAct, OneStoreIsForOneProcessAtATime) {
  const auto second = Store::open(tree_ / "store");
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().reason.find("another backscan"), std::string::npos);
}

TEST_F(ResponseAct, RefusesAStoreThatOthersMayRead) {
  tree_.directory("open-store");
  tree_.mode("open-store", 0755);
  EXPECT_FALSE(Store::open(tree_ / "open-store"));
}

/// The file system of the site is not there when the next call comes.
TEST_F(ResponseAct, RecoveryWaitsForARootThatIsNotMounted) {
  ASSERT_TRUE(store_.journal().begin({.id = "one",
                                      .target = {tree_ / "away", "bad.php"},
                                      .before = {.sha256 = sha256_of("bad")}}));
  const auto recovered = recover(store_);
  ASSERT_EQ(recovered.size(), 1U);
  EXPECT_FALSE(recovered.front().is_settled);
  EXPECT_EQ(count_unsettled(store_.journal()), 1U);
}

/// What took the staging name is not what the store holds: it goes back to its name.
TEST_F(ResponseAct, RecoveryPutsBackWhatItDoesNotKnow) {
  ASSERT_TRUE(store_.journal().begin({.id = "one",
                                      .target = {tree_ / "site", "gone.php"},
                                      .before = {.sha256 = sha256_of("bad")}}));
  tree_.file("site/.backscan-one", "an upload of that very moment");
  EXPECT_TRUE(recover(store_).front().is_settled);
  EXPECT_EQ(read("site/gone.php"), "an upload of that very moment");
  EXPECT_FALSE(exists("site/.backscan-one"));
}

}  // namespace
}  // namespace backscan::response
