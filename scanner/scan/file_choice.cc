// Asked of every file of a tree, so nothing here allocates.
#include "scan/file_choice.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "base/text.h"

namespace backscan::scan {
namespace {

// Included by PHP programs, and PHP where a server is told so.
constexpr auto kPhpIncludes = std::to_array<std::string_view>(
    {"inc", "module", "install", "theme", "profile", "engine", "ctp", "suspected"});
constexpr auto kTexts = std::to_array<std::string_view>(
    {"html", "htm", "xhtml", "shtml", "js", "mjs", "txt", "xml", "css", "tpl", "twig", "json", "pl",
     "cgi", "py", "sh", "log", "bak", "old", "save", "orig"});
constexpr auto kImages = std::to_array<std::string_view>(
    {"jpg", "jpeg", "png", "gif", "ico", "webp", "bmp", "svg", "tif", "tiff", "avif"});

/// A part of a name in lower case, without an allocation; longer parts are no known extension.
class Lowered {
 public:
  explicit Lowered(std::string_view part) {
    if (part.size() > text_.size()) return;
    std::ranges::transform(part, text_.begin(), [](char c) { return ascii_lower(c); });
    size_ = part.size();
  }
  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::array<char, 10> text_{};
  std::size_t size_ = 0;
};

bool is_carrier(std::string_view name, std::string_view extension) {
  if (equals_ignoring_case(name, ".htaccess") || extension == "conf") return true;
  return extension == "ini" &&
         (equals_ignoring_case(name, ".user.ini") || equals_ignoring_case(name.substr(0, 3), "php"));
}

bool is_one_of(std::span<const std::string_view> words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// A short tag is three bytes, which chance puts into one of ten large binaries: text must follow.
bool is_followed_by_text(std::string_view rest) {
  constexpr std::size_t kEnough = 16;
  return !rest.empty() && std::ranges::all_of(rest.substr(0, kEnough), [](char c) {
    return (c >= ' ' && c <= '~') || (c >= '\t' && c <= '\r');
  });
}

/// What stands behind `<?` where PHP is told to take short tags: a blank, `=`, or code at once, such
/// as `<?@eval(` or `<?$a=`. Markup (`<?xml version`, `<?import href`) has a blank behind its word.
bool is_begin_of_short_tag(std::string_view rest) {
  constexpr std::size_t kLongestCall = 24;
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  if (std::string_view("= \n\r\t").find(rest[0]) != std::string_view::npos) return true;
  const bool is_marked = rest[0] == '@' || rest[0] == '$';
  const std::string_view word = rest.substr(is_marked ? 1 : 0, kLongestCall);
  const std::size_t length = std::min(word.find_first_not_of(kLetters), word.size());
  return length > 0 && (is_marked || (length > 1 && word.substr(length).starts_with('(')));
}

}  // namespace

bool is_php_extension(std::string_view extension) {
  if (!extension.starts_with("ph")) return false;
  const std::string_view rest = extension.substr(2);
  if (rest == "p" || rest == "tml" || rest == "t" || rest == "ar" || rest == "ps" || rest == "tm")
    return true;
  return rest.size() == 2 && rest[0] == 'p' && rest[1] >= '2' && rest[1] <= '9';
}

NameKind kind_of_name(std::string_view name) {
  const std::size_t last_dot = name.rfind('.');
  if (last_dot == std::string_view::npos) return NameKind::kOther;
  const Lowered lowered(name.substr(last_dot + 1));
  const std::string_view extension = lowered.view();
  if (is_php_extension(extension) || is_one_of(kPhpIncludes, extension))
    return NameKind::kPhp;
  if (is_carrier(name, extension)) return NameKind::kCarrier;
  // "x.php.jpg", "x.php.bak": a server with AddHandler runs the first, both are PHP put aside.
  for (std::size_t begin = name.find('.') + 1; begin <= last_dot;) {
    const std::size_t end = name.find('.', begin);
    if (is_php_extension(Lowered(name.substr(begin, end - begin)).view())) return NameKind::kPhp;
    begin = end + 1;
  }
  if (is_one_of(kImages, extension)) return NameKind::kImage;
  if (is_one_of(kTexts, extension)) return NameKind::kText;
  return NameKind::kOther;
}

bool is_prose(std::string_view name, std::string_view bytes) {
  const std::size_t last_dot = name.rfind('.');
  if (last_dot == std::string_view::npos) return false;
  const Lowered extension(name.substr(last_dot + 1));
  const auto kManuals = {"md", "markdown", "rst", "adoc"};
  if (std::ranges::find(kManuals, extension.view()) == kManuals.end()) return false;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  return !trim(bytes.substr(0, 256)).starts_with('<');
}

bool has_php_tag(std::string_view bytes) {
  for (std::size_t at = 0; at + 2 < bytes.size();) {
    const void* const found = std::memchr(bytes.data() + at, '<', bytes.size() - 2 - at);
    if (found == nullptr) return false;
    at = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data()) + 1;
    const char next = bytes[at];
    if (next == '?') {
      const std::string_view rest = bytes.substr(at + 1);
      if (equals_ignoring_case(rest.substr(0, 3), "php")) return true;
      if (is_begin_of_short_tag(rest) && is_followed_by_text(rest.substr(1))) return true;
    } else if (ascii_lower(next) == 's') {
      const std::string_view tag = bytes.substr(at, bytes.substr(at, 80).find('>'));
      if (!equals_ignoring_case(tag.substr(0, 6), "script")) continue;
      const std::string lowered = ascii_lower(tag.substr(0, 80));
      const std::size_t language = lowered.find("language");
      if (language != std::string::npos && lowered.find("php", language) != std::string::npos)
        return true;
    }
  }
  return false;
}

}  // namespace backscan::scan
