// Signatures of the minisign program, verified with libsodium: detached, made with one Ed25519 key, over
// a file and a comment that can be trusted once they are verified.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/error.h"

namespace backscan::external {

struct PublicKey {
  std::array<unsigned char, 8> id{};
  std::array<unsigned char, 32> key{};

  /// As minisign prints it.
  [[nodiscard]] std::string id_text() const;
};

/// The key that `given` is (56 characters of base64), or that stands in the file of that name.
[[nodiscard]] Result<PublicKey> read_public_key(const std::string& given);

struct Verified {
  std::string trusted_comment;
  std::string key_id;
};

/// Checks `signature`, the text of a .minisig file, of both kinds (`Ed`, over the message, and `ED`, over
/// its BLAKE2b hash), and its signature over the trusted comment. `name` is what errors speak of.
[[nodiscard]] Result<Verified> verify_minisign(std::string_view message, std::string_view signature,
                                               const PublicKey& key, const std::string& name);

}  // namespace backscan::external
