// One function a format: a whole result to text. Each format's file is the one place where output
// of that format is escaped.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "model/scan_result.h"
#include "report/sink.h"

namespace backscan::report {

enum class Format : std::uint8_t { 
  kText, kJson, kJsonl, kCsv, kSarif, kHtml, kJunit, kMarkdown, kGithub, kGitlab
};
inline constexpr std::array<std::string_view, 10> kFormatNames = {
    "text", "json", "jsonl", "csv", "sarif", "html", "junit", "markdown", "github", "gitlab"};

struct RenderOptions {
  bool color = false;           // text only
  bool show_addresses = false;  // mail addresses are masked otherwise
  int width = 100;              // text only: columns of the terminal
  bool quiet = false;
  bool verbose = false;
  Severity fail_on = Severity::kMedium;  // junit: from here on a finding is a failed test
};

/// Writes the report into `sink`, piece by piece, and finishes it.
void render(Format format, const ScanResult& result, const RenderOptions& options, Sink& sink);

/// Appends the report to `out`.
void render(Format format, const ScanResult& result, const RenderOptions& options,
            std::string& out);

[[nodiscard]] std::optional<Format> parse_format(std::string_view name);

}  // namespace backscan::report
