// What the raw pass looks for to decide which costly stages a file deserves (DESIGN.md,
// "Triggers"): a table of patterns and what each one speaks for, next to the words that the rules
// themselves ask for (clauses.h). A trigger may only be too generous: it opens a stage, it never
// closes one.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "rules/rule_set.h"

namespace backscan::rules {

/// What a trigger saw; several together open a stage.
enum Sign : std::uint32_t {
  kSignTag = 1u << 0,      // a PHP open tag
  kSignMail = 1u << 1,     // a mail sink, an SMTP word
  kSignExecute = 1u << 2,  // runs code or commands
  kSignCall = 1u << 3,     // calls what a variable names
  kSignWrite = 1u << 4,    // writes files
  kSignDecode = 1u << 5,   // turns text into other text
  kSignSource = 1u << 6,   // data from the request
  kSignHidden = 1u << 7,   // words split, escaped, or letters picked out of a string
  kSignPacked = 1u << 8,   // the shape of a packer
  kSignView = 1u << 9,     // only the views can tell: what some rule over views asks for
  kSignRemote = 1u << 10,  // fetches from another host
};

struct TriggerPattern {
  std::string_view pattern;
  std::uint32_t signs = 0;
};

[[nodiscard]] std::span<const TriggerPattern> trigger_patterns();

/// The stages that the signs of a file open.
[[nodiscard]] Triggers stages_of(std::uint32_t signs);

}  // namespace backscan::rules
