// See minisign.h. A key file is two lines: a comment that nobody vouches for, and base64 of "Ed", the
// key's id and the key. A signature file is four: such a comment; base64 of "Ed" or "ED", the key's id
// and the signature; "trusted comment: " and text; base64 of the signature over both.
#include "external/minisign.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "base/text.h"
#include "base/whole_file.h"

namespace backscan::external {
namespace {

constexpr std::string_view kUntrusted = "untrusted comment:";
constexpr std::string_view kTrusted = "trusted comment: ";
constexpr std::size_t kKindBytes = 2;
constexpr std::size_t kIdBytes = 8;
constexpr std::size_t kKeyBytes = kKindBytes + kIdBytes + crypto_sign_PUBLICKEYBYTES;
constexpr std::size_t kSignatureBytes = kKindBytes + kIdBytes + crypto_sign_BYTES;
constexpr std::size_t kMaxSmallFileBytes = 64 * 1024;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hex_id(const unsigned char* id) {
  std::string text;
  for (std::size_t i = kIdBytes; i > 0; --i) text += fmt::format("{:02X}", id[i - 1]);
  return text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Result<void> start_sodium() {
  if (sodium_init() >= 0) return {};
  return std::unexpected(Error{"libsodium", "does not start"});
}

Result<PublicKey> parse_key(std::string_view base64, const std::string& name) {
  const auto bytes = base64_decode(trim(base64));
  if (!bytes || bytes->size() != kKeyBytes || !bytes->starts_with("Ed"))
    return std::unexpected(Error{name, "no public key of minisign"});
  PublicKey key;
  std::memcpy(key.id.data(), bytes->data() + kKindBytes, key.id.size());
  std::memcpy(key.key.data(), bytes->data() + kKindBytes + kIdBytes, key.key.size());
  return key;
}

struct SignatureFile {
  std::string signature;  // kind, id, signature
  std::string_view trusted_comment;
  std::string global;
};

Result<SignatureFile> parse_signature(std::string_view text, const std::string& name) {
  const auto fail = [&](const char* reason) { return std::unexpected(Error{name, reason}); };
  const std::vector<std::string_view> lines = lines_of(text);
  if (lines.size() < 4) return fail("no signature of minisign: it has less than four lines");
  if (lines.size() > 4) return fail("no signature of minisign: it has more than four lines");
  if (!lines[0].starts_with(kUntrusted)) return fail("no signature of minisign: no comment first");
  if (!lines[2].starts_with(kTrusted)) return fail("no signature of minisign: no trusted comment");
  auto signature = base64_decode(lines[1]);
  if (!signature || signature->size() != kSignatureBytes)
    return fail("the signature is cut short or no base64");
  auto global = base64_decode(lines[3]);
  if (!global || global->size() != crypto_sign_BYTES)
    return fail("the signature of the trusted comment is cut short or no base64");
  return SignatureFile{*std::move(signature), lines[2].substr(kTrusted.size()), *std::move(global)};
}

bool is_signed(std::string_view message, std::string_view signature, const PublicKey& key) {
  return crypto_sign_verify_detached(bytes_of(signature), bytes_of(message), message.size(),
                                     key.key.data()) == 0;
}

std::string blake2b(std::string_view message) {
  std::string hash(crypto_generichash_BYTES_MAX, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(), bytes_of(message),
                     message.size(), nullptr, 0);
  return hash;
}

}  // namespace

std::string PublicKey::id_text() const { return hex_id(id.data()); }

Result<PublicKey> read_public_key(const std::string& given) {
  constexpr std::size_t kBase64Bytes = (kKeyBytes + 2) / 3 * 4;
  if (given.size() == kBase64Bytes)
    if (auto key = parse_key(given, given)) return key;
  const auto text = read_whole_file(given, kMaxSmallFileBytes);
  if (!text) return std::unexpected(text.error());
  const std::vector<std::string_view> lines = lines_of(*text);
  const auto line = std::ranges::find_if(lines, [](std::string_view line_text) {
    return !line_text.starts_with(kUntrusted) && !trim(line_text).empty();
  });
  return parse_key(line == lines.end() ? std::string_view{} : *line, given);
}

Result<Verified> verify_minisign(std::string_view message, std::string_view signature,
                                 const PublicKey& key, const std::string& name) {
  if (auto started = start_sodium(); !started) return std::unexpected(started.error());
  const auto file = parse_signature(signature, name);
  if (!file) return std::unexpected(file.error());
  const auto fail = [&](std::string reason) {
    return std::unexpected(Error{name, std::move(reason)});
  };
  const std::string_view kind = std::string_view(file->signature).substr(0, kKindBytes);
  if (kind != "Ed" && kind != "ED") return fail("the signature is of a kind that is not known");
  const unsigned char* const id = bytes_of(file->signature) + kKindBytes;
  if (!std::equal(key.id.begin(), key.id.end(), id))
    return fail(fmt::format("signed with the key {}, not with {}", hex_id(id), key.id_text()));
  const std::string_view bare = std::string_view(file->signature).substr(kKindBytes + kIdBytes);
  const bool is_right = kind == "ED" ? is_signed(blake2b(message), bare, key)
                                     : is_signed(message, bare, key);
  if (!is_right) return fail("the signature is not over these contents: they were changed");
  if (!is_signed(std::string(bare).append(file->trusted_comment), file->global, key))
    return fail("the trusted comment was changed");
  return Verified{std::string(file->trusted_comment), key.id_text()};
}

}  // namespace backscan::external
