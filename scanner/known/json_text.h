// One member of a JSON record as text: what manifests and published checksums are read by.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace backscan::known {

/// Empty where `key` is absent or no string.
[[nodiscard]] inline std::string text_of(const simdjson::dom::element& record, const char* key) {
  std::string_view text;
  return record[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

}  // namespace backscan::known
