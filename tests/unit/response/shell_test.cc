#include "response/shell.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>

namespace backscan::response {
namespace {

/// What bash makes of `word`.
std::string as_bash_reads(const std::string& word) {
  // The word goes in by a here document, so that only bash's own reading of it is tested.
  const std::string script = "bash <<'backscan-end'\nprintf -- %s " + word + "\nbackscan-end\n";
  FILE* const pipe = ::popen(script.c_str(), "r");
  std::string out;
  std::array<char, 256> block{};
  while (const std::size_t got = std::fread(block.data(), 1, block.size(), pipe))
    out.append(block.data(), got);
  ::pclose(pipe);
  return out;
}

TEST(ResponseShell, QuotesSoThatBashReadsTheSameBytes) {
  for (const std::string& name :
       {std::string("/srv/plain.php"), std::string("it's"), std::string("a b;rm -rf $HOME `x`"),
        std::string("back\\slash"), std::string("new\nline"), std::string("\xff\xfe"),
        std::string("-f"), std::string("\x1b[31m9"), std::string("e\xcc\x81\xe2\x80\xae.php"), std::string("\x7f" "0")})
    EXPECT_EQ(as_bash_reads(shell_quote(name)), name) << shell_quote(name);
}

TEST(ResponseShell, ShowsNoControlCharacters) {
  const std::string quoted = shell_quote("a\n\x1b[0m\xe2\x80\xae");
  for (const char c : quoted) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << quoted;
}

}  // namespace
}  // namespace backscan::response
