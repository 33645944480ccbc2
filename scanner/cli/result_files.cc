// Shared by `report` and `baseline`.
#include "cli/result_files.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <utility>

#include "report/merge.h"
#include "report/read_json.h"

namespace backscan::cli {
namespace {

Result<void> read_one(const std::string& file, std::istream* standard_input,
                      report::Merger& merger) {
  const auto take = [&](ScanResult&& result) { merger.add(std::move(result)); };
  if (file == "-") {
    if (standard_input == nullptr)
      return std::unexpected(Error{file, "there is no standard input"});
    return report::read_results(*standard_input, "standard input", take);
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) return system_error(file, EISDIR);
  std::ifstream in(file, std::ios::binary);
  if (!in) return system_error(file, errno);
  return report::read_results(in, file, take);
}

}  // namespace

Result<ScanResult> read_result_files(const std::vector<std::string>& files,
                                     std::istream* standard_input) {
  report::Merger merger;
  for (const std::string& file : files)
    if (auto read = read_one(file, standard_input, merger); !read)
      return std::unexpected(read.error());
  return merger.finish();
}

}  // namespace backscan::cli
