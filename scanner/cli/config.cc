// Tables nest like subcommands do; deeper than they can is an error of the caller's look-up.
#include "cli/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <fstream>
#include <iterator>
#include <optional>

namespace backscan::cli {
namespace {

class ConfigReader {
 public:
  explicit ConfigReader(const std::string& file) : file_(file) {}

  Result<void> read_table(const toml::table& table, const std::vector<std::string>& command) {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (const toml::table* inner = node.as_table()) {
        std::vector<std::string> nested = command;
        nested.push_back(name);
        if (auto read = read_table(*inner, nested); !read) return read;
        continue;
      }
      ConfigSetting setting{command, name, {}, origin(node)};
      if (!read_values(node, setting.values))
        return std::unexpected(Error{
            setting.origin, fmt::format("\"{}\" must be a string, number, boolean or an array of "
                                        "them",
                                        name)});
      settings_.push_back(std::move(setting));
    }
    return {};
  }
  std::vector<ConfigSetting> take() { return std::move(settings_); }

 private:
  std::string origin(const toml::node& node) const {
    return fmt::format("{}:{}", file_, node.source().begin.line);
  }
  static std::optional<std::string> scalar(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
    if (const auto number = node.value_exact<double>()) return fmt::format("{}", *number);
    if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
    return std::nullopt;
  }
  static bool read_values(const toml::node& node, std::vector<std::string>& values) {
    if (const toml::array* array = node.as_array()) {
      for (const toml::node& element : *array) {
        const auto value = scalar(element);
        if (!value) return false;
        values.push_back(*value);
      }
      return true;
    }
    const auto value = scalar(node);
    if (value) values.push_back(*value);
    return value.has_value();
  }

  const std::string& file_;
  std::vector<ConfigSetting> settings_;
};

}  // namespace

Result<std::vector<ConfigSetting>> read_config(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return system_error(file, errno);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return system_error(file, errno);
  try {
    ConfigReader reader(file);
    if (const auto read = reader.read_table(toml::parse(text), {}); !read)
      return std::unexpected(read.error());
    return reader.take();
  } catch (const toml::parse_error& error) {
    return std::unexpected(Error{fmt::format("{}:{}", file, error.source().begin.line),
                                 std::string(error.description())});
  }
}

}  // namespace backscan::cli
