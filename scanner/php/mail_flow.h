// Follows data from the request (and other origins) into mail, execution and file sinks of one
// file, and states what it saw as facts (model/fact_names.h).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/fact.h"
#include "php/ast.h"

namespace backscan::php {

/// Reads a neighbour that an `include` of a literal path names; returns nothing for whatever lies
/// outside the root or is not to be read. The only way the analysis sees another file.
using IncludeReader = std::function<std::optional<std::string>(std::string_view literal_path)>;

struct FlowLimits {
  std::uint32_t max_steps = 2'000'000;  // node visits, all functions and passes together
  std::uint32_t max_includes = 4;
  std::uint32_t max_trace = 12;
  /// False: follow every sink, suspected or not; for the tests that prove the quick look
  /// (flow_suspects.h) to miss nothing.
  bool only_suspects = true;
};

/// Facts of `tree`, in file order. Bounded by `limits`; deterministic; touches nothing but memory
/// (and `reader`, where given).
[[nodiscard]] std::vector<Fact> mail_flow(std::string_view source, const SyntaxTree& tree,
                                          const FlowLimits& limits = {},
                                          const IncludeReader& reader = {});

}  // namespace backscan::php
