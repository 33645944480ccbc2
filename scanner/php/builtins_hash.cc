// Built-ins that hash, and the ciphers that packers key with such hashes, by libcrypto and zlib.
#include <array>
#include <memory>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <zlib.h>

#include "base/text.h"
#include "php/builtins.h"
#include "php/decoders.h"

namespace backscan::php::eval {
namespace {

struct FreeDigest {
  void operator()(EVP_MD* digest) const { EVP_MD_free(digest); }
};
using Digest = std::unique_ptr<EVP_MD, FreeDigest>;

std::optional<std::string> hash_bytes(std::string_view algorithm, std::string_view data) {
  const Digest digest{EVP_MD_fetch(nullptr, std::string{algorithm}.c_str(), nullptr)};
  if (!digest) return std::nullopt;
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  if (EVP_Digest(data.data(), data.size(), out.data(), &length, digest.get(), nullptr) != 1)
    return std::nullopt;
  return std::string{reinterpret_cast<const char*>(out.data()), length};
}

std::uint32_t crc_of(std::string_view data) {
  return static_cast<std::uint32_t>(
      ::crc32_z(0, reinterpret_cast<const Bytef*>(data.data()), data.size()));
}

std::string big_endian(std::uint32_t number) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(number >> shift));
  return out;
}

std::optional<std::string> hash_named(std::string_view name, std::string_view data) {
  if (name == "crc32b") return big_endian(crc_of(data));
  if (name == "adler32")
    return big_endian(static_cast<std::uint32_t>(
        ::adler32_z(1, reinterpret_cast<const Bytef*>(data.data()), data.size())));
  static constexpr std::string_view kKnown[] = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512"};
  for (const std::string_view known : kKnown)
    if (name == known) return hash_bytes(name, data);
  return std::nullopt;
}

Value as_text(Call& c, std::optional<std::string> hash, bool is_binary) {
  if (!hash) return Why::kUnsupported;
  return c.heap.string(is_binary ? std::move(*hash) : encode_hex(*hash));
}

Value md5(Call& c) { return as_text(c, hash_named("md5", c.text(0)), c.flag(1)); }
Value sha1(Call& c) { return as_text(c, hash_named("sha1", c.text(0)), c.flag(1)); }
Value crc32(Call& c) { return std::int64_t{crc_of(c.text(0))}; }
Value hash(Call& c) {
  return as_text(c, hash_named(ascii_lower(c.text(0)), c.text(1)), c.flag(2));
}

Value hash_hmac(Call& c) {
  const Digest digest{EVP_MD_fetch(nullptr, ascii_lower(c.text(0)).c_str(), nullptr)};
  if (!digest) return Why::kUnsupported;
  const std::string key{c.text(2)};
  const std::string_view data = c.text(1);
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int length = 0;
  if (HMAC(digest.get(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(data.data()), data.size(), out.data(),
           &length) == nullptr)
    return Why::kUnsupported;
  return as_text(c, std::string{reinterpret_cast<const char*>(out.data()), length}, c.flag(3));
}

struct FreeCipher {
  void operator()(EVP_CIPHER* cipher) const { EVP_CIPHER_free(cipher); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

// openssl_decrypt(data, method, key, options, iv): RAW_DATA is 1, ZERO_PADDING 2.
Value openssl_decrypt(Call& c) {
  const std::int64_t options = c.integer(3);
  std::string data{c.text(0)};
  if ((options & 1) == 0) data = decode_base64(data, false).value_or("");
  const std::unique_ptr<EVP_CIPHER, FreeCipher> cipher{
      EVP_CIPHER_fetch(nullptr, std::string{c.text(1)}.c_str(), nullptr)};
  const std::unique_ptr<EVP_CIPHER_CTX, FreeCipher> context{EVP_CIPHER_CTX_new()};
  if (!cipher || !context || data.size() > c.heap.max_value_bytes()) return false;
  std::string key{c.text(2)};
  std::string vector{c.text(4)};
  key.resize(static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher.get())));
  vector.resize(static_cast<std::size_t>(EVP_CIPHER_get_iv_length(cipher.get())));
  std::string out(data.size() + EVP_MAX_BLOCK_LENGTH, '\0');
  auto* const bytes = reinterpret_cast<unsigned char*>(out.data());
  int length = 0;
  int last = 0;
  if (EVP_DecryptInit_ex2(context.get(), cipher.get(),
                          reinterpret_cast<const unsigned char*>(key.data()),
                          reinterpret_cast<const unsigned char*>(vector.data()), nullptr) != 1)
    return false;
  if ((options & 2) != 0) EVP_CIPHER_CTX_set_padding(context.get(), 0);
  if (EVP_DecryptUpdate(context.get(), bytes, &length,
                        reinterpret_cast<const unsigned char*>(data.data()),
                        static_cast<int>(data.size())) != 1 ||
      EVP_DecryptFinal_ex(context.get(), bytes + length, &last) != 1)
    return false;
  out.resize(static_cast<std::size_t>(length + last));
  return c.string(std::move(out));
}

constexpr Builtin kHashRows[] = {
    {"md5", md5}, {"sha1", sha1}, {"crc32", crc32}, {"hash", hash, 2},
    {"hash_hmac", hash_hmac, 3}, {"openssl_decrypt", openssl_decrypt, 3, kDecoder},
};

}  // namespace

std::span<const Builtin> hash_builtins() { return kHashRows; }

}  // namespace backscan::php::eval
