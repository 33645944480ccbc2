// Opens what is packed: a bounded, side-effect-free evaluator of a PHP subset that hands on every
// text that the file would have run. Nothing is executed, opened or fetched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/fact.h"
#include "model/view.h"
#include "php/ast.h"

namespace backscan::php {

struct UnpackLimits {
  std::uint64_t max_steps = 3'000'000;            // evaluator steps over all layers
  std::size_t max_output_bytes = 16u << 20;       // of all layers together
  std::size_t max_value_bytes = 8u << 20;         // of one string value
  std::size_t max_memory_bytes = 96u << 20;       // of all values alive
  std::uint32_t max_depth = 64;                   // layers inside layers
  std::uint32_t max_calls = 128;                  // nested function calls
};

struct Unpacked {
  std::vector<Layer> layers;  // in the order they were opened; a parent before its children
  std::vector<Fact> facts;    // unpack.*
};

/// Opens the layers of `source`. `file_name` is what `__FILE__` is; its contents are `source`.
/// `parsed` is its tree, if it was made already, with the default limits of ast.h.
[[nodiscard]] Unpacked unpack(std::string_view source, std::string_view file_name,
                              const UnpackLimits& limits = {},
                              std::optional<SyntaxTree> parsed = {});

}  // namespace backscan::php
