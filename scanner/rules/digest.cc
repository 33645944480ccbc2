// Digests of rules (digest.h).
#include "rules/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <memory>

namespace backscan::rules {
namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void add(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  /// With its length before it, so that no two lists of fields look the same.
  void add_field(std::string_view bytes) {
    add(fmt::format("{}:", bytes.size()));
    add(bytes);
  }
  std::string hex() {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &length);
    std::string text;
    for (unsigned i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes);
  return digest.hex();
}

std::string version_of(std::span<const RuleSource> sources, const LoadOptions& options) {
  Sha256 digest;
  for (const RuleSource& source : sources) {
    digest.add_field(source.id);
    digest.add_field(source.text);
  }
  for (const auto* names : {&options.only, &options.skip}) {
    digest.add_field(std::to_string(names->size()));
    for (const std::string& name : *names) digest.add_field(name);
  }
  // Names are checked against them, and a cached set is not checked again.
  if (!options.only.empty() || !options.skip.empty())
    for (const std::string& id : options.foreign_ids) digest.add_field(id);
  digest.add_field(name_of(options.min_severity));
  digest.add_field(name_of(options.min_confidence));
  return digest.hex().substr(0, 32);
}

}  // namespace backscan::rules
