// Runs a fuzz target without libFuzzer: every file of the directories named, as it is, cut short at a
// few places, with bytes changed and doubled. A test for any compiler and sanitizer; what it tries is
// the same in each run.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kMutations = 24;

void run(const std::string& input) {
  // A copy of exactly that size, so that a read behind the end meets the sanitizer's red zone.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  (void)LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

/// Cuts, flips or repeats something of `input`.
void mutate(std::string& input, std::mt19937& random) {
  if (input.empty()) return;
  const std::size_t at = random() % input.size();
  const std::size_t length = std::min<std::size_t>(1 + random() % 24, input.size() - at);
  switch (random() % 4) {
    case 0: input.resize(at); break;
    case 1: input[at] = static_cast<char>(random()); break;
    case 2: input.erase(at, length); break;
    default: {
      const std::string piece = input.substr(at, length);
      input.insert(random() % input.size(), piece);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::filesystem::path> seeds;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (entry.is_regular_file()) seeds.push_back(entry.path());
    }
  }
  std::ranges::sort(seeds);
  std::size_t runs = 0;
  for (const auto& path : seeds) {
    std::ifstream in(path, std::ios::binary);
    const std::string seed{std::istreambuf_iterator<char>(in), {}};
    run(seed);
    std::mt19937 random(static_cast<std::mt19937::result_type>(seed.size()));
    std::string input = seed;
    for (int i = 0; i < kMutations; ++i) {
      if (i % 4 == 0) input = seed;
      mutate(input, random);
      run(input);
    }
    runs += 1 + kMutations;
  }
  std::printf("%zu seeds, %zu runs\n", seeds.size(), runs);
  return seeds.empty() ? 1 : 0;
}
