// The facts that one visit of a sink amounts to: origins of its roles, circumstances, guards.
#pragma once

#include <string_view>
#include <vector>

#include "model/fact.h"
#include "model/fact_names.h"
#include "php/sinks_report.h"

namespace backscan::php::flow {

[[nodiscard]] std::vector<Fact> facts_of(const Visit& visit, std::string_view source,
                                         std::uint32_t max_trace);

/// Data that the visitor chose, as opposed to a hash or a count of it.
[[nodiscard]] bool is_chosen(const Piece& piece);

/// What a letter's text and fields give away (sinks_harvest.cc).
struct Harvest {
  const Piece* secret = nullptr;  // a password, PIN or the like of the visitor's
  const Piece* card = nullptr;    // a payment card's number or code
};
[[nodiscard]] Harvest find_harvest(const Value& body);
[[nodiscard]] bool has_freemail_address(std::string_view text);
[[nodiscard]] bool has_address(std::string_view text);

}  // namespace backscan::php::flow
