// Whether a text is well-formed XML 1.0 of the simple kind that backscan writes (elements,
// attributes, text; no comments, CDATA or DTD): strict, so that a test can trust it.
#pragma once

#include <string>
#include <string_view>

namespace backscan::test {

/// Empty where all is well, else what is wrong and where.
[[nodiscard]] std::string xml_problem(std::string_view xml);

}  // namespace backscan::test
