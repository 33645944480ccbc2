// What is to be said of a file that lies where a vendor's release has its files, and is not the
// vendor's.
#pragma once

#include <string_view>

#include "known/known_good.h"
#include "model/fact.h"

namespace backscan::scan {

/// "file.changed-core" of a file that the release lists otherwise: at the first line that is new in
/// it, with the new lines as its trace where the manifest knows the original's.
[[nodiscard]] Fact changed_core_fact(const known::Release& release, std::string_view path,
                                     std::string_view bytes);

/// "file.unknown-in-core".
[[nodiscard]] Fact unknown_in_core_fact(const known::Release& release);

}  // namespace backscan::scan
