// Reading and judging fixtures (fixtures.h).
#include "rules/fixtures.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/filesystem.hpp>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/text.h"

namespace backscan::rules {
namespace {

namespace fs = boost::filesystem;

constexpr std::string_view kManifest = ".known";

bool is_id_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '/';
}

/// Ids at the begin of `text`, separated by commas and blanks; ends at the first other word.
std::vector<std::string> read_ids(std::string_view text) {
  std::vector<std::string> ids;
  while (true) {
    const std::size_t begin = text.find_first_not_of(", \t");
    if (begin == std::string_view::npos) return ids;
    text.remove_prefix(begin);
    std::size_t length = 0;
    while (length < text.size() && is_id_char(text[length])) ++length;
    const std::string_view id = text.substr(0, length);
    const std::size_t slash = id.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == id.size()) return ids;
    ids.emplace_back(id);
    text.remove_prefix(length);
  }
}

struct Word {
  std::string_view text;
  bool is_hit;
  bool is_todo;
};
constexpr Word kWords[] = {{"todo-hit:", true, true},
                           {"todo-ok:", false, true},
                           {"hit:", true, false},
                           {"ok:", false, false}};

/// The expectations that one line states, without the line they speak of.
std::vector<Expectation> read_line(std::string_view line) {
  std::vector<Expectation> found;
  for (const Word& word : kWords) {
    for (std::size_t at = line.find(word.text); at != std::string_view::npos;
         at = line.find(word.text, at + 1)) {
      if (at > 0 && (is_id_char(line[at - 1]))) continue;  // "todo-hit:" holds "hit:"
      for (std::string& id : read_ids(line.substr(at + word.text.size())))
        found.push_back({.rule = std::move(id), .is_hit = word.is_hit, .is_todo = word.is_todo});
    }
  }
  return found;
}

bool opens_comment(std::string_view line) {
  line = trim(line);
  return std::ranges::any_of(std::to_array<std::string_view>({"//", "#", ";", "/*", "*", "<!--"}),
                             [&](std::string_view opener) { return line.starts_with(opener); });
}

template <typename OnLine>
void for_each_line(std::string_view text, OnLine on_line) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    on_line(number, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

std::optional<std::string> read_whole(const fs::path& path) {
  std::ifstream file(path.string(), std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// `<class>/<name>.x` is scanned below its class, `<class>/<name>/…` below `<class>/<name>`.
std::string relative_to_root(const fs::path& below) {
  auto part = below.begin();
  fs::path relative;
  const auto parts = std::distance(below.begin(), below.end());
  std::advance(part, parts > 2 ? 2 : 1);
  for (; part != below.end(); ++part) relative /= *part;
  return relative.string();
}

std::vector<fs::path> files_below(const std::string& directory, std::vector<Error>& errors) {
  std::vector<fs::path> files;
  boost::system::error_code failure;
  fs::recursive_directory_iterator it(directory, failure);
  while (!failure && it != fs::recursive_directory_iterator()) {
    boost::system::error_code ignored;
    if (fs::is_regular_file(it->status(ignored))) files.push_back(it->path());
    it.increment(failure);
  }
  if (failure) errors.push_back({directory, errno_text(failure.value())});
  std::ranges::sort(files, {}, [](const fs::path& path) { return path.native(); });
  return files;
}

}  // namespace

std::vector<Expectation> read_annotations(std::string_view text) {
  std::vector<Expectation> all;
  std::size_t waiting = 0;  // expectations at the end of `all` that do not know their line yet
  for_each_line(text, [&](std::size_t number, std::string_view line) {
    if (trim(line).empty()) return;
    std::vector<Expectation> found;
    if (opens_comment(line)) found = read_line(line);
    for (Expectation& expectation : found) {
      expectation.said_at = number;
      all.push_back(std::move(expectation));
      ++waiting;
    }
    if (!found.empty()) return;
    for (; waiting > 0; --waiting) all[all.size() - waiting].line = number;
  });
  // What speaks of no line any more speaks of the file.
  return all;
}

Result<std::vector<Expectation>> read_expect_file(std::string_view text) {
  std::vector<Expectation> all;
  std::size_t bad = 0;
  for_each_line(text, [&](std::size_t number, std::string_view line) {
    if (trim(line).empty() || trim(line).starts_with('#')) return;
    std::vector<Expectation> found = read_line(line);
    if (found.empty() && bad == 0) bad = number;
    for (Expectation& expectation : found) {
      expectation.said_at = number;
      all.push_back(std::move(expectation));
    }
  });
  if (bad == 0) return all;
  return std::unexpected(Error{fmt::format("{}", bad), "neither 'hit: ID' nor 'ok: ID'"});
}

std::vector<FixtureFile> read_fixtures(const std::string& directory, std::vector<Error>& errors) {
  constexpr std::string_view kExpect = ".expect";
  std::vector<FixtureFile> fixtures;
  for (const fs::path& path : files_below(directory, errors)) {
    const std::string name = path.string();
    if (name.ends_with(kExpect) || name.ends_with(kManifest)) continue;
    auto text = read_whole(path);
    if (!text) {
      errors.push_back({name, "cannot be read"});
      continue;
    }
    FixtureFile fixture{.path = name,
                        .relative_path = relative_to_root(fs::relative(path, directory)),
                        .text = std::move(*text)};
    fixture.expectations = read_annotations(fixture.text);
    if (const auto expect = read_whole(name + std::string(kExpect))) {
      auto expected = read_expect_file(*expect);
      if (expected)
        fixture.expectations.insert(fixture.expectations.end(), expected->begin(), expected->end());
      else
        errors.push_back({fmt::format("{}{}:{}", name, kExpect, expected.error().object),
                          expected.error().reason});
    }
    fixtures.push_back(std::move(fixture));
  }
  return fixtures;
}

std::vector<std::string> manifests_of_fixtures(const std::string& directory) {
  std::vector<Error> told_elsewhere;
  std::vector<std::string> manifests;
  for (const fs::path& path : files_below(directory, told_elsewhere))
    if (path.native().ends_with(kManifest)) manifests.push_back(path.native());
  return manifests;
}

void judge_fixture(const FixtureFile& fixture, const std::vector<Seen>& seen,
                   FixtureReport& report) {
  for (const Expectation& expected : fixture.expectations) {
    const bool is_found = std::ranges::any_of(seen, [&](const Seen& finding) {
      return finding.rule == expected.rule &&
             (finding.line == expected.line || finding.line == 0 || expected.line == 0);
    });
    const bool is_right = is_found == expected.is_hit;
    const std::string object =
        fmt::format("{}:{}", fixture.path, expected.line != 0 ? expected.line : expected.said_at);
    ++report.checked;
    if (expected.is_todo) {
      if (is_right)
        report.failures.push_back(
            {object, fmt::format("'todo' is done: {} does what it should", expected.rule)});
      else
        report.gaps.push_back(
            {object, expected.rule + (expected.is_hit ? " does not fire yet" : " fires still")});
      continue;
    }
    Coverage& coverage = report.coverage[expected.rule];
    ++(expected.is_hit ? coverage.hits : coverage.oks);
    if (is_right) continue;
    std::string reason = expected.rule + (is_found ? " fires here and must not" : " does not fire");
    // Where it fires instead helps to find a misplaced annotation.
    for (const Seen& finding : seen)
      if (!is_found && finding.rule == expected.rule)
        reason += fmt::format("; it fires at line {}", finding.line);
    report.failures.push_back({object, std::move(reason)});
  }
}

}  // namespace backscan::rules
