// Reading and writing manifests (manifest.h). simdjson reads: a host has many releases.
#include "known/manifest.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "base/text.h"
#include "known/json_text.h"

namespace backscan::known {
namespace {

using Element = simdjson::dom::element;

std::unexpected<Error> wrong(std::string reason) {
  return std::unexpected(Error{"", std::move(reason)});
}

/// The texts of an array, none of them empty.
std::vector<std::string> texts_of(const Element& record, const char* key) {
  std::vector<std::string> texts;
  simdjson::dom::array array;
  if (record[key].get(array) != simdjson::SUCCESS) return texts;
  for (const Element value : array) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS && !text.empty()) texts.emplace_back(text);
  }
  return texts;
}

Result<std::string> path_of(const Element& record) {
  std::string path = text_of(record, "path");
  if (const std::string encoded = text_of(record, "path_base64"); !encoded.empty()) {
    auto bytes = base64_decode(encoded);
    if (!bytes) return wrong("\"path_base64\" is no base64");
    path = *std::move(bytes);
  }
  if (path.empty()) return wrong("\"path\" is missing");
  if (path.front() == '/') return wrong("\"path\" is not below the root");
  return path;
}

/// A JSON string; whatever is not UTF-8 is the caller's to have dealt with.
std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out.append(1, '\\').append(1, c);
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out += c;
  }
  return out + '"';
}

std::string path_member(std::string_view path) {
  std::string out = "\"path\":" + json_string(to_utf8(path));
  if (!is_utf8(path)) out += ",\"path_base64\":\"" + base64_encode(path) + '"';
  return out;
}

std::string list(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts)
    out.append(out.empty() ? "" : ",").append(json_string(to_utf8(text)));
  return "[" + out + "]";
}

constexpr std::array<const char*, 3> kDigestKeys = {"md5", "sha1", "sha256"};

}  // namespace

Result<Manifest> parse_head(std::string_view line) {
  simdjson::dom::parser parser;
  Element head;
  if (parser.parse(simdjson::padded_string(line)).get(head) != simdjson::SUCCESS)
    return wrong("not JSON");
  std::uint64_t version = 0;
  if (text_of(head, "type") != "known-good" ||
      head["schema_version"].get(version) != simdjson::SUCCESS || version != 1)
    return wrong("the first line must say \"type\": \"known-good\" and \"schema_version\": 1");
  Manifest manifest{.product = text_of(head, "product"),
                    .version = text_of(head, "version"),
                    .mark = {},
                    .sealed = texts_of(head, "sealed"),
                    .loose = texts_of(head, "loose"),
                    .files = {}};
  if (manifest.product.empty()) return wrong("\"product\" is missing");
  Element mark;
  if (head["mark"].get(mark) != simdjson::SUCCESS) return wrong("\"mark\" is missing");
  auto path = path_of(mark);
  if (!path) return wrong("\"mark\": " + path.error().reason);
  manifest.mark = {*std::move(path), text_of(mark, "line")};
  return manifest;
}

Result<KnownFile> parse_entry(std::string_view line) {
  // One a thread: its buffers are large and kept.
  thread_local simdjson::dom::parser parser;
  Element record;
  if (parser.parse(simdjson::padded_string(line)).get(record) != simdjson::SUCCESS)
    return wrong("not JSON");
  auto path = path_of(record);
  if (!path) return std::unexpected(path.error());
  KnownFile file{
      .path = *std::move(path), .size = {}, .digest = {}, .lines = text_of(record, "lines")};
  std::uint64_t size = 0;
  if (record["size"].get(size) == simdjson::SUCCESS) file.size = size;
  for (const HashKind kind : {HashKind::kSha256, HashKind::kSha1, HashKind::kMd5}) {
    const std::string digits = text_of(record, kDigestKeys[index_of(kind)]);
    if (digits.empty()) continue;
    auto digest = bytes_of_hex(digits);
    if (!digest || digest->size() != kHashBytes[index_of(kind)])
      return wrong(fmt::format("\"{}\" is no digest", kDigestKeys[index_of(kind)]));
    file.kind = kind;
    file.digest = *std::move(digest);
    return file;
  }
  return wrong("none of \"sha256\", \"sha1\" and \"md5\"");
}

std::string write_manifest(const Manifest& manifest) {
  std::string out = fmt::format(
      "{{\"type\":\"known-good\",\"schema_version\":1,\"product\":{},\"version\":{},\"mark\":{{{}{}"
      "}},"
      "\"sealed\":{},\"loose\":{}}}\n",
      json_string(to_utf8(manifest.product)), json_string(to_utf8(manifest.version)),
      path_member(manifest.mark.path),
      manifest.mark.line.empty() ? "" : ",\"line\":" + json_string(manifest.mark.line),
      list(manifest.sealed), list(manifest.loose));
  for (const KnownFile& file : manifest.files) {
    out += '{' + path_member(file.path);
    if (file.size) out += fmt::format(",\"size\":{}", *file.size);
    out += fmt::format(",\"{}\":\"{}\"", kDigestKeys[index_of(file.kind)], hex_of(file.digest));
    if (!file.lines.empty()) out += ",\"lines\":\"" + file.lines + '"';
    out += "}\n";
  }
  return out;
}

bool lies_in(const std::vector<std::string>& places, std::string_view path) {
  return std::ranges::any_of(places, [&](std::string_view place) {
    if (place.ends_with("/*")) {
      place.remove_suffix(1);
      return path.starts_with(place) && path.find('/', place.size()) == std::string_view::npos;
    }
    return place.ends_with('/') ? path.starts_with(place) : path == place;
  });
}

}  // namespace backscan::known
