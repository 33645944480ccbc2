// Which function renders which format.
#include "report/report.h"

#include "model/severity.h"
#include "report/annotations.h"
#include "report/csv_report.h"
#include "report/html_report.h"
#include "report/json_report.h"
#include "report/junit_report.h"
#include "report/markdown_report.h"
#include "report/sarif_report.h"
#include "report/text_report.h"

namespace backscan::report {

namespace {

void render_format(Format format, const ScanResult& result, const RenderOptions& options,
                   Sink& sink) {
  switch (format) {
    case Format::kText: return render_text(result, options, sink);
    case Format::kJson: return render_json(result, sink);
    case Format::kJsonl: return render_jsonl(result, sink);
    case Format::kCsv: return render_csv(result, sink);
    case Format::kSarif: return render_sarif(result, sink);
    case Format::kJunit: return render_junit(result, options, sink);
    case Format::kMarkdown: return render_markdown(result, options, sink.text());
    case Format::kHtml: return render_html(result, sink);
    case Format::kGithub: return render_github(result, sink);
    case Format::kGitlab: return render_gitlab(result, sink);
  }
}

}  // namespace

void render(Format format, const ScanResult& result, const RenderOptions& options, Sink& sink) {
  render_format(format, result, options, sink);
  sink.finish();
}

void render(Format format, const ScanResult& result, const RenderOptions& options,
            std::string& out) {
  Sink sink([&out](std::string_view piece) { out += piece; });
  render(format, result, options, sink);
}

std::optional<Format> parse_format(std::string_view name) {
  return parse_name<Format>(kFormatNames, name);
}

}  // namespace backscan::report
