// Errors are kept by their order, not by when they came: the first ones are the same whatever the
// number of threads.
#include "scan/tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <tuple>
#include <utility>

namespace backscan::scan {
namespace {

std::string_view words_for(Stage stage) {
  switch (stage) {
    case Stage::kWalk: return "not walked: ";
    case Stage::kRead: return "not read: ";
    case Stage::kUnpack: return "not unpacked: ";
    default: return "not scanned in full: ";
  }
}

}  // namespace

void Tally::add_error(ErrorRecord error) {
  ++errors_added_;
  if (!error.is_note) ++failures_[static_cast<std::size_t>(error.stage)];
  errors_.push_back(std::move(error));
  if (errors_.size() >= 2 * kMaxErrors) drop_last_errors(kMaxErrors);
}

void Tally::drop_last_errors(std::size_t keep) {
  std::ranges::sort(errors_);
  errors_.resize(std::min(errors_.size(), keep));
}

void Tally::merge(Tally&& other) {
  counts.files_seen += other.counts.files_seen;
  counts.files_scanned += other.counts.files_scanned;
  counts.files_partial += other.counts.files_partial;
  counts.files_unchanged += other.counts.files_unchanged;
  counts.directories += other.counts.directories;
  counts.bytes_seen += other.counts.bytes_seen;
  counts.bytes_scanned += other.counts.bytes_scanned;
  for (const auto& [reason, number] : other.counts.skipped) counts.skipped[reason] += number;
  std::ranges::move(other.findings, std::back_inserter(findings));
  std::ranges::move(other.errors_, std::back_inserter(errors_));
  errors_added_ += other.errors_added_;
  for (std::size_t i = 0; i < failures_.size(); ++i) failures_[i] += other.failures_[i];
}

void Tally::report(ScanResult& result) && {
  std::ranges::sort(findings, {}, [](const Finding& f) {
    return std::tie(f.path, f.line, f.column, f.rule);
  });
  for (const Finding& finding : findings) {
    ++result.summary.by_severity[static_cast<std::size_t>(finding.severity)];
    ++result.summary.by_class[finding.rule_class];
  }
  result.findings = std::move(findings);
  result.summary.counts = std::move(counts);
  drop_last_errors(kMaxErrors);
  const std::uint64_t untold = errors_added_ - errors_.size();
  std::ranges::move(errors_, std::back_inserter(result.errors));
  if (untold != 0)
    result.errors.push_back({.stage = Stage::kRead,
                             .path = {},
                             .reason = fmt::format("{} further errors are not listed", untold)});
  for (std::size_t i = 0; i < failures_.size(); ++i) {
    if (failures_[i] == 0) continue;
    result.summary.is_complete = false;
    result.summary.incomplete_reasons.push_back(
        fmt::format("{}{}", words_for(static_cast<Stage>(i)), failures_[i]));
  }
}

}  // namespace backscan::scan
