// The words and thresholds are judged by the names in place_test.cc, which has both sides; they were
// not fitted to a collection. A mark may be common, a random name may not.
#include "scan/place.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "model/fact_names.h"

namespace backscan::scan {
namespace {

struct DirectoryWord {
  std::string_view word;
  PlaceMark mark;
};

constexpr auto kDirectoryWords = std::to_array<DirectoryWord>({
    {"uploads", kInUploads},    {"upload", kInUploads},      {"userfiles", kInUploads},
    {"attachments", kInUploads}, {"avatars", kInUploads},    {"user_uploads", kInUploads},
    {"cache", kInCache},        {"caches", kInCache},        {"tmp", kInCache},
    {"temp", kInCache},         {"_cache", kInCache},        {"css", kInAssets},
    {"js", kInAssets},          {"img", kInAssets},          {"images", kInAssets},
    {"image", kInAssets},       {"pics", kInAssets},         {"fonts", kInAssets},
    {"icons", kInAssets},       {"assets", kInAssets},       {".well-known", kInWellKnown},
    {"acme-challenge", kInWellKnown}, {"pki-validation", kInWellKnown},
});

constexpr auto kExtensionDirectories =
    std::to_array<std::string_view>({"plugins", "modules", "components", "extensions"});

constexpr auto kDocumentExtensions = std::to_array<std::string_view>(
    {"jpg", "jpeg", "png", "gif", "ico", "webp", "bmp", "pdf", "zip", "doc", "docx", "mp3", "mp4"});

// Tools' own files that begin with a dot in many clean trees.
constexpr auto kHonestHidden = std::to_array<std::string_view>(
    {".phpstorm.meta.php", ".php-cs-fixer.php", ".php-cs-fixer.dist.php", ".php_cs",
     ".php_cs.dist"});

bool is_document(std::string_view extension) {
  return std::ranges::any_of(kDocumentExtensions, [&](std::string_view known) {
    return equals_ignoring_case(known, extension);
  });
}

/// "x.php.jpg" and "x.jpg.php"; "x.html.php" and "x.tpl.php" are how templates are named.
bool has_double_extension(std::string_view name) {
  const std::size_t last = name.rfind('.');
  if (last == std::string_view::npos || last == 0) return false;
  const std::size_t before = name.rfind('.', last - 1);
  if (before == std::string_view::npos) return false;
  const std::string inner = ascii_lower(name.substr(before + 1, last - before - 1));
  const std::string outer = ascii_lower(name.substr(last + 1));
  return (is_php_extension(inner) && is_document(outer)) ||
         (is_document(inner) && is_php_extension(outer));
}

bool is_vowel(char c) {
  return std::string_view("aeiouy").find(ascii_lower(c)) != std::string_view::npos;
}

bool is_letter(char c) {
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'z';
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Names that no person gives: letters and digits that change places many times, or a long run
/// without a vowel. Digests are left out: caches are named so.
bool is_random_name(std::string_view name) {
  const std::string_view stem = name.substr(0, name.find('.'));
  if (stem.size() < 6 || stem.size() > 24) return false;
  int changes = 0;
  int consonants = 0;
  int longest = 0;
  for (std::size_t i = 0; i < stem.size(); ++i) {
    if (!is_letter(stem[i]) && !is_digit(stem[i])) return false;
    if (i > 0 && is_digit(stem[i]) != is_digit(stem[i - 1])) ++changes;
    consonants = is_letter(stem[i]) && !is_vowel(stem[i]) ? consonants + 1 : 0;
    longest = std::max(longest, consonants);
  }
  return changes >= 4 || longest >= 7;
}

bool holds_extensions(std::string_view directory) {
  return std::ranges::any_of(kExtensionDirectories, [&](std::string_view known) {
    return equals_ignoring_case(directory, known);
  });
}

bool begins_like_an_image(std::string_view bytes) {
  return bytes.starts_with("GIF8") || bytes.starts_with("\xFF\xD8\xFF") ||
         bytes.starts_with("\x89PNG") || bytes.starts_with(std::string_view("\0\0\1\0", 4));
}

}  // namespace

PlaceMarks marks_of_directory(std::string_view root, std::string_view directory) {
  PlaceMarks marks = 0;
  // A root given deep inside a site is still where it is; other words above a root say nothing.
  if (root.ends_with("/wp-content/uploads") || root.find("/wp-content/uploads/") != root.npos)
    marks |= kInUploads;
  std::string_view rest = directory;
  std::string_view before;
  while (!rest.empty()) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    const bool is_extension = holds_extensions(std::exchange(before, part));
    for (const DirectoryWord& known : kDirectoryWords) {
      // "plugins/avatars" is a program's part of that name.
      if (is_extension) break;
      // Assets are a matter of the last directory: "assets/src/Model/x.php" is a program's tree.
      if (known.mark == kInAssets && !rest.empty()) continue;
      if (equals_ignoring_case(part, known.word)) marks |= known.mark;
    }
    if (part.starts_with('.') && part != ".well-known") marks |= kHidden;
  }
  // Drupal: sites/<site>/files.
  const std::size_t files = directory.find("/files");
  if (directory.starts_with("sites/") && files != std::string_view::npos &&
      directory.find('/', 6) == files &&
      (directory.size() == files + 6 || directory[files + 6] == '/'))
    marks |= kInUploads;
  return marks;
}

PlaceMarks marks_of_name(std::string_view name, NameKind kind) {
  PlaceMarks marks = 0;
  if (has_double_extension(name)) marks |= kDoubleExtension;
  if (name.starts_with('.') && kind != NameKind::kCarrier &&
      std::ranges::find(kHonestHidden, name) == kHonestHidden.end())
    marks |= kHidden;
  if (is_random_name(name)) marks |= kRandomName;
  if (kind != NameKind::kPhp) marks |= kNotPhpByName;
  if (kind == NameKind::kImage) marks |= kImageByName;
  return marks;
}

bool PlaceLooker::is_web_server(uid_t uid) const {
  return std::ranges::find(web_server_uids_, uid) != web_server_uids_.end();
}

PlaceMarks PlaceLooker::look(const walk::FileEntry& entry, NameKind kind,
                             const struct stat& status) {
  if (root_ != entry.root || root_.empty()) {
    root_ = entry.root;
    directory_.clear();
    directory_marks_ = marks_of_directory(root_, directory_);
    struct stat of_root {};
    is_root_of_web_server_ =
        ::stat(root_.c_str(), &of_root) == 0 && is_web_server(of_root.st_uid);
  }
  if (directory_ != entry.directory) {
    directory_ = entry.directory;
    directory_marks_ = marks_of_directory(root_, directory_);
  }
  PlaceMarks marks = directory_marks_ | marks_of_name(entry.name, kind);
  if (!is_root_of_web_server_ && is_web_server(status.st_uid)) marks |= kOwnedByWebServer;
  if ((status.st_mode & S_IWOTH) != 0) marks |= kWorldWritable;
  if ((status.st_mode & (S_ISUID | S_ISGID)) != 0) marks |= kSetuid;
  return marks;
}

bool is_stub(std::string_view bytes) {
  if (bytes.size() > 256) return false;
  std::string_view rest = trim(bytes);
  if (!equals_ignoring_case(rest.substr(0, 5), "<?php")) return false;
  rest.remove_prefix(5);
  for (rest = trim(rest); !rest.empty(); rest = trim(rest)) {
    std::size_t end = std::string_view::npos;
    if (rest.starts_with("//") || rest.starts_with('#')) {
      end = rest.find('\n');
      if (rest.substr(0, end).find("?>") != std::string_view::npos) return false;
    } else if (rest.starts_with("/*")) {
      const std::size_t close = rest.find("*/");
      end = close == std::string_view::npos ? close : close + 2;
    } else {
      return rest == "?>";
    }
    if (end == std::string_view::npos) return true;
    rest.remove_prefix(end);
  }
  return true;
}

std::vector<Fact> place_facts(PlaceMarks marks, std::string_view bytes) {
  std::vector<Fact> facts;
  if (is_stub(bytes)) return facts;
  const auto add = [&](std::string_view name) {
    facts.push_back({.name = find_fact_name(name)});
  };
  constexpr auto kFactOfMark = std::to_array<std::pair<PlaceMark, std::string_view>>({
      {kInUploads, "file.php-in-uploads"},
      {kInCache, "file.php-in-cache"},
      {kInAssets, "file.php-in-assets"},
      {kInWellKnown, "file.php-in-well-known"},
      {kDoubleExtension, "file.double-extension"},
      {kHidden, "file.hidden"},
      {kRandomName, "file.random-name"},
      {kOwnedByWebServer, "file.owned-by-web-server"},
      {kWorldWritable, "file.world-writable"},
      {kSetuid, "file.setuid"},
      {kNewerThanNeighbours, "file.newer-than-neighbours"},
  });
  for (const auto& [mark, name] : kFactOfMark)
    if ((marks & mark) != 0) add(name);
  // A short tag in a binary file is chance more often than PHP.
  if ((marks & kNotPhpByName) != 0 && has_php_tag(bytes)) {
    add("file.php-by-content");
    if ((marks & kImageByName) != 0) add("file.php-in-image");
  }
  if ((marks & kImageByName) == 0 && begins_like_an_image(bytes)) add("file.php-in-image");
  return facts;
}

}  // namespace backscan::scan
