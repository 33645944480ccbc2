// What the formats share: words of a line, refusals that name a list, time bounds.
#include "mail/log.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace backscan::mail {
namespace {

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-';
}

/// A host name with at least one dot at the start of `text`, lower-cased; else empty.
std::string host_at(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && end < 253 && is_host_character(text[end])) ++end;
  std::string_view host = text.substr(0, end);
  while (host.ends_with('.')) host.remove_suffix(1);
  if (host.find('.') == std::string_view::npos) return {};
  return ascii_lower(host);
}

}  // namespace

void LogPart::note_time(Time time) {
  if (!first || time < *first) first = time;
  if (!last || time > *last) last = time;
}

void LogPart::note_rejection(Time time, std::string_view reason) {
  constexpr auto kPhrases = std::to_array<std::string_view>(
      {"blocked using ", "listed at ", "listed by ", "listed in ", "listed on ", "rejected by "});
  constexpr std::size_t kMaxLists = 1000;
  for (const std::string_view phrase : kPhrases) {
    const std::size_t at = reason.find(phrase);
    if (at == std::string_view::npos) continue;
    std::string_view rest = reason.substr(at + phrase.size());
    for (const std::string_view scheme : {"https://", "http://", "www."})
      if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
    const std::string host = host_at(rest);
    if (host.empty()) continue;
    if (!rejections.contains(host) && rejections.size() >= kMaxLists) return;
    ListRejection& list = rejections[host];
    if (list.count++ == 0) {
      list.first = time;
      list.sample = std::string(reason.substr(0, 300));
    }
    list.first = std::min(list.first, time);
    list.last = std::max(list.last, time);
    return;
  }
}

std::string_view word_value(std::string_view line, std::string_view name) {
  for (std::size_t at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1)) {
    const bool starts_word = at == 0 || line[at - 1] == ' ' || line[at - 1] == ',';
    const std::size_t equals = at + name.size();
    if (!starts_word || equals >= line.size() || line[equals] != '=') continue;
    const std::string_view value = line.substr(equals + 1);
    return value.substr(0, value.find(' '));
  }
  return {};
}

std::string_view strip_brackets(std::string_view text) {
  if (text.starts_with('<')) {
    const std::size_t close = text.find('>');
    return text.substr(1, close == std::string_view::npos ? close : close - 1);
  }
  return text.substr(0, text.find_first_of(" ,"));
}

}  // namespace backscan::mail
