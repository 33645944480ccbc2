// Any bytes: unpacking must end within its budget of steps, output and memory, tell only facts of the
// vocabulary, and hand on layers whose parents come first and whose origins lie in the file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "model/fact_names.h"
#include "php/unpack.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backscan;
  const std::string_view source(reinterpret_cast<const char*>(data), size);
  const php::UnpackLimits limits{.max_steps = 100'000,
                                 .max_output_bytes = 256u << 10,
                                 .max_value_bytes = 128u << 10,
                                 .max_memory_bytes = 8u << 20};
  const php::Unpacked unpacked = php::unpack(source, "fuzz.php", limits);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < unpacked.layers.size(); ++i) {
    const Layer& layer = unpacked.layers[i];
    bytes += layer.text.size();
    require(layer.parent <= i);
    require(layer.depth == (layer.parent == 0 ? 1 : unpacked.layers[layer.parent - 1].depth + 1));
    require(layer.origin.begin <= layer.origin.end && layer.origin.end <= size);
  }
  require(bytes <= limits.max_output_bytes);
  for (const Fact& fact : unpacked.facts) {
    require(!find_fact_name(fact.name).empty());
    require(fact.place.begin <= fact.place.end && fact.place.end <= size);
    require(fact.layer <= unpacked.layers.size());
  }
  return 0;
}
