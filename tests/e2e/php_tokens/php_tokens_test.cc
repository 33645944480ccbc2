// The lexer against PHP itself: the same kinds at the same offsets as token_get_all() of PHP 8.2,
// over the fixtures, over mutated copies of them and, where BACKSCAN_PHP_TREES names directories
// (separated by ':'), over every PHP file of whole trees. The files are data; nothing is run.
//
// With asp_tags off there is one deliberate difference. At `<<<A` PHP lexes ahead to learn how far
// the closing label is indented, and gives up at the first parse error (a stray `]` in `{$x]}`, an
// invalid number). It then takes an indented closing label for an unindented one and cuts
// T_END_HEREDOC short by the indentation, in the middle of the label. Such a file never runs; ours
// is the reading that the label asks for. The comparison of a text ends there and is counted.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <random>
#include <sstream>

#include "mutations.h"
#include "php/token.h"
#include "php_oracle.h"

namespace backscan::php_tokens {
namespace {

namespace fs = std::filesystem;

struct Text {
  std::string name;
  std::string bytes;
};

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// Files below `root` that hold an open tag, in the order of their names.
std::vector<fs::path> php_files(const fs::path& root) {
  std::vector<fs::path> files;
  for (auto it = fs::recursive_directory_iterator(root, fs::directory_options::skip_permission_denied);
       it != fs::recursive_directory_iterator(); ++it) {
    if (it->is_symlink() || !it->is_regular_file()) continue;
    files.push_back(it->path());
  }
  std::ranges::sort(files);
  return files;
}

/// The deliberate difference described above.
bool is_cut_heredoc_label(const php::Token& ours, std::string_view text, const OracleToken& php) {
  const auto kEnd = php::TokenKind::EndHeredoc;
  const std::size_t length = ours.end - ours.begin;
  const std::size_t indent = text.find_first_not_of(" \t", ours.begin) - ours.begin;
  return ours.kind == kEnd && php.kind == static_cast<std::uint8_t>(kEnd) && indent > 0 &&
         php.length + indent == length;
}

constexpr std::string_view kDeliberate = "deliberate";

/// Where the token lists part, in words; empty if they are the same, kDeliberate if they part where
/// they may.
std::string difference(std::string_view text, const std::vector<OracleToken>& expected,
                       const std::vector<php::Token>& tokens) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < expected.size() || i < tokens.size(); ++i) {
    const bool is_same = i < expected.size() && i < tokens.size() && tokens[i].begin == at &&
                         tokens[i].end - tokens[i].begin == expected[i].length &&
                         static_cast<std::uint8_t>(tokens[i].kind) == expected[i].kind;
    if (is_same) {
      at += expected[i].length;
      continue;
    }
    if (i < expected.size() && i < tokens.size() && tokens[i].begin == at &&
        is_cut_heredoc_label(tokens[i], text, expected[i])) {
      return std::string(kDeliberate);
    }
    std::ostringstream out;
    out << "token " << i << " at byte " << at << ": PHP says ";
    if (i < expected.size()) {
      out << php::php_name(static_cast<php::TokenKind>(expected[i].kind)) << " of "
          << expected[i].length << " bytes";
    } else {
      out << "end";
    }
    out << ", we say ";
    if (i < tokens.size()) {
      out << php::php_name(tokens[i].kind) << " of " << tokens[i].end - tokens[i].begin << " bytes";
    } else {
      out << "end";
    }
    const std::size_t from = at < 30 ? 0 : at - 30;
    out << "; context: " << testing::PrintToString(std::string(text.substr(from, 90)));
    return out.str();
  }
  return {};
}

class PhpTokens : public testing::Test {
 protected:
  void SetUp() override {
    directory_ = fs::temp_directory_path() / ("backscan-php-tokens-" + std::to_string(::getpid()));
    fs::create_directories(directory_);
    oracle_.emplace(directory_);
    if (!oracle_->is_available()) GTEST_SKIP() << "php-cli is not installed";
  }
  void TearDown() override {
    oracle_.reset();
    fs::remove_all(directory_);
  }

  /// Queues a text; full batches are compared at once.
  void check(std::string name, std::string bytes) {
    queued_bytes_ += bytes.size();
    queue_.push_back({std::move(name), std::move(bytes)});
    if (queued_bytes_ > (std::size_t{8} << 20)) flush();
  }

  void flush() {
    std::vector<std::string_view> texts;
    for (const Text& text : queue_) texts.push_back(text.bytes);
    std::vector<php::Token> tokens;
    for (const bool short_tags : {true, false}) {
      const auto expected = oracle_->tokens(texts, short_tags);
      for (std::size_t i = 0; i < queue_.size(); ++i) {
        php::lex(texts[i], {.short_tags = short_tags, .asp_tags = false}, tokens);
        compared_tokens_ += tokens.size();
        const std::string what = difference(texts[i], expected[i], tokens);
        if (what.empty()) continue;
        if (what == kDeliberate) {
          ++deliberate_;
          continue;
        }
        ++different_;
        if (different_ <= 20) {
          ADD_FAILURE() << queue_[i].name << " (short tags " << short_tags << "): " << what;
        }
      }
    }
    compared_ += queue_.size();
    queue_.clear();
    queued_bytes_ = 0;
  }

  void check_tree(const fs::path& root) {
    for (const fs::path& path : php_files(root)) {
      std::string bytes = read(path);
      if (bytes.find("<?") == std::string::npos) continue;
      // An array per token makes PHP need about a hundred times a file's size.
      if (bytes.size() > (std::size_t{6} << 20)) bytes.resize(std::size_t{6} << 20);
      check(path.string(), std::move(bytes));
    }
  }

  void report() {
    flush();
    EXPECT_GT(compared_, 0U);
    EXPECT_EQ(different_, 0U);
    std::cout << compared_ << " texts, " << compared_tokens_ << " tokens, " << different_
              << " texts differ, " << deliberate_ << " deliberately\n";
  }

 private:
  fs::path directory_;
  std::optional<PhpOracle> oracle_;
  std::vector<Text> queue_;
  std::size_t queued_bytes_ = 0;
  std::size_t compared_ = 0;
  std::size_t compared_tokens_ = 0;
  std::size_t different_ = 0;
  std::size_t deliberate_ = 0;
};

TEST_F(PhpTokens, AreTheSameOverTheFixtures) {
  check_tree(fs::path(BACKSCAN_SOURCE_DIR) / "tests" / "fixtures");
  for (const std::string& text : syntax_samples()) check("syntax sample", text);
  report();
}

TEST_F(PhpTokens, AreTheSameOverMutatedCopies) {
  // The fixed seed makes a failure repeatable: every text is derived from it and the samples alone.
  const char* const wanted = std::getenv("BACKSCAN_MUTATIONS");
  const int rounds = wanted != nullptr ? std::atoi(wanted) : 12;
  const char* const seed = std::getenv("BACKSCAN_MUTATION_SEED");
  std::mt19937 random(seed != nullptr ? static_cast<unsigned>(std::atoi(seed)) : 20251124U);
  std::vector<std::string> originals = syntax_samples();
  for (const fs::path& path : php_files(fs::path(BACKSCAN_SOURCE_DIR) / "tests" / "fixtures")) {
    std::string bytes = read(path);
    if (bytes.size() < (std::size_t{64} << 10)) originals.push_back(std::move(bytes));
  }
  for (std::size_t i = 0; i < originals.size(); ++i) {
    for (int round = 0; round < rounds; ++round) {
      check("mutation " + std::to_string(round) + " of text " + std::to_string(i),
            mutate(originals[i], originals, random));
    }
  }
  report();
}

TEST_F(PhpTokens, AreTheSameOverWholeTrees) {
  const char* const trees = std::getenv("BACKSCAN_PHP_TREES");
  if (trees == nullptr) GTEST_SKIP() << "BACKSCAN_PHP_TREES names no directories";
  std::istringstream list(trees);
  for (std::string tree; std::getline(list, tree, ':');) {
    if (!std::filesystem::is_directory(tree)) GTEST_SKIP() << tree << " is not there";
    check_tree(tree);
  }
  report();
}

}  // namespace
}  // namespace backscan::php_tokens
