// Shared by `report` and `baseline`.
#include "cli/result_files.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "report/merge.h"
#include "report/read_json.h"

namespace backscan::cli {
namespace {

Result<std::vector<ScanResult>> read_one(const std::string& file, std::istream* standard_input) {
  if (file == "-") {
    if (standard_input == nullptr)
      return std::unexpected(Error{file, "there is no standard input"});
    return report::read_results(*standard_input, "standard input");
  }
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) return system_error(file, EISDIR);
  std::ifstream in(file, std::ios::binary);
  if (!in) return system_error(file, errno);
  return report::read_results(in, file);
}

}  // namespace

Result<ScanResult> read_result_files(const std::vector<std::string>& files,
                                     std::istream* standard_input) {
  std::vector<ScanResult> all;
  for (const std::string& file : files) {
    auto results = read_one(file, standard_input);
    if (!results) return std::unexpected(results.error());
    std::ranges::move(*results, std::back_inserter(all));
  }
  return report::merge(std::move(all));
}

}  // namespace backscan::cli
