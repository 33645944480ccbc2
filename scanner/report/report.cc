// Which function renders which format.
#include "report/report.h"

#include "model/severity.h"
#include "report/csv_report.h"
#include "report/html_report.h"
#include "report/json_report.h"
#include "report/junit_report.h"
#include "report/markdown_report.h"
#include "report/sarif_report.h"
#include "report/text_report.h"

namespace backscan::report {

void render(Format format, const ScanResult& result, const RenderOptions& options,
            std::string& out) {
  switch (format) {
    case Format::kText: return render_text(result, options, out);
    case Format::kJson: return render_json(result, out);
    case Format::kJsonl: return render_jsonl(result, out);
    case Format::kCsv: return render_csv(result, out);
    case Format::kSarif: return render_sarif(result, out);
    case Format::kJunit: return render_junit(result, options, out);
    case Format::kMarkdown: return render_markdown(result, options, out);
    case Format::kHtml: return render_html(result, out);
  }
}

std::optional<Format> parse_format(std::string_view name) {
  return parse_name<Format>(kFormatNames, name);
}

}  // namespace backscan::report
