// What a killed process, a full disk or a power failure left half done is finished or undone.
#pragma once

#include <string>
#include <vector>

#include "response/store.h"

namespace backscan::response {

struct Recovered {
  std::string path;
  std::string what;  // "was quarantined; now finished"
  bool is_settled = true;
};

/// Looks at every entry that is neither done nor undone, and settles it by what really stands there:
/// content that is not known to be in the store is never removed. One that cannot be settled now
/// (its file system is not mounted) stays for the next call. Call before any other action.
[[nodiscard]] std::vector<Recovered> recover(Store& store);

/// How many entries recover() would look at.
[[nodiscard]] std::size_t count_unsettled(const Journal& journal);

}  // namespace backscan::response
