// Configuration carriers and archives on any bytes: facts are of the vocabulary and inside the file.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "php/carriers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t half = size / 2;
  for (const std::string_view path : {".htaccess", ".user.ini", "php.ini", "pool.conf", "x"}) {
    for (const backscan::Fact& fact : backscan::php::carrier_facts(path, bytes)) {
      if (fact.name.empty() || fact.place.begin > fact.place.end || fact.place.end > size) {
        std::abort();
      }
    }
    const auto offset = static_cast<backscan::Offset>(half);
    for (const backscan::Fact& fact :
         backscan::php::carrier_facts(path, bytes.substr(0, half), bytes.substr(half), offset)) {
      if (fact.name.empty() || fact.place.end > size) std::abort();
    }
  }
  return 0;
}
