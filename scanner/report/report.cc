// Which function renders which format.
#include "report/report.h"

#include "model/severity.h"
#include "report/json_report.h"
#include "report/text_report.h"

namespace backscan::report {

void render(Format format, const ScanResult& result, const RenderOptions& options,
            std::string& out) {
  switch (format) {
    case Format::kText: return render_text(result, options, out);
    case Format::kJson: return render_json(result, out);
    case Format::kJsonl: return render_jsonl(result, out);
    default: return;
  }
}

std::optional<Format> parse_format(std::string_view name) {
  return parse_name<Format>(kFormatNames, name);
}

}  // namespace backscan::report
