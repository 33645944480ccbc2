// Any bytes: the flow analysis must end within its budget and tell only facts of the vocabulary,
// about places of the file.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "model/fact_names.h"
#include "php/ast.h"
#include "php/mail_flow.h"
#include "php/token.h"

namespace {

bool gave_up(const std::vector<backscan::Fact>& facts) {
  return std::ranges::any_of(facts, [](const auto& fact) { return fact.name == "flow.gave-up"; });
}

/// What rules see of the facts: names and places.
std::vector<std::tuple<std::string_view, std::size_t, std::size_t>> told(
    const std::vector<backscan::Fact>& facts) {
  std::vector<std::tuple<std::string_view, std::size_t, std::size_t>> all;
  for (const backscan::Fact& fact : facts)
    all.emplace_back(fact.name, fact.place.begin, fact.place.end);
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backscan::php;
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  std::vector<Token> tokens;
  lex(source, {}, tokens);
  const SyntaxTree tree = parse(source, tokens);
  const IncludeReader reader = [&](std::string_view path) -> std::optional<std::string> {
    if (path.empty()) return std::nullopt;
    return std::string(source.substr(0, source.size() / 2));
  };
  for (const backscan::Fact& fact : mail_flow(source, tree, {.max_steps = 50'000}, reader)) {
    const bool is_known = !backscan::find_fact_name(fact.name).empty();
    if (!is_known || fact.place.end > size || fact.place.begin > fact.place.end) std::abort();
    for (const backscan::TraceStep& step : fact.trace) {
      if (step.offset > size) std::abort();
    }
  }
  // The quick look before it dismisses no sink that states a fact.
  constexpr std::uint32_t kPlenty = 2'000'000;
  const auto quick = mail_flow(source, tree, {.max_steps = kPlenty});
  const auto full = mail_flow(source, tree, {.max_steps = kPlenty, .only_suspects = false});
  if (!gave_up(quick) && !gave_up(full) && told(quick) != told(full)) std::abort();
  return 0;
}
