#include "cli/standard_output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <ostream>
#include <sstream>
#include <string>

#include "base/unique_fd.h"
#include "cli/cli.h"

namespace backscan::cli {
namespace {

TEST(StandardOutput, WritesAllThatIsLongerThanItsBuffer) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const UniqueFd reading(ends[0]);
  const std::string text(60'000, 'x');
  {
    const UniqueFd writing(ends[1]);
    StandardOutput output(writing.get());
    std::ostream out(&output);
    out << text.substr(0, 100) << text.substr(100) << std::flush;
    EXPECT_TRUE(out);
  }
  std::string got(text.size() + 1, '\0');
  std::size_t size = 0;
  for (ssize_t more = 0; (more = ::read(reading.get(), got.data() + size, got.size() - size)) > 0;)
    size += static_cast<std::size_t>(more);
  EXPECT_EQ(got.substr(0, size), text);
}

TEST(StandardOutput, RemembersWhyAWriteFailed) {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (full.get() < 0) GTEST_SKIP() << "no /dev/full";
  StandardOutput output(full.get());
  std::ostream out(&output);
  out << "text" << std::flush;
  EXPECT_FALSE(out);
  EXPECT_EQ(output.error(), ENOSPC);
}

TEST(StandardOutput, ACommandSaysWhyItsOutputIsLost) {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (full.get() < 0) GTEST_SKIP() << "no /dev/full";
  StandardOutput output(full.get());
  std::ostream out(&output);
  std::ostringstream err;
  const char* const arguments[] = {"backscan", "--version"};
  EXPECT_EQ(run(2, arguments, {.out = out, .err = err, .out_error = &output.error()}), kError);
  EXPECT_EQ(err.str(), "backscan: standard output: No space left on device\n");
}

}  // namespace
}  // namespace backscan::cli
