// How long packed files take to open, and which of them open to readable PHP that holds a mail sink.
// Run by hand: unpack_bench FILE... or a list of files on standard input, one a line. Prints one line
// a file and a summary. The files are read as text; nothing of them is run.
#include <fmt/core.h>
#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "php/token.h"
#include "php/unpack.h"

namespace {

namespace php = backscan::php;

double cpu_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

bool is_trivia(const php::Token& token) {
  return token.kind == php::TokenKind::Whitespace || token.kind == php::TokenKind::Comment;
}

/// A call of mail() that is neither a method nor a declaration, or an SMTP dialogue.
bool has_mail_sink(std::string_view text) {
  if (text.find("RCPT TO") != text.npos) return true;
  std::vector<php::Token> tokens;
  php::lex(text, {}, tokens);
  std::erase_if(tokens, is_trivia);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    std::string word = backscan::ascii_lower(tokens[i].text(text));
    if (word.starts_with("\\")) word.erase(0, 1);
    if ((word != "mail" && word != "mb_send_mail") || tokens[i + 1].text(text) != "(") continue;
    const std::string before = i == 0 ? "" : backscan::ascii_lower(tokens[i - 1].text(text));
    if (before != "->" && before != "::" && before != "function" && before != "new") return true;
  }
  return false;
}

std::string reasons_of(const php::Unpacked& unpacked) {
  std::string out;
  for (const backscan::Fact& fact : unpacked.facts) {
    if (fact.name != "unpack.gave-up" && fact.name != "unpack.encoder") continue;
    out += fmt::format("{}{} {}", out.empty() ? "" : "; ", fact.sink, fact.source);
  }
  return backscan::escape_controls(out.substr(0, 160));
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> paths(argv + 1, argv + argc);
  if (paths.empty())
    for (std::string line; std::getline(std::cin, line);) paths.push_back(line);
  std::vector<double> times;
  std::size_t opened = 0;
  for (const std::string& path : paths) {
    std::ifstream file(path, std::ios::binary);
    const std::string source{std::istreambuf_iterator<char>(file), {}};
    const double start = cpu_milliseconds();
    const php::Unpacked unpacked = php::unpack(source, path.substr(path.rfind('/') + 1));
    times.push_back(cpu_milliseconds() - start);
    std::string steps;
    bool is_opened = false;
    for (const backscan::Layer& layer : unpacked.layers) {
      if (!is_opened && has_mail_sink(layer.text)) {
        is_opened = true;
        for (const std::string& step : layer.steps) steps += (steps.empty() ? "" : ",") + step;
      }
    }
    opened += is_opened ? 1 : 0;
    fmt::print("{:8.1f} ms  {:<4}  {:3} layers  {}  [{}]  {}\n", times.back(),
               is_opened ? "mail" : "-", unpacked.layers.size(), path, steps, reasons_of(unpacked));
    std::fflush(stdout);
  }
  if (times.empty()) return 2;
  std::ranges::sort(times);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("{} files, {} opened to a mail sink; median {:.1f} ms, 90 % {:.1f} ms, worst {:.1f} ms; "
             "at most {} MB\n", times.size(), opened, times[times.size() / 2],
             times[times.size() * 9 / 10], times.back(), usage.ru_maxrss / 1024);
  return 0;
}
