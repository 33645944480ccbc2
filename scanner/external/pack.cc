// See pack.h.
#include "external/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/text.h"
#include "base/whole_file.h"
#include "external/rule_file.h"

namespace backscan::external {
namespace {

namespace fs = boost::filesystem;

constexpr std::size_t kMaxFiles = 50'000;
constexpr std::size_t kMaxSignatureBytes = 64 * 1024;

/// Below the pack, without "." and empty parts; nothing for a path that leads out or is absolute.
std::optional<std::string> safe_path(std::string_view path) {
  if (path.starts_with('/')) return std::nullopt;
  std::string safe;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part == "..") return std::nullopt;
    if (part.empty() || part == ".") continue;
    if (!safe.empty()) safe += '/';
    safe += part;
  }
  return safe;
}

class Unpacker {
 public:
  Unpacker(std::string_view bytes, const std::string& name, std::string directory)
      : name_(name), directory_(std::move(directory)), archive_(::archive_read_new()) {
    ::archive_read_support_filter_gzip(archive_.get());
    ::archive_read_support_format_tar(archive_.get());
    is_open_ = ::archive_read_open_memory(archive_.get(), bytes.data(), bytes.size()) == ARCHIVE_OK;
  }

  [[nodiscard]] Result<void> run() {
    if (!is_open_) return fail(reason());
    std::size_t files = 0;
    archive_entry* entry = nullptr;
    while (true) {
      const int code = ::archive_read_next_header(archive_.get(), &entry);
      if (code == ARCHIVE_EOF) break;
      if (code != ARCHIVE_OK) return fail(reason());
      if (++files > kMaxFiles) return fail(fmt::format("more than {} files", kMaxFiles));
      if (auto taken = take(entry); !taken) return taken;
    }
    if (files == 0) return fail("an empty pack");
    return {};
  }

 private:
  [[nodiscard]] std::unexpected<Error> fail(std::string text) const {
    return std::unexpected(Error{name_, std::move(text)});
  }
  [[nodiscard]] std::string reason() const {
    const char* const text = ::archive_error_string(archive_.get());
    return "no .tar or .tar.gz that can be read" + (text == nullptr ? "" : ": " + to_utf8(text));
  }

  Result<void> take(archive_entry* entry) {
    const char* const raw = ::archive_entry_pathname(entry);
    const std::string shown = raw == nullptr ? "" : to_utf8(raw);
    const auto path = safe_path(raw == nullptr ? "" : raw);
    if (!path) return fail(shown + " leads out of the pack");
    const auto type = ::archive_entry_filetype(entry);
    const bool is_link = ::archive_entry_hardlink(entry) != nullptr || (type != AE_IFREG && type != AE_IFDIR);
    if (is_link) return fail(shown + " is neither a file nor a folder");
    if (path->empty()) return {};
    const std::string target = directory_ + '/' + *path;
    boost::system::error_code error;
    fs::create_directories(type == AE_IFDIR ? fs::path(target) : fs::path(target).parent_path(), error);
    if (error) return fail(shown + ": " + error.message());
    return type == AE_IFDIR ? Result<void>{} : take_file(target, shown);
  }

  Result<void> take_file(const std::string& target, const std::string& shown) {
    constexpr std::size_t kBlockBytes = std::size_t{64} << 10;
    std::string text;
    while (true) {
      const std::size_t before = text.size();
      text.resize(before + kBlockBytes);
      const la_ssize_t got = ::archive_read_data(archive_.get(), text.data() + before, kBlockBytes);
      if (got < 0) return fail(reason());
      text.resize(before + static_cast<std::size_t>(got));
      if (got == 0) break;
      unpacked_bytes_ += static_cast<std::size_t>(got);
      if (unpacked_bytes_ > kMaxPackBytes)
        return fail(fmt::format("holds more than {} bytes", kMaxPackBytes));
    }
    if (auto written = write_small_file(target, text); !written)
      return fail(shown + ": " + written.error().reason);
    return {};
  }

  struct Free {
    void operator()(archive* old) const { ::archive_read_free(old); }
  };
  const std::string& name_;
  std::string directory_;
  std::unique_ptr<archive, Free> archive_;
  bool is_open_ = false;
  std::size_t unpacked_bytes_ = 0;
};

}  // namespace

Result<VerifiedPack> verify_pack(const std::string& pack, const std::string& signature_file,
                                 const PublicKey& key) {
  const std::string beside = signature_file.empty() ? pack + std::string(kSignatureSuffix) : signature_file;
  const auto signature = read_whole_file(beside, kMaxSignatureBytes);
  if (!signature) return std::unexpected(signature.error());
  auto bytes = read_whole_file(pack, kMaxPackBytes);
  if (!bytes) return std::unexpected(bytes.error());
  auto verified = verify_minisign(*bytes, *signature, key, beside);
  if (!verified) return std::unexpected(verified.error());
  return VerifiedPack{*std::move(bytes), *std::move(verified)};
}

void UnpackedPack::Remove::operator()(const std::string* directory) const {
  boost::system::error_code ignored;
  fs::remove_all(*directory, ignored);
  delete directory;
}

Result<UnpackedPack> UnpackedPack::unpack(std::string_view bytes, const std::string& name) {
  boost::system::error_code error;
  std::string directory = (fs::temp_directory_path(error) / "backscan-pack-XXXXXX").string();
  if (error || ::mkdtemp(directory.data()) == nullptr)
    return std::unexpected(Error{directory, error ? error.message() : errno_text(errno)});
  UnpackedPack pack;
  pack.directory_.reset(new std::string(directory));  // NOLINT: with a deleter of its own
  if (auto unpacked = Unpacker(bytes, name, directory).run(); !unpacked)
    return std::unexpected(unpacked.error());
  return pack;
}

}  // namespace backscan::external
