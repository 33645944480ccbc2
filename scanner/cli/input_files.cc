// Boost.Filesystem resolves; the comparison is by whole path parts, so that /srv/www2 is not inside
// /srv/www.
#include "cli/input_files.h"

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <fstream>

#include "base/text.h"

namespace backscan::cli {
namespace {

namespace fs = boost::filesystem;

Result<std::vector<std::string>> read_parts(std::istream& in, const std::string& name, char end) {
  std::vector<std::string> parts;
  std::string part;
  while (std::getline(in, part, end))
    if (!part.empty()) parts.push_back(part);
  if (in.bad()) return system_error(name, EIO);
  return parts;
}

Result<std::vector<std::string>> read_parts_of_file(const std::string& file, char end) {
  boost::system::error_code ignored;
  if (fs::is_directory(file, ignored)) return system_error(file, EISDIR);
  std::ifstream in(file, std::ios::binary);
  if (!in) return system_error(file, errno);
  return read_parts(in, file, end);
}

}  // namespace

Result<std::vector<std::string>> read_path_list(const std::string& file, bool null_separated,
                                                std::istream* standard_input) {
  const char end = null_separated ? '\0' : '\n';
  if (file != "-") return read_parts_of_file(file, end);
  if (standard_input == nullptr)
    return std::unexpected(Error{"--files-from -", "there is no standard input"});
  return read_parts(*standard_input, "standard input", end);
}

Result<std::vector<std::string>> read_glob_list(const std::string& file) {
  auto globs = read_parts_of_file(file, '\n');
  if (!globs) return globs;
  for (std::string& glob : *globs) glob = std::string(trim(glob));
  std::erase_if(*globs, [](const std::string& glob) { return glob.empty() || glob[0] == '#'; });
  return globs;
}

Result<void> require_outside(const std::string& file, const std::vector<std::string>& roots) {
  boost::system::error_code error;
  const fs::path resolved = fs::canonical(file, error);
  if (error) return {};
  for (const std::string& root : roots) {
    const fs::path resolved_root = fs::canonical(root, error);
    if (error) continue;
    const auto [in_root, in_file] =
        std::mismatch(resolved_root.begin(), resolved_root.end(), resolved.begin(), resolved.end());
    if (in_root == resolved_root.end())
      return std::unexpected(
          Error{file, "lies inside the scanned " + root + "; keep it outside of what is scanned"});
  }
  return {};
}

}  // namespace backscan::cli
