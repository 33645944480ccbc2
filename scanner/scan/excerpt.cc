// Bytes are cut first and made safe afterwards, so that a hostile line of megabytes costs nothing.
#include "scan/excerpt.h"

#include <algorithm>

#include "base/text.h"

namespace backscan::scan {
namespace {

// Shown before the match where its line begins further left.
constexpr std::size_t kLeadBytes = 60;

bool is_local_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._%+-").find(c) != std::string_view::npos;
}

bool is_domain_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-';
}

}  // namespace

std::string mask_addresses(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t copied = 0;
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t begin = at;
    while (begin > copied && is_local_byte(text[begin - 1])) --begin;
    std::size_t end = at + 1;
    while (end < text.size() && is_domain_byte(text[end])) ++end;
    const std::size_t dot = text.substr(at + 1, end - at - 1).find('.');
    if (begin == at || dot == 0 || dot == std::string_view::npos) continue;
    out.append(text.substr(copied, begin + 1 - copied)).append("***");
    copied = at;
  }
  return out.append(text.substr(copied));
}

std::string excerpt_of(std::string_view text, Span place, bool show_addresses,
                       std::size_t max_bytes) {
  const std::size_t begin = std::min<std::size_t>(place.begin, text.size());
  const std::size_t earliest = begin - std::min(begin, kLeadBytes);
  std::size_t first = earliest;
  const std::size_t newline = text.substr(earliest, begin - earliest).rfind('\n');
  if (newline != std::string_view::npos) first = earliest + newline + 1;
  // A cut in the middle of a character would show as a broken one.
  while (first < begin && (static_cast<unsigned char>(text[first]) & 0xC0) == 0x80) ++first;
  // As much again as can be shown: masking may shorten.
  std::string_view piece = text.substr(first, max_bytes * 2);
  const std::size_t match_end =
      std::clamp<std::size_t>(place.end, begin, text.size()) - first;
  const std::size_t line_end = piece.find('\n', std::min(match_end, piece.size()));
  piece = trim(piece.substr(0, line_end));
  const std::string safe = escape_controls(show_addresses ? std::string(piece)
                                                          : mask_addresses(piece));
  return truncate_utf8(safe, max_bytes);
}

}  // namespace backscan::scan
