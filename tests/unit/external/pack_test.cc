// Packs: verified as one, unpacked into a place of their own, and never out of it.
#include "external/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "unit/walk/temp_tree.h"

namespace backscan::external {
namespace {

using testing::HasSubstr;

struct Member {
  std::string path;
  std::string text;
  int type = AE_IFREG;
  std::string link;
};

std::string tar_of(const std::vector<Member>& members) {
  std::string bytes(1 << 16, '\0');
  std::size_t used = 0;
  archive* const out = ::archive_write_new();
  ::archive_write_set_format_pax_restricted(out);
  ::archive_write_open_memory(out, bytes.data(), bytes.size(), &used);
  for (const Member& member : members) {
    archive_entry* const entry = ::archive_entry_new();
    ::archive_entry_set_pathname(entry, member.path.c_str());
    ::archive_entry_set_filetype(entry, static_cast<unsigned>(member.type));
    ::archive_entry_set_perm(entry, 0644);
    ::archive_entry_set_size(entry, static_cast<la_int64_t>(member.text.size()));
    if (member.type == AE_IFLNK) ::archive_entry_set_symlink(entry, member.link.c_str());
    else if (!member.link.empty()) ::archive_entry_set_hardlink(entry, member.link.c_str());
    ::archive_write_header(out, entry);
    ::archive_write_data(out, member.text.data(), member.text.size());
    ::archive_entry_free(entry);
  }
  ::archive_write_close(out);
  ::archive_write_free(out);
  bytes.resize(used);
  return bytes;
}

std::string refusal(const std::vector<Member>& members) {
  const auto pack = UnpackedPack::unpack(tar_of(members), "p.tar");
  return pack ? "" : pack.error().message();
}

TEST(Pack, UnpacksFilesAndIsGoneAfterwards) {
  std::string directory;
  {
    const auto pack = UnpackedPack::unpack(
        tar_of({{"./mailer", "", AE_IFDIR, ""}, {"./mailer/a.yaml", "text", AE_IFREG, ""}}), "p.tar");
    ASSERT_TRUE(pack.has_value()) << pack.error().message();
    directory = pack->directory();
    std::ifstream in(directory + "/mailer/a.yaml");
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "text");
    EXPECT_EQ(std::filesystem::status(directory).permissions(), std::filesystem::perms::owner_all);
  }
  EXPECT_FALSE(std::filesystem::exists(directory));
}

TEST(Pack, RefusesWhatLeadsOutOrIsNoFile) {
  EXPECT_EQ(refusal({{"../a.yaml", "x", AE_IFREG, ""}}), "p.tar: ../a.yaml leads out of the pack");
  EXPECT_THAT(refusal({{"a/../../b", "x", AE_IFREG, ""}}), HasSubstr("leads out"));
  EXPECT_THAT(refusal({{"/etc/a.yaml", "x", AE_IFREG, ""}}), HasSubstr("leads out"));
  EXPECT_EQ(refusal({{"mailer", "", AE_IFLNK, "/etc"}}), "p.tar: mailer is neither a file nor a folder");
  EXPECT_THAT(refusal({{"a", "x", AE_IFREG, ""}, {"b", "", AE_IFREG, "a"}}), HasSubstr("b is neither"));
  EXPECT_THAT(refusal({{"pipe", "", AE_IFIFO, ""}}), HasSubstr("pipe is neither"));
}

TEST(Pack, RefusesWhatIsNoArchive) {
  for (const std::string text : {"", "no archive at all"}) {
    const auto pack = UnpackedPack::unpack(text, "p.tar");
    ASSERT_FALSE(pack.has_value());
    EXPECT_THAT(pack.error().message(), HasSubstr("p.tar: "));
  }
  const std::string whole = tar_of({{"mailer/a.yaml", std::string(3000, 'x'), AE_IFREG, ""}});
  EXPECT_FALSE(UnpackedPack::unpack(whole.substr(0, 2000), "p.tar").has_value());
}

TEST(Pack, IsReadOnlyWithItsSignature) {
  const std::string fixtures = BACKSCAN_SOURCE_DIR "/tests/fixtures/packs/";
  const auto key = read_public_key(fixtures + "made.pub");
  ASSERT_TRUE(key.has_value());
  EXPECT_TRUE(verify_pack(fixtures + "pack.tar.gz", "", *key).has_value());
  EXPECT_TRUE(
      verify_pack(fixtures + "pack.tar.gz", fixtures + "pack.legacy.minisig", *key).has_value());
  const testing_support::TempTree tree;
  std::filesystem::copy(fixtures + "pack.tar.gz", tree / "alone.tar.gz");
  EXPECT_EQ(verify_pack(tree / "alone.tar.gz", "", *key).error().message(),
            tree / "alone.tar.gz.minisig" + ": No such file or directory");
}

}  // namespace
}  // namespace backscan::external
