// Compiled rules kept between runs (cache.h).
#include "rules/cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "rules/digest.h"
#include "rules/program_archive.h"

namespace backscan::rules {
namespace {

// Changes with the layout of the file or of what it holds.
constexpr std::string_view kMagic = "backscan compiled rules 3\n";
constexpr off_t kMaxCacheBytes = 256 << 20;

/// Against accidents; against forgery stands who may write the file.
std::string checksum(std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return fmt::format("{:016x}{:016x}\n", hash.high64, hash.low64);
}

bool is_trusted(const struct stat& status) {
  const bool is_ours = status.st_uid == 0 || status.st_uid == ::geteuid();
  return is_ours && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

/// An open, trusted directory.
UniqueFd open_directory(const std::string& path) {
  UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat status {};
  if (!directory.valid() || ::fstat(directory.get(), &status) != 0 || !is_trusted(status))
    directory.reset();
  return directory;
}

/// Null if the file is shorter.
std::unique_ptr<char[]> read_all(int file, std::size_t size) {
  auto bytes = std::make_unique_for_overwrite<char[]>(size);
  for (std::size_t length = 0; length < size;) {
    const ssize_t got = ::read(file, bytes.get() + length, size - length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return nullptr;
    length += static_cast<std::size_t>(got);
  }
  return bytes;
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

/// The program file itself: another build may read and compile rules in another way.
std::string program_identity() {
  struct stat status {};
  if (::stat("/proc/self/exe", &status) != 0) return "";
  return fmt::format("{} {} {}", status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

/// Keeps the newest few caches (of other choices of rules, of an older program): without this the
/// directory would grow for ever.
void remove_old(const std::string& directory) {
  constexpr std::size_t kKept = 8;
  std::vector<std::pair<std::time_t, boost::filesystem::path>> caches;
  boost::system::error_code failure;
  boost::filesystem::directory_iterator it(directory, failure);
  while (!failure && it != boost::filesystem::directory_iterator()) {
    const std::string name = it->path().filename().string();
    boost::system::error_code ignored;
    if (name.starts_with("rules-") && name.ends_with(".cache"))
      caches.emplace_back(boost::filesystem::last_write_time(it->path(), ignored), it->path());
    it.increment(failure);
  }
  if (caches.size() <= kKept) return;
  std::ranges::sort(caches, std::greater());
  for (std::size_t i = kKept; i < caches.size(); ++i) {
    boost::system::error_code ignored;
    boost::filesystem::remove(caches[i].second, ignored);
  }
}

}  // namespace

CacheKey cache_key(const std::string& directory, const std::string& rules, ProposalMode mode) {
  const std::string all = fmt::format("{}\n{}\n{}\n{}\n{}", kMagic, rules, library_identity(),
                                      static_cast<int>(mode), program_identity());
  return {directory, sha256_hex(all).substr(0, 32)};
}

std::optional<Program> read_cache(const CacheKey& key) {
  const UniqueFd directory = open_directory(key.directory);
  if (!directory.valid()) return std::nullopt;
  const std::string name = "rules-" + key.digest + ".cache";
  const UniqueFd file(
      ::openat(directory.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  struct stat status {};
  if (!file.valid() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      !is_trusted(status) || status.st_size > kMaxCacheBytes)
    return std::nullopt;
  const auto size = static_cast<std::size_t>(status.st_size);
  const auto owner = read_all(file.get(), size);
  if (owner == nullptr) return std::nullopt;
  const std::string_view bytes(owner.get(), size);
  const std::string head = std::string(kMagic) + key.digest + "\n";
  if (!bytes.starts_with(head)) return std::nullopt;
  const std::string sum = checksum("");
  if (bytes.size() < head.size() + sum.size()) return std::nullopt;
  const std::string_view payload = bytes.substr(head.size() + sum.size());
  if (checksum(payload) != bytes.substr(head.size(), sum.size())) return std::nullopt;
  return program_of(payload);
}

Result<void> write_cache(const CacheKey& key, Program& program) {
  const auto payload = to_bytes(program);
  if (!payload) return std::unexpected(payload.error());
  if (::mkdir(key.directory.c_str(), 0700) != 0 && errno != EEXIST)
    return system_error(key.directory, errno);
  const UniqueFd directory = open_directory(key.directory);
  if (!directory.valid())
    return std::unexpected(Error{key.directory, "others may write here: no cache is kept"});
  const std::string name = "rules-" + key.digest + ".cache";
  const std::string beside = fmt::format("{}.{}", name, ::getpid());
  const UniqueFd file(::openat(directory.get(), beside.c_str(),
                               O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.valid()) return system_error(key.file(), errno);
  if (!write_all(file.get(), std::string(kMagic) + key.digest + "\n" + checksum(*payload)) ||
      !write_all(file.get(), *payload) ||
      ::renameat(directory.get(), beside.c_str(), directory.get(), name.c_str()) != 0) {
    const int why = errno;
    ::unlinkat(directory.get(), beside.c_str(), 0);
    return system_error(key.file(), why);
  }
  remove_old(key.directory);
  return {};
}

}  // namespace backscan::rules
