// Escaping for the formats that mark text up: XML, HTML, Markdown, URIs. Apart from them because
// each function is what keeps a hostile name from becoming markup, and is tested as such.
#pragma once

#include <string>
#include <string_view>

namespace backscan::report {

/// Text or attribute value of XML 1.0 and HTML: controls escaped, markup characters as entities,
/// code points that XML forbids as U+FFFD.
[[nodiscard]] std::string xml_escape(std::string_view text);

/// Markdown (GitHub, GitLab): every character that could start markup, a mention or a link is
/// defused; always one line.
[[nodiscard]] std::string markdown_escape(std::string_view text);

/// A code span that `text` cannot close; always one line.
[[nodiscard]] std::string markdown_code(std::string_view text);

/// RFC 3986: all bytes but unreserved ones and '/' as %XX.
[[nodiscard]] std::string uri_escape_path(std::string_view bytes);

}  // namespace backscan::report
