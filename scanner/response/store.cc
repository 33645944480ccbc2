// flock(2) is given up by the kernel when the process dies, whatever it dies of.
#include "response/store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <cstdio>

#include "model/time_text.h"

namespace backscan::response {
namespace {

constexpr const char* kJournal = "journal.jsonl";
constexpr const char* kItems = "items";
constexpr std::string_view kPart = ".part";

Result<UniqueFd> open_own_directory(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.valid()) return system_error(path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return system_error(path, errno);
  if (status.st_uid != ::geteuid())
    return std::unexpected(Error{path, "belongs to another user"});
  if ((status.st_mode & 077U) != 0)
    return std::unexpected(Error{path, "must be closed to others: chmod 0700"});
  return fd;
}

Result<void> make_own_directory(const std::string& path) {
  boost::system::error_code error;
  boost::filesystem::create_directories(boost::filesystem::path(path).parent_path(), error);
  if (error) return std::unexpected(Error{path, error.message()});
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return system_error(path, errno);
  return {};
}

}  // namespace

Result<Store> Store::open(const std::string& directory) {
  if (auto made = make_own_directory(directory); !made) return std::unexpected(made.error());
  Store store;
  store.directory_ = directory;
  auto fd = open_own_directory(directory);
  if (!fd) return std::unexpected(fd.error());
  store.lock_ = *std::move(fd);
  if (::flock(store.lock_.get(), LOCK_EX | LOCK_NB) != 0)
    return std::unexpected(Error{directory, errno == EWOULDBLOCK ? "another backscan works in it"
                                                                 : errno_text(errno)});
  if (::mkdirat(store.lock_.get(), kItems, 0700) != 0 && errno != EEXIST)
    return system_error(directory, errno);
  auto items = open_own_directory(directory + "/" + kItems);
  if (!items) return std::unexpected(items.error());
  store.items_ = *std::move(items);
  auto journal = Journal::open(store.lock_.get(), kJournal, directory + "/" + kJournal);
  if (!journal) return std::unexpected(journal.error());
  store.journal_ = *std::move(journal);
  return store;
}

Result<Store> Store::look(const std::string& directory) {
  Store store;
  store.directory_ = directory;
  UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd.valid() && errno == ENOENT) return store;
  if (!fd.valid()) return system_error(directory, errno);
  auto journal = Journal::read(fd.get(), kJournal, directory + "/" + kJournal);
  if (!journal) return std::unexpected(journal.error());
  store.journal_ = *std::move(journal);
  store.items_.reset(::openat(fd.get(), kItems, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return store;
}

std::string Store::item_path(const std::string& id) const {
  return directory_ + "/" + kItems + "/" + id;
}

Result<void> Store::keep(const std::string& id, int from, const std::string& sha256,
                         const std::string& label) {
  const std::string part = id + std::string(kPart);
  const std::string path = item_path(id);
  const UniqueFd to(::openat(items_.get(), part.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!to.valid()) return system_error(path, errno);
  const auto keep_it = [&]() -> Result<void> {
    const auto copied = copy_content(from, to.get(), label);
    if (!copied) return std::unexpected(copied.error());
    if (*copied != sha256) return std::unexpected(Error{label, "changed while it was copied"});
    if (::fsync(to.get()) != 0) return system_error(path, errno);
    if (::renameat(items_.get(), part.c_str(), items_.get(), id.c_str()) != 0 ||
        ::fsync(items_.get()) != 0)
      return system_error(path, errno);
    return {};
  };
  auto kept = keep_it();
  if (!kept) (void)discard(id);
  return kept;
}

Result<UniqueFd> Store::item(const std::string& id, const std::string& sha256) const {
  const std::string path = item_path(id);
  auto fd = open_regular(items_.get(), id, path);
  if (!fd) return fd;
  const auto state = read_state(fd->get(), path);
  if (!state) return std::unexpected(state.error());
  if (state->sha256 != sha256)
    return std::unexpected(Error{path, "is damaged: its digest is not the journal's"});
  return fd;
}

Result<void> Store::discard(const std::string& id) {
  for (const std::string& name : {id + std::string(kPart), id})
    if (::unlinkat(items_.get(), name.c_str(), 0) != 0 && errno != ENOENT)
      return system_error(item_path(name), errno);
  return {};
}

Result<std::string> make_id(Time now) {
  std::array<unsigned char, 16> random{};
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
    return system_error("random numbers", errno);
  std::string id = format_time(now);
  std::erase_if(id, [](char c) { return c == '-' || c == ':'; });
  id += '-';
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (const unsigned char byte : random) {
    id += kDigits[byte >> 4U];
    id += kDigits[byte & 15U];
  }
  return id;
}

}  // namespace backscan::response
