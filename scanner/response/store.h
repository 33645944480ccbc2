// The directory of quarantine: the lock, the journal, and the contents taken, each under its entry's
// id, without an extension, mode 0600 in a directory of mode 0700, so that nothing serves or runs it.
#pragma once

#include <string>

#include "base/error.h"
#include "base/unique_fd.h"
#include "response/journal.h"

namespace backscan::response {

class Store {
 public:
  /// Makes the directory if need be and locks it. Errors: it belongs to someone else, others may
  /// write to it, or another backscan works in it.
  [[nodiscard]] static Result<Store> open(const std::string& directory);
  /// For looking only: makes and locks nothing; `exists` is false where there is none.
  [[nodiscard]] static Result<Store> look(const std::string& directory);

  [[nodiscard]] Journal& journal() { return journal_; }
  [[nodiscard]] const Journal& journal() const { return journal_; }
  [[nodiscard]] std::string item_path(const std::string& id) const;

  /// Copies an open file's content in as `id` and syncs it. An error, and nothing kept, where its
  /// digest is not `sha256`.
  [[nodiscard]] Result<void> keep(const std::string& id, int from, const std::string& sha256,
                                  const std::string& label);
  /// The content of `id`, its digest checked against `sha256`.
  [[nodiscard]] Result<UniqueFd> item(const std::string& id, const std::string& sha256) const;
  /// Gone afterwards, half-made copies too; that it was not there is no error.
  [[nodiscard]] Result<void> discard(const std::string& id);

 private:
  std::string directory_;
  UniqueFd lock_;
  UniqueFd items_;
  Journal journal_;
};

/// "20261124T113745Z-" and 128 random bits in hex.
[[nodiscard]] Result<std::string> make_id(Time now);

}  // namespace backscan::response
