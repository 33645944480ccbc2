// See signature_line.h.
#include "external/signature_line.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/text.h"

namespace backscan::external {
namespace {

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t colon = line.find(':');
    fields.push_back(trim(line.substr(0, colon)));
    if (colon == std::string_view::npos) return fields;
    line.remove_prefix(colon + 1);
  }
}

std::unexpected<Error> fail(std::string_view name, std::string reason) {
  return std::unexpected(Error{std::string(name), std::move(reason)});
}

Result<std::optional<Signature>> read_hash(const std::vector<std::string_view>& fields) {
  // LMD's older list has no sizes.
  const bool has_size = fields.size() > 2;
  const std::string_view name = fields.size() > 1 ? fields[has_size ? 2 : 1] : std::string_view{};
  if (name.empty()) return fail("", "not of the form HASH:SIZE:NAME");
  auto digest = bytes_of_hex(fields[0]);
  const auto length =
      digest ? std::ranges::find(kHashBytes, digest->size()) : kHashBytes.end();
  if (length == kHashBytes.end())
    return fail(name, "no MD5, SHA-1 or SHA-256 in hexadecimal digits");
  HashSignature hash{.kind = kHashKinds[static_cast<std::size_t>(length - kHashBytes.begin())],
                     .digest = *std::move(digest),
                     .size = kAnySize,
                     .name = name};
  if (has_size && fields[1] != "*") {
    const char* const end = fields[1].data() + fields[1].size();
    const auto [stop, error] = std::from_chars(fields[1].data(), end, hash.size);
    if (error != std::errc{} || stop != end || hash.size == kAnySize)
      return fail(name, "the size is neither a number nor *");
  }
  return hash;
}

Result<std::optional<Signature>> read_body(const std::vector<std::string_view>& fields) {
  if (fields.size() < 4) return fail(fields[0], "not of the form NAME:TARGET:OFFSET:HEX");
  if (fields[0].empty()) return fail("", "it has no name");
  return BodySignature{
      .name = fields[0], .target = fields[1], .offset = fields[2], .hex = fields[3]};
}

Result<std::optional<Signature>> read_hex(const std::vector<std::string_view>& fields) {
  if (fields.size() < 2 || fields[1].empty()) return fail("", "not of the form HEX:NAME");
  return BodySignature{.name = fields[1], .hex = fields[0]};
}

}  // namespace

std::optional<ListFormat> format_of_name(std::string_view path) {
  const std::string name = ascii_lower(path.substr(path.rfind('/') + 1));
  const std::size_t dot = name.rfind('.');
  const std::string_view extension =
      dot == std::string::npos ? std::string_view{} : std::string_view(name).substr(dot);
  if (is_any(extension, {".hdb", ".hdu", ".hsb", ".hsu"})) return ListFormat::kHashes;
  if (is_any(extension, {".ndb", ".ndu"})) return ListFormat::kBodies;
  if (extension != ".dat") return std::nullopt;
  if (name.starts_with("hex")) return ListFormat::kHexes;
  if (name.starts_with("md5") || name.starts_with("sha")) return ListFormat::kHashes;
  return std::nullopt;
}

std::optional<ListFormat> parse_list_format(std::string_view name) {
  if (name == "hashes") return ListFormat::kHashes;
  if (name == "bodies") return ListFormat::kBodies;
  if (name == "hexes") return ListFormat::kHexes;
  return std::nullopt;
}

Result<std::optional<Signature>> read_signature(ListFormat format, std::string_view line) {
  line = trim(line);
  if (line.empty() || line.starts_with('#')) return std::nullopt;
  const std::vector<std::string_view> fields = fields_of(line);
  switch (format) {
    case ListFormat::kHashes: return read_hash(fields);
    case ListFormat::kBodies: return read_body(fields);
    case ListFormat::kHexes: return read_hex(fields);
  }
  return std::nullopt;
}

}  // namespace backscan::external
