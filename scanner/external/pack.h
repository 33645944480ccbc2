// A pack is a .tar or .tar.gz of a rule directory, from outside, with a detached signature beside it.
// Nothing of it is used before that was verified; what is verified is what is loaded, byte for byte,
// because it is read once.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "external/minisign.h"

namespace backscan::external {

inline constexpr std::string_view kSignatureSuffix = ".minisig";
inline constexpr std::size_t kMaxPackBytes = std::size_t{1} << 30;

/// A pack whose signature is good.
struct VerifiedPack {
  std::string bytes;
  Verified signature;
};

/// Reads and verifies. `signature_file`: empty for the pack's name and ".minisig".
[[nodiscard]] Result<VerifiedPack> verify_pack(const std::string& pack,
                                               const std::string& signature_file,
                                               const PublicKey& key);

/// A directory of its own, below the system's for such, that ends with this.
class UnpackedPack {
 public:
  /// Only files and folders; an error for any path that leads elsewhere, links, and sizes beyond
  /// kMaxPackBytes in all. `name` is what errors speak of.
  [[nodiscard]] static Result<UnpackedPack> unpack(std::string_view bytes, const std::string& name);
  UnpackedPack(UnpackedPack&&) noexcept = default;
  UnpackedPack& operator=(UnpackedPack&&) noexcept = default;

  [[nodiscard]] const std::string& directory() const { return *directory_; }

 private:
  struct Remove {
    void operator()(const std::string* directory) const;
  };
  UnpackedPack() = default;
  std::unique_ptr<const std::string, Remove> directory_;
};

}  // namespace backscan::external
