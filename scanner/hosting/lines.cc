// Text cutting without allocation but for the results.
#include "hosting/lines.h"

#include "base/text.h"

namespace backscan::hosting {

void for_each_line(std::string_view text,
                   const std::function<void(std::string_view, std::size_t)>& use) {
  std::size_t number = 1;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    use(line, number++);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> split_at(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(separators);
    const std::string_view part = trim(text.substr(0, end));
    if (!part.empty()) parts.push_back(part);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return parts;
}

std::vector<std::string_view> split_words(std::string_view text) {
  return split_at(text, " \t\r\n\f\v");
}

std::string place_of(const std::string& path, std::size_t line) {
  return path + ':' + std::to_string(line);
}

std::string_view unquoted(std::string_view text) {
  text = trim(text);
  const bool is_quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                         text.back() == text.front();
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace backscan::hosting
