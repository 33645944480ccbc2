// Collects layers, facts and candidates.
#include "php/eval_layers.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include <fmt/format.h>

#include "model/fact_names.h"

namespace backscan::php::eval {
namespace {

constexpr std::size_t kMaxFacts = 200;
constexpr std::size_t kMaxCandidates = 256;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace

std::vector<std::string> steps_of(std::string_view first, const Provenance& provenance) {
  std::vector<std::string> steps;
  if (!first.empty()) steps.emplace_back(first);
  for (const Step* step = provenance.steps; step != nullptr; step = step->parent)
    steps.emplace_back(step->name);
  return steps;
}

bool Layers::is_open(std::string_view text) const {
  const auto it = index_of_text_.find(std::hash<std::string_view>{}(text));
  return it != index_of_text_.end() && result_.layers[it->second].text == text;
}

std::uint32_t Layers::open(std::string_view text, std::vector<std::string> steps, Span origin,
                           const Unit& parent) {
  if (is_open(text) || text == parent.source) return 0;
  if (output_bytes_ + text.size() > budget_.limits().max_output_bytes) {
    budget_.end(Spent::kOutput);
    return 0;
  }
  output_bytes_ += text.size();
  const auto index = static_cast<std::uint32_t>(result_.layers.size());
  index_of_text_.emplace(std::hash<std::string_view>{}(text), index);
  add_fact("unpack.layer", origin, parent.layer, steps.empty() ? std::string{} : steps.front(),
           joined(steps));
  result_.layers.push_back({.steps = std::move(steps),
                            .text = std::string{text},
                            .origin = origin,
                            .depth = parent.depth + 1,
                            .parent = parent.layer});
  return index + 1;
}

void Layers::remember(Candidate candidate) {
  candidate_bytes_ += candidate.text.size();
  if (candidates_.size() >= kMaxCandidates ||
      candidate_bytes_ > budget_.limits().max_output_bytes)
    return;
  const bool is_known = std::ranges::any_of(
      candidates_, [&](const Candidate& known) { return known.text == candidate.text; });
  if (!is_known) candidates_.push_back(std::move(candidate));
}

std::vector<Candidate> Layers::take_candidates() {
  constexpr std::size_t kMaxCompared = 64u << 20;  // bytes; hostile files make many and long ones
  std::size_t compared = 0;
  std::vector<Candidate> left = std::exchange(candidates_, {});
  candidate_bytes_ = 0;
  std::erase_if(left, [&](const Candidate& candidate) {
    return std::ranges::any_of(result_.layers, [&](const Layer& layer) {
      // A text that a layer contains was put together from it; nothing new.
      compared += layer.text.size();
      return compared > kMaxCompared ||
             ::memmem(layer.text.data(), layer.text.size(), candidate.text.data(),
                      candidate.text.size()) != nullptr;
    });
  });
  std::ranges::stable_sort(left, std::greater<>{}, [](const Candidate& c) { return c.text.size(); });
  return left;
}

void Layers::add_fact(std::string_view name, Span place, std::uint32_t layer, std::string sink,
                      std::string source) {
  std::string key = fmt::format("{} {} {} {} {}", name, layer, place.begin, sink, source);
  if (name != "unpack.layer" && !told_.insert(std::move(key)).second) return;
  if (result_.facts.size() >= kMaxFacts && name != "unpack.gave-up") return;
  result_.facts.push_back({.name = find_fact_name(name),
                           .place = place,
                           .layer = layer,
                           .sink = std::move(sink),
                           .source = std::move(source)});
}

}  // namespace backscan::php::eval
