// See recognition.h.
#include "known/recognition.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "known/product.h"

namespace backscan::known {
namespace {

// Fewer may be what a plugin or a template is made of, to which owners add.
constexpr std::size_t kMinPhpOfSealed = 3;

const KnownFile* listed(const Manifest& manifest, std::string_view path) {
  const auto found = std::ranges::lower_bound(manifest.files, path, {}, &KnownFile::path);
  return found != manifest.files.end() && found->path == path ? &*found : nullptr;
}

bool is_php(const KnownFile& file) {
  const std::string lower = ascii_lower(file.path);
  return !file.lines.empty() || lower.ends_with(".php") || lower.ends_with(".inc");
}

/// Directories below the root in which the vendor has several PHP files: "lib/*".
std::vector<std::string> php_directories(const Manifest& manifest) {
  std::map<std::string, std::size_t> counts;
  for (const KnownFile& file : manifest.files)
    if (const std::size_t slash = file.path.rfind('/'); slash != std::string::npos && is_php(file))
      ++counts[file.path.substr(0, slash + 1)];
  std::vector<std::string> sealed;
  for (const auto& [directory, count] : counts)
    if (count >= kMinPhpOfSealed) sealed.push_back(directory + "*");
  return sealed;
}

void take_product(const Product& product, std::string version, Manifest& manifest) {
  if (manifest.product.empty()) manifest.product = product.name;
  if (manifest.version.empty()) manifest.version = std::move(version);
  manifest.sealed.assign(product.sealed.begin(), product.sealed.end());
  manifest.loose.assign(product.loose.begin(), product.loose.end());
}

/// By the table, and the text at the mark.
bool name_by_text(Manifest& manifest, const TreeReader& read) {
  for (const Product& product : products()) {
    if (listed(manifest, product.mark_path) == nullptr) continue;
    const auto text = read(product.mark_path);
    auto line = text ? version_line(product, *text) : std::nullopt;
    if (!line || !is_utf8(line->line)) continue;
    manifest.mark = {std::string(product.mark_path), std::move(line->line)};
    take_product(product, std::move(line->version), manifest);
    return true;
  }
  return false;
}

/// By the table, where only paths are known: by a mark whose path is nobody else's. Of a fork and
/// what it was forked from, the name decides, else it is the latter.
bool name_by_path(Manifest& manifest) {
  const Product* best = nullptr;
  for (const Product& product : products()) {
    if (product.mark_path.find('/') == std::string_view::npos ||
        listed(manifest, product.mark_path) == nullptr)
      continue;
    if (best != nullptr && (best->mark_path != product.mark_path || best->name == manifest.product))
      continue;
    best = &product;
  }
  if (best == nullptr) return false;
  manifest.mark = {std::string(best->mark_path), ""};
  take_product(*best, "", manifest);
  return true;
}

/// By the words of a file in the root or one level below: a plugin's header before all others.
bool name_by_own_words(Manifest& manifest, const TreeReader& read) {
  const auto try_files = [&](bool wants_header) {
    for (const KnownFile& file : manifest.files) {
      if (std::ranges::count(file.path, '/') > 1) continue;
      const std::string name = ascii_lower(file.path.substr(file.path.rfind('/') + 1));
      const bool is_header = file.path == name && (name.ends_with(".php") || name == "style.css") &&
                             name != "version.php";
      const bool may_be = is_any(
          name, {"version.php", "version.inc.php", "version", "composer.json", "package.json"});
      if (wants_header ? !is_header : !may_be) continue;
      const auto text = read(file.path);
      auto line = text ? own_words_of_version(file.path, *text) : std::nullopt;
      if (!line || !is_utf8(line->line)) continue;
      manifest.mark = {file.path, std::move(line->line)};
      if (manifest.version.empty()) manifest.version = std::move(line->version);
      return true;
    }
    return false;
  };
  return try_files(true) || try_files(false);
}

}  // namespace

Result<void> name_release(Manifest& manifest, std::string_view mark, const TreeReader& read) {
  const auto fail = [](std::string reason) {
    return std::unexpected(Error{"", std::move(reason)});
  };
  bool is_named = false;
  if (!mark.empty()) {
    if (listed(manifest, mark) == nullptr)
      return fail(fmt::format("holds no file {}, which --mark names", mark));
    manifest.mark = {std::string(mark), ""};
    is_named = true;
  } else {
    is_named = read ? name_by_text(manifest, read) || name_by_own_words(manifest, read)
                    : name_by_path(manifest);
  }
  if (!is_named)
    return fail(
        "no file of it says which release it is; name one that every release changes with --mark");
  if (manifest.product.empty()) return fail("what it is a release of must be said with --product");
  if (manifest.sealed.empty()) manifest.sealed = php_directories(manifest);
  return {};
}

bool bears_mark(const Mark& mark, std::string_view text, bool digest_fits) {
  if (mark.line.empty()) return digest_fits;
  for (std::size_t at = text.find(mark.line); at != std::string_view::npos;
       at = text.find(mark.line, at + 1)) {
    const std::size_t before = text.rfind('\n', at);
    const std::size_t begin = at == 0 || before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = text.find('\n', at + mark.line.size());
    if (trim(text.substr(begin, end - begin)) == mark.line) return true;
  }
  return false;
}

}  // namespace backscan::known
