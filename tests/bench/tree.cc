#include "bench/tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string_view>

namespace backscan::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;

bool is_php(std::string_view name) { return name.ends_with(".php"); }

class PlainWalk {
 public:
  explicit PlainWalk(bool reads) : reads_(reads) {}

  void directory(int at, const char* name) {
    const int fd = ::openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return;
    std::vector<std::string> below;
    for (;;) {
      const ssize_t size = ::getdents64(fd, entries_.get(), kBufferBytes);
      if (size <= 0) break;
      for (ssize_t i = 0; i < size;) {
        const char* const record = entries_.get() + i;
        unsigned short length = 0;
        std::memcpy(&length, record + offsetof(dirent64, d_reclen), sizeof length);
        const char* const entry = record + offsetof(dirent64, d_name);
        const auto type = static_cast<unsigned char>(record[offsetof(dirent64, d_type)]);
        i += length;
        if (type == DT_DIR && std::string_view(entry) != "." && std::string_view(entry) != "..")
          below.emplace_back(entry);
        else if (type == DT_REG)
          file(fd, entry);
      }
    }
    for (const std::string& subdirectory : below) directory(fd, subdirectory.c_str());
    ::close(fd);
  }
  [[nodiscard]] const TreeFigures& figures() const { return figures_; }

 private:
  void file(int at, const char* name) {
    ++figures_.files;
    if (!is_php(name)) return;
    ++figures_.php_files;
    if (!reads_) {
      struct stat status {};
      if (::fstatat(at, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        figures_.php_bytes += static_cast<std::uint64_t>(status.st_size);
      return;
    }
    const int fd = ::openat(at, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) return;
    for (;;) {
      const ssize_t size = ::read(fd, buffer_.get(), kBufferBytes);
      if (size > 0) figures_.php_bytes += static_cast<std::uint64_t>(size);
      if (size < static_cast<ssize_t>(kBufferBytes)) break;
    }
    ::close(fd);
  }

  bool reads_;
  TreeFigures figures_;
  std::unique_ptr<char[]> entries_ = std::make_unique_for_overwrite<char[]>(kBufferBytes);
  std::unique_ptr<char[]> buffer_ = std::make_unique_for_overwrite<char[]>(kBufferBytes);
};

/// Regular files only: packages' symlinks lead to where they were installed.
void copy_package(const fs::path& from, const fs::path& to, TreeFigures& figures,
                  std::uint64_t max_files) {
  std::error_code ignored;
  fs::recursive_directory_iterator entries(from, fs::directory_options::skip_permission_denied);
  for (const fs::directory_entry& entry : entries) {
    if (figures.files >= max_files) return;
    const fs::path target = to / fs::relative(entry.path(), from);
    if (entry.is_symlink()) continue;
    if (entry.is_directory()) {
      fs::create_directories(target, ignored);
    } else if (entry.is_regular_file() && fs::copy_file(entry.path(), target, ignored)) {
      ++figures.files;
      if (is_php(entry.path().native())) ++figures.php_files;
    }
  }
}

/// Half of them text, half bytes without pattern; sizes as of pictures and scripts of small sites.
void make_filler(const fs::path& directory, std::uint64_t number, std::mt19937_64& random) {
  std::error_code ignored;
  const fs::path where = directory / ("media" + std::to_string(number / 500));
  fs::create_directories(where, ignored);
  const bool is_text = number % 2 == 0;
  std::string content;
  const std::size_t size = 1024 + random() % (40 * 1024);
  while (content.size() < size) {
    if (is_text) {
      content += "body { color: #" + std::to_string(random() % 1'000'000) + "; margin: 0 auto; }\n";
    } else {
      const std::uint64_t bytes = random();
      content.append(reinterpret_cast<const char*>(&bytes), sizeof bytes);
    }
  }
  if (!is_text) content.replace(0, 4, std::string_view("\xFF\xD8\xFF\0", 4));
  std::ofstream(where / ("f" + std::to_string(number) + (is_text ? ".css" : ".jpg")),
                std::ios::binary)
      << content;
}

}  // namespace

TreeFigures read_php_files(const std::string& root) {
  PlainWalk walk(true);
  walk.directory(AT_FDCWD, root.c_str());
  return walk.figures();
}

TreeFigures count_files(const std::string& root) {
  PlainWalk walk(false);
  walk.directory(AT_FDCWD, root.c_str());
  return walk.figures();
}

void make_tree(const std::vector<std::string>& packages, const std::string& to,
               std::uint64_t files) {
  TreeFigures figures = count_files(to);
  if (figures.files >= files) return;
  figures = {};
  fs::remove_all(to);
  std::mt19937_64 random(1);
  for (int account = 1; figures.files < files; ++account) {
    char name[32];
    std::snprintf(name, sizeof name, "account%04d", account);
    const fs::path home = fs::path(to) / name;
    const std::uint64_t before = figures.files;
    for (const std::string& package : packages)
      copy_package(package, home / fs::path(package).filename(), figures, files);
    if (figures.files == before && packages.empty()) return;
    while (figures.files < files && figures.files < 3 * figures.php_files)
      make_filler(home, figures.files++, random);
  }
}

}  // namespace backscan::bench
