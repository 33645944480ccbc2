// See known_facts.h.
#include "scan/known_facts.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "base/words.h"
#include "model/fact_names.h"

namespace backscan::scan {
namespace {

constexpr std::size_t kMaxLineShown = 160;

/// Where each line begins.
std::vector<std::size_t> line_begins(std::string_view bytes) {
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < bytes.size();) {
    begins.push_back(at);
    const std::size_t end = bytes.find('\n', at);
    at = end == std::string_view::npos ? bytes.size() : end + 1;
  }
  return begins;
}

/// "3 lines added, 1 gone"; "11 lines gone".
std::string in_words(const known::LineDifference& difference) {
  const auto lines = [](std::size_t count, std::string_view what) {
    return fmt::format("{} {}", counted(count, "line"), what);
  };
  if (difference.added_count == 0) return lines(difference.gone_count, "gone");
  if (difference.gone_count == 0) return lines(difference.added_count, "added");
  return fmt::format("{}, {} gone", lines(difference.added_count, "added"), difference.gone_count);
}

}  // namespace

Fact changed_core_fact(const known::Release& release, std::string_view path,
                       std::string_view bytes) {
  Fact fact{.name = find_fact_name("file.changed-core"), .source = release.head().title()};
  const auto original = release.original_lines(path);
  if (!original) {
    fact.sink = "its contents are other ones";
    return fact;
  }
  const known::LineDifference difference =
      known::compare_lines(*original, known::mark_lines(bytes));
  fact.sink = in_words(difference);
  const std::vector<std::size_t> begins = line_begins(bytes);
  for (const std::size_t number : difference.added) {
    const std::size_t begin = begins[number];
    const std::size_t end = number + 1 < begins.size() ? begins[number + 1] : bytes.size();
    const std::string_view line = trim(bytes.substr(begin, end - begin));
    if (line.empty()) continue;
    const auto at = static_cast<Offset>(line.data() - bytes.data());
    if (fact.place == Span{})
      fact.place = {at, static_cast<Offset>(at + std::min(line.size(), kMaxLineShown))};
    fact.trace.push_back(
        {at, "+ " + truncate_utf8(to_utf8(line.substr(0, kMaxLineShown)), kMaxLineShown)});
  }
  if (difference.added_count > difference.added.size() && !fact.trace.empty())
    fact.trace.back().what +=
        fmt::format(" (and {} more)", difference.added_count - difference.added.size());
  return fact;
}

Fact unknown_in_core_fact(const known::Release& release) {
  return {.name = find_fact_name("file.unknown-in-core"), .source = release.head().title()};
}

}  // namespace backscan::scan
