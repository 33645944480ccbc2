// Checksums as vendors publish them (make_manifest.h). Formats: api.wordpress.org's core checksums
// and downloads.wordpress.org's plugin checksums (JSON); md5sum(1), with --tag and escaped names;
// Drupal's signed lists (php-signify: lines of a signature before those of the list);
// deb-md5sums(5).
#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "known/json_text.h"
#include "known/make_manifest.h"
#include "known/product.h"
#include "known/recognition.h"

namespace backscan::known {
namespace {

using Element = simdjson::dom::element;

std::unexpected<Error> fail(const std::string& name, std::string reason) {
  return std::unexpected(Error{name, std::move(reason)});
}

/// By the number of its digits; nothing for a kind that manifests do not hold.
std::optional<HashKind> kind_of_digits(std::string_view digits) {
  for (const HashKind kind : kHashKinds)
    if (digits.size() == 2 * kHashBytes[index_of(kind)]) return kind;
  return std::nullopt;
}

bool add(std::string_view path, std::string_view digits, Manifest& manifest) {
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.starts_with('/')) path.remove_prefix(1);
  const auto kind = kind_of_digits(digits);
  auto digest = bytes_of_hex(digits);
  if (path.empty() || !kind || !digest) return false;
  manifest.files.push_back({.path = std::string(path),
                            .size = {},
                            .kind = *kind,
                            .digest = *std::move(digest),
                            .lines = {}});
  return true;
}

// JSON.

/// A digest, a list of digests that are all right, or an object of them by kind.
bool add_json_file(std::string_view path, const Element& value, Manifest& manifest) {
  std::string_view digits;
  if (value.get(digits) == simdjson::SUCCESS) return add(path, digits, manifest);
  simdjson::dom::array several;
  if (value.get(several) == simdjson::SUCCESS) {
    bool all = true;
    for (const Element one : several)
      all = one.get(digits) == simdjson::SUCCESS && add(path, digits, manifest) && all;
    return all;
  }
  simdjson::dom::object kinds;
  if (value.get(kinds) != simdjson::SUCCESS) return false;
  for (const char* const kind : {"sha256", "sha1", "md5"})
    if (Element digest; kinds[kind].get(digest) == simdjson::SUCCESS)
      return add_json_file(path, digest, manifest);
  return false;
}

Result<void> read_json(const std::string& name, std::string_view text, Manifest& manifest) {
  simdjson::dom::parser parser;
  Element all;
  if (parser.parse(simdjson::padded_string(text)).get(all) != simdjson::SUCCESS)
    return fail(name, "not JSON");
  if (manifest.product.empty()) manifest.product = text_of(all, "plugin");
  if (manifest.version.empty()) manifest.version = text_of(all, "version");
  Element files = all;
  for (const char* const key : {"checksums", "files"})
    if (Element below; all[key].get(below) == simdjson::SUCCESS && below.is_object()) files = below;
  simdjson::dom::object members;
  if (files.get(members) != simdjson::SUCCESS) return fail(name, "no object of paths and digests");
  // api.wordpress.org, asked for every release: a level of releases above that of the paths.
  if (simdjson::dom::object inner;
      members.size() == 1 && (*members.begin()).value.get(inner) == simdjson::SUCCESS &&
      inner["md5"].error() != simdjson::SUCCESS && inner["sha256"].error() != simdjson::SUCCESS) {
    if (manifest.version.empty()) manifest.version = std::string((*members.begin()).key);
    members = inner;
  }
  for (const auto& [path, value] : members)
    if (!add_json_file(path, value, manifest))
      return fail(name, fmt::format("no MD5, SHA-1 or SHA-256 of {}", path));
  return {};
}

// Lines.

/// md5sum's escapes: a line that begins with a backslash has \n, \r and \\ in its name.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '\\' && i + 1 < text.size();
    if (is_escape) ++i;
    out += is_escape && text[i] == 'n' ? '\n' : is_escape && text[i] == 'r' ? '\r' : text[i];
  }
  return out;
}

/// "SHA256 (path) = digits".
bool add_tagged(std::string_view line, Manifest& manifest) {
  const std::size_t open = line.find(" (");
  const std::size_t close = line.rfind(") = ");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return false;
  return add(line.substr(open + 2, close - open - 2), trim(line.substr(close + 4)), manifest);
}

/// "digits  path", or "digits *path" of a file read as bytes.
bool add_plain(std::string_view line, Manifest& manifest) {
  const bool is_escaped = line.starts_with('\\');
  if (is_escaped) line.remove_prefix(1);
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || space + 2 >= line.size()) return false;
  const std::string_view path = line.substr(space + 2);
  return add(is_escaped ? unescaped(path) : std::string(path), line.substr(0, space), manifest);
}

Result<void> read_lines(const std::string& name, std::string_view text, Manifest& manifest) {
  std::size_t number = 0;
  bool is_signed = false;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (trim(line).empty() || line.starts_with('#')) continue;
    if (add_tagged(line, manifest) || add_plain(line, manifest)) continue;
    // A signature's lines stand before the list that it signs; `baseline` does not check it.
    is_signed |= line.starts_with("untrusted comment:");
    if (is_signed && manifest.files.empty()) continue;
    return fail(fmt::format("{}:{}", name, number), "no checksum of a file");
  }
  return {};
}

// Where the application lies among the paths.

/// "usr/share/wordpress/" where a product's mark lies below that, or what all PHP has in common.
std::string prefix_of(const Manifest& manifest) {
  for (const Product& product : products())
    if (product.mark_path.find('/') != std::string_view::npos)
      for (const KnownFile& file : manifest.files)
        if (file.path.ends_with(product.mark_path) &&
            (file.path.size() == product.mark_path.size() ||
             file.path[file.path.size() - product.mark_path.size() - 1] == '/'))
          return file.path.substr(0, file.path.size() - product.mark_path.size());
  std::optional<std::string> common;
  for (const KnownFile& file : manifest.files) {
    if (!file.path.ends_with(".php")) continue;
    const std::string directory = file.path.substr(0, file.path.rfind('/') + 1);
    if (!common) common = directory;
    const auto differ = std::ranges::mismatch(*common, directory).in1;
    const auto same = static_cast<std::size_t>(differ - common->begin());
    common->resize(common->substr(0, same).rfind('/') + 1);
  }
  return common.value_or("");
}

void keep_below(const std::string& prefix, Manifest& manifest) {
  std::erase_if(manifest.files,
                [&](const KnownFile& file) { return !file.path.starts_with(prefix); });
  for (KnownFile& file : manifest.files) file.path.erase(0, prefix.size());
  std::ranges::stable_sort(manifest.files, {}, &KnownFile::path);
}

}  // namespace

Result<Manifest> manifest_of_checksums(const std::string& name, std::string_view text,
                                       const ManifestOptions& options) {
  Manifest manifest{
      .product = options.product, .version = options.version, .mark = {}, .files = {}};
  const auto read = trim(text).starts_with('{') ? read_json(name, text, manifest)
                                                : read_lines(name, text, manifest);
  if (!read) return std::unexpected(read.error());
  keep_below(prefix_of(manifest), manifest);
  if (manifest.files.empty()) return fail(name, "holds no checksums");
  // A plugin's list: its main file bears its release, and its name.
  std::string mark = options.mark;
  const std::string main_file = manifest.product + ".php";
  if (mark.empty() && std::ranges::binary_search(manifest.files, main_file, {}, &KnownFile::path))
    mark = main_file;
  if (auto named = name_release(manifest, mark, {}); !named)
    return fail(name, named.error().reason);
  return manifest;
}

}  // namespace backscan::known
