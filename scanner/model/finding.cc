// The order in which people read findings (finding.h).
#include "model/finding.h"

#include <string_view>
#include <tuple>

namespace backscan {

bool is_likelier(const Finding& a, const Finding& b) {
  if (a.rank != b.rank) return a.rank > b.rank;
  if (a.severity != b.severity) return a.severity > b.severity;
  const auto order = [](const Finding& finding) {
    return std::tuple(std::string_view(finding.path), finding.layers.size(),
                      finding.view != ViewKind::kFlow, finding.line, finding.column,
                      std::string_view(finding.rule));
  };
  return order(a) < order(b);
}

}  // namespace backscan
