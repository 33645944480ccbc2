// The way back: a quarantined file to its place, a cleaned one as it was before.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "response/store.h"

namespace backscan::response {

/// What a restore would meet. Errors: no such entry, nothing of it in the store, the stored content
/// damaged, its directory gone, or something else in its place.
[[nodiscard]] Result<void> check_restore(const Store& store, const std::string& id);

/// Content, owner, mode, times, extended attributes and flags as they were. Gives back what the file
/// system did not take, in sentences. The stored content is gone afterwards.
[[nodiscard]] Result<std::vector<std::string>> restore(Store& store, const std::string& id);

}  // namespace backscan::response
