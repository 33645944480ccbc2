// What a file is by its first bytes, in the words that YARA rules for Loki and THOR use.
#pragma once

#include <string_view>

namespace backscan::scan {

/// "PHP", "JPEG", "GIF", "PNG", "ZIP", "GZIP", "PDF", "ELF", "EXE", …; empty where not known.
[[nodiscard]] std::string_view file_type(std::string_view bytes);

}  // namespace backscan::scan
