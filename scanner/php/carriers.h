// Facts about files that are no PHP but make a server run some, or hide what it sends: .htaccess,
// .user.ini, php.ini, FPM pools, and archives by the names of their members.
#pragma once

#include <string_view>
#include <vector>

#include "model/fact.h"

namespace backscan::php {

/// Facts `htaccess.*`, `ini.*` and `file.archive-member-php` of a file, in file order, each at the
/// directive or member it is about; `sink` names the directive, `source` its value (at most 200
/// bytes). `relative_path` decides by its last part which kind of configuration it is; archives are
/// told by their first bytes. `bytes` is the file or its head; of a file read in part `tail` holds
/// its end, from `tail_offset` on. Linear time; nothing is opened or unpacked.
[[nodiscard]] std::vector<Fact> carrier_facts(std::string_view relative_path,
                                              std::string_view bytes, std::string_view tail = {},
                                              Offset tail_offset = 0);

/// True for the first bytes of a zip or tar archive: binary, and yet worth a look at its names.
[[nodiscard]] bool is_archive(std::string_view bytes);

}  // namespace backscan::php
