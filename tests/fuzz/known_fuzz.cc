// Manifests and published checksums on any bytes: each is what an operator downloaded.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "known/make_manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backscan::known;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view line = bytes.substr(0, bytes.find('\n'));
  (void)parse_head(line);
  (void)parse_entry(line);
  const auto made =
      manifest_of_checksums("sums", bytes, {.product = "p", .version = "1", .mark = {}});
  if (!made) return 0;
  // What was made can be read.
  const std::string text = write_manifest(*made);
  if (!parse_head(std::string_view(text).substr(0, text.find('\n')))) std::abort();
  const std::string_view last =
      std::string_view(text).substr(text.rfind('\n', text.size() - 2) + 1);
  const auto entry = parse_entry(last.substr(0, last.size() - 1));
  if (!entry || entry->path != made->files.back().path) std::abort();
  return 0;
}
