#include "response/journal.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <fstream>

#include "unit/walk/temp_tree.h"

namespace backscan::response {
namespace {

using testing_support::TempTree;

Entry made_entry(const std::string& id) {
  return {.id = id,
          .action = Action::kClean,
          .target = {"/srv/www", "na\xffme\n.php"},
          .time = Time{std::chrono::seconds{1'700'000'000}},
          .before = {.device = 1,
                     .inode = UINT64_MAX,
                     .links = 2,
                     .size = 3,
                     .uid = 33,
                     .gid = 34,
                     .mode = 04755,
                     .flags = 16,
                     .accessed = {-1, 5},
                     .modified = {INT64_MAX, 999'999'999},
                     .xattrs = {{"user.\xfe", std::string("\0\xff", 2)}},
                     .sha256 = "abc"},
          .new_sha256 = "def",
          .finding = R"({"rule":"mailer/made"})"};
}

class ResponseJournal : public testing::Test {
 protected:
  Result<Journal> open() { return Journal::open(directory_.get(), "journal", "journal"); }
  void append(std::string_view text) const {
    std::ofstream(tree_ / "journal", std::ios::app | std::ios::binary) << text;
  }
  std::size_t size() const { return std::filesystem::file_size(tree_ / "journal"); }

  TempTree tree_;
  UniqueFd directory_{::open(tree_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
};

TEST_F(ResponseJournal, GivesBackExactlyWhatItWasTold) {
  const Entry told = made_entry("one");
  ASSERT_TRUE(open()->begin(told));
  const auto journal = open();
  ASSERT_TRUE(journal) << journal.error().message();
  const Entry* const read = journal->find("one");
  ASSERT_NE(read, nullptr);
  EXPECT_EQ(read->target, told.target);
  EXPECT_EQ(read->time, told.time);
  EXPECT_EQ(read->action, told.action);
  EXPECT_TRUE(read->before.is_same_file(told.before));
  EXPECT_EQ(read->before.accessed, told.before.accessed);
  EXPECT_EQ(read->before.xattrs, told.before.xattrs);
  EXPECT_EQ(read->before.flags, told.before.flags);
  EXPECT_EQ(read->before.links, told.before.links);
  EXPECT_EQ(read->new_sha256, told.new_sha256);
  EXPECT_EQ(read->finding, told.finding);
  EXPECT_EQ(read->phase, Phase::kBegun);
}

TEST_F(ResponseJournal, FollowsAnEntryThroughItsPhases) {
  auto journal = open();
  ASSERT_TRUE(journal->begin(made_entry("one")));
  for (const Phase phase : {Phase::kDone, Phase::kRestoring, Phase::kDone, Phase::kRestoring, Phase::kRestored}) {
    ASSERT_TRUE(journal->mark("one", phase, "remark"));
    EXPECT_EQ(open()->find("one")->phase, phase);
  }
  EXPECT_EQ(open()->find("one")->remark, "remark");
  EXPECT_FALSE(journal->mark("two", Phase::kDone));
}

TEST_F(ResponseJournal, TakesAwayALineThatACrashCutOff) {
  ASSERT_TRUE(open()->begin(made_entry("one")));
  const std::size_t whole = size();
  append(R"({"type":"done","id":"on)");
  const auto looked = Journal::read(directory_.get(), "journal", "journal");
  ASSERT_TRUE(looked);
  EXPECT_EQ(looked->entries().size(), 1U);
  EXPECT_GT(size(), whole);
  const auto journal = open();
  ASSERT_TRUE(journal);
  EXPECT_EQ(size(), whole);
  EXPECT_EQ(journal->find("one")->phase, Phase::kBegun);
}

TEST_F(ResponseJournal, RefusesDamageThatIsNoCrash) {
  ASSERT_TRUE(open()->begin(made_entry("one")));
  append("garbage\n");
  append(R"({"type":"done","id":"one","remark":""})" "\n");
  const auto journal = open();
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().object, "journal:2");
}

TEST_F(ResponseJournal, OfNothingIsEmpty) {
  const auto journal = Journal::read(directory_.get(), "journal", "journal");
  ASSERT_TRUE(journal);
  EXPECT_TRUE(journal->entries().empty());
}

}  // namespace
}  // namespace backscan::response
