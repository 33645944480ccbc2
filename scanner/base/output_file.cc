// rename(2) is what makes it whole; a device is never renamed over (`-o /dev/full` as root would
// replace the device).
#include "base/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace backscan {
namespace {

mode_t current_umask() {
  const mode_t mask = ::umask(077);
  ::umask(mask);
  return mask;
}

}  // namespace

Result<OutputFile> OutputFile::create(const std::string& path) {
  OutputFile file;
  file.path_ = path;
  file.target_ = path;
  struct stat old {};
  mode_t mode = 0666 & ~current_umask();
  if (::stat(path.c_str(), &old) == 0) {
    if (S_ISDIR(old.st_mode)) return system_error(path, EISDIR);
    if (!S_ISREG(old.st_mode)) {
      file.fd_.reset(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
      if (!file.fd_.valid()) return system_error(path, errno);
      return file;
    }
    mode = old.st_mode & 07777;
    boost::system::error_code error;
    const boost::filesystem::path resolved = boost::filesystem::canonical(path, error);
    if (!error) file.target_ = resolved.string();
  }
  std::string beside = file.target_ + ".XXXXXX";
  file.fd_.reset(::mkostemp(beside.data(), O_CLOEXEC));
  if (!file.fd_.valid()) return system_error(path, errno);
  file.beside_ = std::move(beside);
  if (::fchmod(file.fd_.get(), mode) != 0) return system_error(path, errno);
  return file;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      target_(std::move(other.target_)),
      beside_(std::exchange(other.beside_, {})),
      fd_(std::move(other.fd_)) {}

OutputFile::~OutputFile() {
  if (!beside_.empty()) ::unlink(beside_.c_str());
}

Result<void> OutputFile::append(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd_.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_error(path_, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> OutputFile::commit() {
  if (beside_.empty()) return {};
  if (::fsync(fd_.get()) != 0) return system_error(path_, errno);
  if (::rename(beside_.c_str(), target_.c_str()) != 0) return system_error(path_, errno);
  beside_.clear();
  return {};
}

Result<void> write_file(const std::string& path, std::string_view contents) {
  auto file = OutputFile::create(path);
  if (!file) return std::unexpected(file.error());
  if (auto appended = file->append(contents); !appended) return appended;
  return file->commit();
}

}  // namespace backscan
