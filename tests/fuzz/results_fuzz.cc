// Stored results and baselines come from other hosts: reading must refuse or understand them, and
// what was understood must come out of every format harmless and whole.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

#include "report/baseline.h"
#include "report/merge.h"
#include "report/read_json.h"
#include "report/report.h"

namespace {

using backscan::ScanResult;
using backscan::report::Format;

std::string rendered(Format format, const ScanResult& result) {
  std::string out;
  backscan::report::render(format, result, {}, out);
  return out;
}

std::size_t count_of(std::string_view needle, std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(needle, at)) != std::string_view::npos; ++at) ++count;
  return count;
}

void require(bool claim) {
  if (!claim) std::abort();
}

void check(const ScanResult& result) {
  const std::string lines = rendered(Format::kJsonl, result);
  std::istringstream again(lines);
  std::string second;
  const auto read = backscan::report::read_results(
      again, "again", [&](ScanResult&& r) { second = rendered(Format::kJsonl, r); });
  require(read.has_value() && second == lines);
  require(count_of("<script", rendered(Format::kHtml, result)) == 1);
  require(count_of("\x1b", rendered(Format::kText, result)) == 0);
  for (const Format format : {Format::kCsv, Format::kSarif, Format::kJunit, Format::kMarkdown})
    (void)rendered(format, result);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::istringstream in(text);
  backscan::report::Merger merger;
  const auto read = backscan::report::read_results(in, "fuzz", [&](ScanResult&& result) {
    check(result);
    merger.add(std::move(result));
  });
  if (read) check(merger.finish());
  std::istringstream baseline(text);
  (void)backscan::report::read_baseline(baseline, "fuzz");
  return 0;
}
