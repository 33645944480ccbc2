// Works on bytes after base/text.h has made them valid, visible UTF-8.
#include "report/markup.h"

#include <algorithm>

#include "base/text.h"

namespace backscan::report {

std::string xml_escape(std::string_view text) {
  const std::string safe = escape_controls(text);
  std::string out;
  out.reserve(safe.size() + safe.size() / 8);
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const char c = safe[i];
    const std::string_view rest = std::string_view(safe).substr(i);
    // U+FFFE and U+FFFF are no characters of XML 1.0.
    if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
      out += "\xEF\xBF\xBD";
      i += 2;
      continue;
    }
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string markdown_escape(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_{}[]()#+-.!|~";
  std::string out;
  for (const char c : escape_controls(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '@': out += "&#64;"; break;  // no mention
      case ':': out += "&#58;"; break;  // no link of a bare URL
      default:
        if (kSpecial.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  const std::string safe = escape_controls(text);
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : safe) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  // Blanks keep a backtick at the edge apart from the fence; the reader strips them.
  return longest == 0 ? fence + safe + fence : fence + " " + safe + " " + fence;
}

std::string uri_escape_path(std::string_view bytes) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool is_plain = is_letter || (c >= '0' && c <= '9') ||
                          std::string_view("-._~/").find(c) != std::string_view::npos;
    if (is_plain) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 0xF];
    }
  }
  return out;
}

}  // namespace backscan::report
