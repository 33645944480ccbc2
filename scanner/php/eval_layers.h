// What an evaluation brings to light: layers, facts, and texts that look like code although nothing
// was seen running them. Apart from the evaluator: it only collects, dedupes and keeps to the budget.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "php/eval_program.h"
#include "php/unpack.h"
#include "php/unpack_budget.h"

namespace backscan::php::eval {

/// A decoded text that looks like a program or a page and that no sink was seen to take.
struct Candidate {
  std::string text;
  std::vector<std::string> steps;
  Span origin;
  const Unit* unit = nullptr;
};

class Layers {
 public:
  explicit Layers(Budget& budget) : budget_(budget) {}

  /// Adds a layer below `parent`; its index + 1, or 0 where it is known already or the output
  /// budget is spent (which then ends).
  std::uint32_t open(std::string_view text, std::vector<std::string> steps, Span origin,
                     const Unit& parent);

  /// Keeps `candidate` for the end, when it is clear what was opened anyway.
  void remember(Candidate candidate);
  /// The candidates that are no part of any layer, longest first; forgets them all.
  [[nodiscard]] std::vector<Candidate> take_candidates();

  void add_fact(std::string_view name, Span place, std::uint32_t layer, std::string sink,
                std::string source);

  [[nodiscard]] bool is_open(std::string_view text) const;
  [[nodiscard]] std::size_t size() const { return result_.layers.size(); }
  [[nodiscard]] Unpacked take() { return std::move(result_); }

 private:
  Budget& budget_;
  Unpacked result_;
  std::size_t output_bytes_ = 0;
  std::size_t candidate_bytes_ = 0;
  std::unordered_map<std::size_t, std::uint32_t> index_of_text_;  // by hash; confirmed by bytes
  std::vector<Candidate> candidates_;
  std::set<std::string> told_;  // facts said already
};

/// Names of the steps of a string, outermost first, after `first`.
[[nodiscard]] std::vector<std::string> steps_of(std::string_view first, const Provenance& provenance);

}  // namespace backscan::php::eval
