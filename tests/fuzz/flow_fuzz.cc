// Any bytes: the flow analysis must end within its budget and tell only facts of the vocabulary,
// about places of the file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/fact_names.h"
#include "php/ast.h"
#include "php/mail_flow.h"
#include "php/token.h"

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
  return 0;
}
