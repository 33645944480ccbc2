// backscan's own reading of patterns, checked against RE2: whatever RE2 finds, the expression given
// to Hyperscan is proposed for, and the required literals are in it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/text.h"
#include "rules/regex.h"
#include "rules/regex_literals.h"
#include "rules/regex_proposal.h"
#include "rules/proposer.h"
#include "rules/rule_reader.h"

namespace backscan::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

RegexNode parsed(std::string_view pattern) {
  auto tree = parse_regex(pattern);
  EXPECT_TRUE(tree.has_value()) << pattern << ": " << (tree ? "" : tree.error().reason);
  return tree ? std::move(*tree) : RegexNode{};
}

/// A pattern as RE2 has it, and as it is proposed.
class Both {
 public:
  Both(const std::string& pattern, ProposalMode mode)
      : regex_(pattern, regex_options()), literals_(required_literals(parsed(pattern), 1)) {
    auto proposer = Proposer::compile(std::vector{Proposable{7, pattern}}, mode);
    EXPECT_TRUE(proposer.has_value());
    if (proposer) proposer_ = std::move(*proposer);
    const ProposalDatabase* database = &proposer_.database();
    scratch_.emplace(std::span(&database, 1));
  }

  /// Fails the test where RE2 finds what was not proposed, or what lacks the required literals.
  void check(std::string_view text) {
    int proposed = 0;
    state_.scan(proposer_, text, scratch_->get(), [&](std::uint32_t) { ++proposed; });
    ASSERT_LE(proposed, 1);
    re2::StringPiece match;
    const bool is_found =
        regex_.Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED, &match, 1);
    if (!is_found) return;
    ++found_;
    ASSERT_EQ(proposed, 1) << regex_.pattern() << " in " << escape_controls(text);
    const std::string lower = ascii_lower(std::string_view(match.data(), match.size()));
    ASSERT_TRUE(literals_.empty() || std::ranges::any_of(literals_,
                                                         [&](const std::string& literal) {
                                                           return lower.find(literal) !=
                                                                  std::string::npos;
                                                         }))
        << regex_.pattern() << " in " << escape_controls(text);
  }
  [[nodiscard]] int found() const { return found_; }
  [[nodiscard]] bool is_always_proposed() const { return !proposer_.always().empty(); }

 private:
  re2::RE2 regex_;
  std::vector<std::string> literals_;
  Proposer proposer_;
  ProposerState state_;
  std::optional<Scratch> scratch_;
  int found_ = 0;
};

struct Sample {
  const char* pattern;
  std::string_view text;  // RE2 finds the pattern in it
};

class RegexSample : public ::testing::TestWithParam<Sample> {};

TEST_P(RegexSample, IsProposedWhereRe2FindsIt) {
  for (const ProposalMode mode : {ProposalMode::kExpressions, ProposalMode::kLiterals}) {
    Both both(GetParam().pattern, mode);
    both.check(GetParam().text);
    EXPECT_EQ(both.found(), 1) << "RE2 does not find it";
    EXPECT_TRUE(mode == ProposalMode::kLiterals || !both.is_always_proposed());
  }
}

using namespace std::string_view_literals;

INSTANTIATE_TEST_SUITE_P(
    Syntax, RegexSample,
    ::testing::Values(
        Sample{"ab\\Sc", "ab\vc"},     // Hyperscan's \s holds \v, RE2's does not
        Sample{"ab[^\\s]c", "ab\vc"},  // likewise
        Sample{"a.b",
               "a\xff"
               "b"},
        Sample{"(?s)a.b", "a\nb"}, Sample{"a[^b]c", "a\nc"}, Sample{"(?i)MaIl", "mAiL"},
        Sample{"(?i:a)b", "Ab"}, Sample{"(?i)a(?-i)b", "Ab"}, Sample{"(?i)[k-m]", "L"},
        Sample{"(?i)[^k-m]z", "az"}, Sample{"a(?i)b|c", "C"}, Sample{"(a(?i)b)c", "aBc"},
        Sample{"^ab$", "ab"}, Sample{"(?m)^ab$", "x\nab\ny"}, Sample{"\\Aab\\z", "ab"},
        Sample{"\\bab\\b", "x ab."}, Sample{"a\\Bb", "ab"},
        Sample{"\\x41\\x{42}\\103\\0", "ABC\0"sv}, Sample{"\\Qa.b*\\Ec", "a.b*c"},
        Sample{"a{b", "a{b"}, Sample{"a{,2}", "a{,2}"}, Sample{"x{2}y{1,}z{0,1}", "xxy"},
        Sample{"[]a]b", "]b"}, Sample{"[^]a]b", "cb"}, Sample{"[a-]b", "-b"},
        Sample{"[\\]]b", "]b"}, Sample{"[[:alpha:]-]9", "-9"},
        Sample{"[[:^alpha:]]9",
               "\xe9"
               "9"},
        Sample{"[\\d\\-x]y", "-y"}, Sample{"(?P<name>ab)+?c", "ababc"},
        Sample{"a{0,600}b{20,900}", "bbbbbbbbbbbbbbbbbbbbbbbbbbbb"},
        Sample{"(?:ab){18,300}", "abababababababababababababababababababab"},
        Sample{"(?:|a)b", "b"}, Sample{"\\$\\w{0,12}\\[", "$GLOBALS["},
        Sample{"caf\xc3\xa9", "caf\xc3\xa9"}, Sample{"(?i)[\\x80-\\xff]{3}", "\xe9\xc9\xff"},
        Sample{"<\\?(?:php\\b|=|\\s)", "<?\n"},
        Sample{"function \\w{1,30}\\([^)]{0,60}\\)\\{[^}]{0,90}\\b(?:eval|assert)\\(",
               "function f($a){return assert($a);}"},
        Sample{"#[a-f0-9]{32}#", "#0123456789abcdef0123456789abcdef#"}));

TEST(Regex, RefusesWhatTheEnginesReadDifferently) {
  const auto why = [](const std::string& pattern) { return pattern_error(pattern).value_or(""); };
  EXPECT_THAT(why("(?i)caf\xc3\xa9"), HasSubstr("letters beyond ASCII in a case-insensitive"));
  EXPECT_THAT(why("(?i)x[\\xe9]"), HasSubstr("letters beyond ASCII in a case-insensitive"));
  EXPECT_THAT(why("[\xc3\xa9]x"), HasSubstr("letters beyond ASCII in a bracket"));
  EXPECT_THAT(why("\\pLx"), HasSubstr("is not for rules"));
  EXPECT_THAT(why("(?U)a+b"), HasSubstr("is not for rules"));
  EXPECT_THAT(why("a\\Cb"), HasSubstr("is not for rules"));
  EXPECT_THAT(why(std::string(200, '(') + "a" + std::string(200, ')')), HasSubstr("nested"));
  EXPECT_EQ(why("(?i)mail\\s*\\("), "");
}

TEST(Regex, KnowsTheLiteralsThatAMatchMustHold) {
  const auto literals = [](std::string_view pattern, std::size_t min = 3) {
    return required_literals(parsed(pattern), min);
  };
  EXPECT_THAT(literals("(?i)Base64_decode\\s*\\("), ElementsAre("base64_decode"));
  EXPECT_THAT(literals("\\bmail\\s*\\(\\s*\\$_POST"), ElementsAre("$_post"));
  EXPECT_THAT(literals("(?:mail|wp_mail)\\("), ElementsAre("mail(", "wp_mail("));
  EXPECT_THAT(literals("(?:eval|assert).{0,9}gzinflate"), ElementsAre("gzinflate"));
  EXPECT_THAT(literals("(?:evil|[a-z]+)\\("), IsEmpty());
  EXPECT_THAT(literals("colou?rful"), ElementsAre("colorful", "colourful"));
  EXPECT_THAT(literals("x(?:abc)*y"), IsEmpty());
  EXPECT_THAT(literals("(?:abc)+"), ElementsAre("abc"));
  EXPECT_THAT(literals("[0-9]{8}abc"), ElementsAre("abc"));
  EXPECT_THAT(literals("abc", 4), IsEmpty());
}

TEST(Regex, KnowsTheRareWordsOfWhatBeginsAsAnyCodeDoes) {
  const auto words = [](std::string_view pattern) { return rare_words_of(parsed(pattern)); };
  EXPECT_THAT(words("function \\w{1,30}\\(\\)\\{[^}]{0,90}\\b(?:eval|assert)\\("),
              ElementsAre("assert(", "eval("));
  EXPECT_THAT(words("\\$\\w{1,12}=[^;]{0,40}\\bexplode\\("), IsEmpty()) << "ordinary";
  EXPECT_THAT(words("base64_decode\\([^;]{0,90}\\bgzinflate\\("), IsEmpty()) << "begins rarely";
  EXPECT_THAT(words("\\$\\w{1,12}=\\$\\w{1,12}\\^"), IsEmpty()) << "no word";
}

TEST(Regex, KnowsRunsAndLeadingGaps) {
  EXPECT_EQ(required_run(parsed("[A-Za-z0-9+/]{700,}")), 700u);
  EXPECT_EQ(required_run(parsed("x(?:[a-f]{30}|[0-9]{20})")), 20u);
  EXPECT_EQ(required_run(parsed(".{700}")), 0u);
  EXPECT_TRUE(begins_with_wide_repeat(parsed(".*mail")));
  EXPECT_TRUE(begins_with_wide_repeat(parsed("x?(?:[a-z]{0,60}=)mail")));
  EXPECT_TRUE(begins_with_wide_repeat(parsed("\\b\\w+\\(")));
  EXPECT_FALSE(begins_with_wide_repeat(parsed("mail.*")));
  EXPECT_FALSE(begins_with_wide_repeat(parsed("\\$\\w{0,12}\\[")));
}

/// Random patterns over a small alphabet, against random texts over the same.
class PatternMaker {
 public:
  explicit PatternMaker(unsigned seed) : random_(seed) {}

  std::string pattern(int depth) {
    switch (depth <= 0 ? pick(4) : pick(10)) {
      case 0:
        return std::string(1, letter());
      case 1:
        return std::string(1, letter()) + letter();
      case 2:
        return std::string("[") + (pick(3) == 0 ? "^" : "") + letter() + letter() + "]";
      case 3:
        return std::array{".", "\\w", "\\s", "\\b", "\\W", "^", "$", "\\S"}[pick(8)];
      case 4:
      case 5:
        return pattern(depth - 1) + pattern(depth - 1);
      case 6:
        return "(?:" + pattern(depth - 1) + "|" + pattern(depth - 1) + ")";
      case 7:
        return "(?:" + pattern(depth - 1) + ")" +
               std::array{"*", "+", "?", "{2}", "{1,3}", "{0,40}", "{2,}"}[pick(7)];
      case 8:
        return "(" + std::string(std::array{"?i:", "?m:", "?s:", "?-i:"}[pick(4)]) +
               pattern(depth - 1) + ")";
      default:
        return letter() + pattern(depth - 1);
    }
  }
  std::string text() {
    std::string made;
    for (std::size_t i = pick(200); i > 0; --i) made += letter();
    return made;
  }

 private:
  std::size_t pick(std::size_t n) { return random_() % n; }
  char letter() { return "abAB1_ \n\v"[pick(9)]; }
  std::mt19937 random_;
};

/// Patterns and texts at random; returns how many matches were looked at.
int check_random_patterns(ProposalMode mode, int rounds) {
  PatternMaker maker(20261124);
  int found = 0;
  for (int round = 0; round < rounds; ++round) {
    const std::string pattern = maker.pattern(4);
    if (pattern_error(pattern).has_value()) continue;  // matches the empty text
    SCOPED_TRACE(pattern);
    Both both(pattern, mode);
    for (int i = 0; i < 50; ++i) both.check(maker.text());
    if (::testing::Test::HasFailure()) return 0;
    // Hyperscan refuses what can never match (`$a`); literals do not fit every pattern.
    if (!both.is_always_proposed()) found += both.found();
  }
  return found;
}

TEST(Regex, RandomPatternsAreNeverMissedByExpressions) {
  if (library_misses_matches()) GTEST_SKIP() << "this version of Vectorscan misses matches";
  EXPECT_GT(check_random_patterns(ProposalMode::kExpressions, 400), 2000);
}

TEST(Regex, RandomPatternsAreNeverMissedByLiterals) {
  EXPECT_GT(check_random_patterns(ProposalMode::kLiterals, 600), 500);
}

}  // namespace
}  // namespace backscan::rules
