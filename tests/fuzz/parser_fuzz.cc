// Any bytes: the parser must give a tree within its budgets, and the tree must print.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "php/ast.h"
#include "php/token.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backscan::php;
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  std::vector<Token> tokens;
  lex(source, {}, tokens);
  const ParseLimits limits{.max_depth = 60, .max_height = 200, .max_nodes = 20'000};
  const SyntaxTree tree = parse(source, tokens, limits);
  if (tree.root() == nullptr || tree.root()->height > limits.max_height) std::abort();
  if (dump(tree.root()).empty()) std::abort();
  return 0;
}
