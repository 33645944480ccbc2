// Runs the PHP analyses over files named on standard input, one a line, and tells facts and speeds:
// how rules' authors see what a file gives, and how the figures of the README were measured.
// With --compare, only what the quick look before the flow (flow_suspects.h) makes it miss, in the
// files and in what is packed in them.
//   find DIR -name '*.php' | flow_bench [--facts] [--tree] [--parse-only] [--compare]
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "php/ast.h"
#include "php/mail_flow.h"
#include "php/token.h"
#include "php/unpack.h"

namespace {

using namespace backscan;  // NOLINT: a program of its own

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void print_fact(std::string_view source, const Fact& fact) {
  const Position at = position_of(source, fact.place.begin);
  std::cout << "  " << fact.group << " " << at.line << " " << fact.name;
  if (!fact.sink.empty()) std::cout << "  " << escape_controls(fact.sink);
  if (!fact.source.empty()) std::cout << " <- " << escape_controls(fact.source);
  std::cout << "\n";
  for (const TraceStep& step : fact.trace) {
    std::cout << "      " << position_of(source, step.offset).line << ": "
              << escape_controls(step.what) << "\n";
  }
}

/// What rules and reports see of the facts; nothing where the steps did not suffice.
std::optional<std::vector<std::string>> told(std::string_view source, const php::SyntaxTree& tree,
                                             bool only_suspects, const php::IncludeReader& reader) {
  std::vector<std::string> lines;
  for (const Fact& fact : php::mail_flow(source, tree, {.only_suspects = only_suspects}, reader)) {
    if (fact.name == "flow.gave-up" && !tree.is_truncated()) return std::nullopt;
    lines.push_back(std::to_string(position_of(source, fact.place.begin).line) + " " +
                    std::string(fact.name) + "  " + escape_controls(fact.sink) + " <- " +
                    escape_controls(fact.source));
  }
  std::ranges::sort(lines);
  return lines;
}

void compare_source(std::string_view name, std::string_view source,
                    const php::IncludeReader& reader) {
  std::vector<php::Token> tokens;
  php::lex(source, {}, tokens);
  const php::SyntaxTree tree = php::parse(source, tokens);
  for (const php::IncludeReader& with : {php::IncludeReader{}, reader}) {
    const auto quick = told(source, tree, true, with);
    const auto full = told(source, tree, false, with);
    if (!quick || !full || *quick == *full) continue;
    std::cout << name << (with ? " (with neighbours)" : "") << "\n";
    std::vector<std::string> lines;
    std::ranges::set_difference(*full, *quick, std::back_inserter(lines));
    for (const std::string& line : lines) std::cout << "  missed: " << line << "\n";
    lines.clear();
    std::ranges::set_difference(*quick, *full, std::back_inserter(lines));
    for (const std::string& line : lines) std::cout << "  added: " << line << "\n";
  }
}

void compare(const std::string& path, std::string_view source, const php::IncludeReader& reader) {
  compare_source(path, source, reader);
  const auto unpacked = php::unpack(source, path.substr(path.rfind('/') + 1));
  for (std::size_t i = 0; i < unpacked.layers.size(); ++i) {
    const std::string& text = unpacked.layers[i].text;
    const bool has_tag = text.find("<?php") != std::string::npos;
    compare_source(path + ", layer " + std::to_string(i + 1), has_tag ? text : "<?php " + text,
                   reader);
  }
}

struct Totals {
  std::size_t files = 0;
  std::size_t bytes = 0;
  double lex = 0;
  double parse = 0;
  double flow = 0;
};

}  // namespace

int main(int argc, char** argv) {
  bool shows_facts = false;
  bool shows_tree = false;
  bool parses_only = false;
  bool compares = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    shows_facts |= option == "--facts";
    shows_tree |= option == "--tree";
    parses_only |= option == "--parse-only";
    compares |= option == "--compare";
  }
  Totals totals;
  std::vector<php::Token> tokens;
  for (std::string line; std::getline(std::cin, line);) {
    const std::filesystem::path path = line;
    const std::optional<std::string> source = read_file(path);
    if (!source) continue;
    const php::IncludeReader reader = [&](std::string_view name) {
      return read_file(path.parent_path() / std::filesystem::path(name).relative_path());
    };
    if (compares) {
      compare(line, *source, reader);
      continue;
    }
    const double start = cpu_seconds();
    php::lex(*source, {}, tokens);
    const double lexed = cpu_seconds();
    const php::SyntaxTree tree = php::parse(*source, tokens);
    const double parsed = cpu_seconds();
    std::vector<Fact> facts;
    if (!parses_only) facts = php::mail_flow(*source, tree, {}, reader);
    const double done = cpu_seconds();
    ++totals.files;
    totals.bytes += source->size();
    totals.lex += lexed - start;
    totals.parse += parsed - lexed;
    totals.flow += done - parsed;
    if (shows_tree) std::cout << php::dump(tree.root()) << "\n";
    if (!shows_facts) continue;
    std::cout << line << (tree.is_truncated() ? " (truncated)" : "") << "\n";
    if (done - parsed > 0.2) std::cout << "  slow: " << done - parsed << " s\n";
    for (const Fact& fact : facts) print_fact(*source, fact);
  }
  if (compares) return 0;
  const double megabytes = static_cast<double>(totals.bytes) / 1e6;
  std::fprintf(
      stderr, "%zu files, %.1f MB; lex %.2f s (%.0f MB/s), parse %.2f s (%.0f MB/s), flow %.2f s\n",
      totals.files, megabytes, totals.lex, megabytes / totals.lex, totals.parse,
      megabytes / totals.parse, totals.flow);
  return 0;
}
