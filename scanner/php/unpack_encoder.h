// Commercial encoders: files that only a loader extension can run. Their own file because they are
// told apart from malware by marks in the text, not by evaluation.
#pragma once

#include <optional>
#include <string_view>

#include "model/view.h"

namespace backscan::php {

struct Encoder {
  std::string_view name;
  Span place;
};

/// The encoder that made `source`, by the marks that its loader looks for.
[[nodiscard]] std::optional<Encoder> find_encoder(std::string_view source);

}  // namespace backscan::php
