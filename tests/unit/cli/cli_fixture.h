// Whole commands in process, in a directory of their own, with rules of their own, so that these
// tests do not depend on the shipped pack.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace backscan::test {

struct Outcome {
  int code = -1;
  std::string out;
  std::string err;
};

class CliTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// Runs `backscan ARGUMENTS…`; `input` is standard input.
  Outcome run(const std::vector<std::string>& arguments, const std::string& input = {});
  /// `scan --offline --no-default-rules --rules OURS --root HOST ARGUMENTS…`; HOST is empty: this
  /// machine's own logs and settings must not change a test.
  Outcome scan(std::vector<std::string> arguments, const std::string& input = {});

  /// Writes a file below the test's directory and gives its path.
  std::string write(const std::string& name, const std::string& contents);
  [[nodiscard]] std::string path(const std::string& name) const { return directory_ / name; }
  [[nodiscard]] static std::string read(const std::string& path);
  /// Until the end of the test.
  void set_environment(const std::string& name, const std::string& value);

  /// site/: clean.php, and mailer.php (high), hint.php (low) which the test rules find.
  std::string site_;
  std::string rules_;
  std::string system_config_;

 private:
  std::filesystem::path directory_;
  std::map<std::string, std::string> variables_;
};

}  // namespace backscan::test
