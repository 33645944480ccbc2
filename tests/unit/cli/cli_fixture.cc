#include "cli_fixture.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "cli/cli.h"

namespace backscan::test {
namespace {

namespace fs = std::filesystem;

std::string rule(const std::string& id, const std::string& severity, const std::string& word) {
  return "id: " + id + "\ntitle: Made rule for " + word + "\nclass: mailer\nseverity: " + severity +
         "\nconfidence: high\nstatus: stable\ncauses: [spam]\nwhen:\n  raw: " + word +
         "\nmessage: The word stands here.\nremedy: Take it away.\nreferences: []\n"
         "false_positives: None.\nauthor: tests\ndate: 2026-11-24\n";
}

}  // namespace

void CliTest::SetUp() {
  std::string pattern = fs::temp_directory_path() / "backscan-cli-XXXXXX";
  ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
  directory_ = pattern;
  site_ = path("site");
  rules_ = path("rules");
  system_config_ = path("etc/backscan.toml");
  write("rules/mailer/made-high.yaml", rule("mailer/made-high", "high", "inert_marker_high"));
  write("rules/mailer/made-low.yaml", rule("mailer/made-low", "low", "inert_marker_low"));
  write("site/clean.php", "<?php echo 'hello';\n");
  write("site/mailer.php", "<?php\n// inert_marker_high\n");
  write("site/hint.php", "<?php // inert_marker_low\n");
  fs::create_directories(path("host"));
  set_environment("XDG_CACHE_HOME", path("cache"));
}

void CliTest::TearDown() {
  for (const auto& [name, value] : variables_) ::unsetenv(name.c_str());
  fs::remove_all(directory_);
}

Outcome CliTest::run(const std::vector<std::string>& arguments, const std::string& input) {
  std::vector<const char*> argv = {"backscan"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const cli::Streams streams{
      .out = out, .err = err, .in = &in, .system_config = system_config_};
  Outcome outcome;
  outcome.code = cli::run(static_cast<int>(argv.size()), argv.data(), streams);
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

Outcome CliTest::scan(std::vector<std::string> arguments, const std::string& input) {
  const std::vector<std::string> own = {"scan",    "--offline", "--no-default-rules", "--rules",
                                        rules_,    "--root",    path("host")};
  arguments.insert(arguments.begin(), own.begin(), own.end());
  return run(arguments, input);
}

std::string CliTest::write(const std::string& name, const std::string& contents) {
  const fs::path file = directory_ / name;
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << contents;
  return file;
}

std::string CliTest::read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void CliTest::set_environment(const std::string& name, const std::string& value) {
  variables_[name] = value;
  ::setenv(name.c_str(), value.c_str(), 1);
}

}  // namespace backscan::test
