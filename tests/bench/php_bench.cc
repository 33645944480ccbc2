// How fast PHP text is split into tokens and turned into views, in bytes of source a CPU second.
// Run by hand: php_bench DIRECTORY... [--rounds N]; every .php file below is held in memory first.
#include <fmt/core.h>
#include <time.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "php/lexer.h"
#include "php/views.h"

namespace {

namespace fs = std::filesystem;
namespace php = backscan::php;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void load(const fs::path& root, std::vector<std::string>& files) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file() || entry.path().extension() != ".php") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
}

/// The best of `rounds` passes over all files: what the machine's other work leaves undisturbed.
void measure(std::string_view name, int rounds, const std::vector<std::string>& files,
             const std::function<std::size_t(std::string_view)>& work) {
  double best = 1e9;
  std::size_t bytes = 0;
  std::size_t made = 0;
  for (int round = 0; round < rounds; ++round) {
    bytes = made = 0;
    const double start = cpu_seconds();
    for (const std::string& file : files) {
      bytes += file.size();
      made += work(file);
    }
    best = std::min(best, cpu_seconds() - start);
  }
  fmt::print("{:<24} {:>8.0f} MB/s   {} in, {} out\n", name, static_cast<double>(bytes) / best / 1e6,
             bytes, made);
}

}  // namespace

int main(int argc, char** argv) {
  int rounds = 7;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--rounds" && i + 1 < argc) {
      rounds = std::atoi(argv[++i]);
    } else {
      load(argv[i], files);
    }
  }
  if (files.empty()) {
    fmt::print(stderr, "php_bench: no .php files; give directories\n");
    return 2;
  }
  std::vector<php::Token> tokens;
  php::CodeViews views;
  std::vector<php::Token> portion(1024);
  measure("tokens, in portions", rounds, files, [&](std::string_view file) {
    php::Lexer lexer(file, {});
    std::size_t count = 0;
    while (const std::size_t some = lexer.next(portion)) count += some;
    return count;
  });
  measure("tokens without trivia", rounds, files, [&](std::string_view file) {
    php::Lexer lexer(file, {});
    lexer.skip_trivia();
    std::size_t count = 0;
    while (const std::size_t some = lexer.next(portion)) count += some;
    return count;
  });
  measure("tokens, as a list", rounds, files, [&](std::string_view file) {
    php::lex(file, {}, tokens);
    return tokens.size();
  });
  measure("tokens and views", rounds, files, [&](std::string_view file) {
    php::build_views(file, php::LexOptions{}, views);
    return views.code.size() + views.text.size();
  });
  return 0;
}
