// A journal's lines as JSON: the one place that knows their members.
#pragma once

#include <nlohmann/json.hpp>

#include "response/journal.h"

namespace backscan::response {

using Json = nlohmann::ordered_json;

[[nodiscard]] Json begin_record(const Entry& entry);
/// Throws nlohmann's exceptions and std::invalid_argument where a member is missing or wrong; the
/// journal's reader catches them.
[[nodiscard]] Entry entry_of(const Json& record);

}  // namespace backscan::response
