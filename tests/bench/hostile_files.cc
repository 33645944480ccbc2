// Writes a file of each hostile kind (tests/unit/php/hostile_files.h) for measuring a scan of it:
//   hostile_files DIR [MEGABYTES]
//   for f in DIR/*; do /usr/bin/time -f "%e s %U s %M KB $f" backscan scan --offline -q "$f"; done
#include "unit/php/hostile_files.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "hostile_files: DIR [MEGABYTES]\n";
    return 2;
  }
  const std::filesystem::path directory = argv[1];
  const std::size_t megabytes = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 20;
  std::filesystem::create_directories(directory);
  for (const backscan::test::HostileKind& kind : backscan::test::hostile_kinds())
    std::ofstream(directory / (kind.name + ".php"), std::ios::binary) << kind.make(megabytes << 20);
  return 0;
}
