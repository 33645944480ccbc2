// Strict reading of a YAML mapping: every key known, every value of its type, each error with
// "file:line". Its own file because the metadata and the `when` tree are read by the same manners.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace backscan::rules {

/// The errors of one file, and the way they are worded.
class YamlSource {
 public:
  YamlSource(std::string file, std::vector<Error>& errors)
      : file_(std::move(file)), errors_(errors) {}

  /// Adds "file:line: reason".
  void complain(const YAML::Node& at, std::string reason);
  void complain_at_line(std::size_t line, std::string reason);

  /// Parses `text` as one document; nothing (and an error) where it is not YAML.
  [[nodiscard]] std::optional<YAML::Node> parse(const std::string& text);

  /// Complains about unknown, doubled and non-scalar keys. False if `node` is no mapping; `what`
  /// names it in the error.
  [[nodiscard]] bool check_keys(const YAML::Node& node, std::string_view what,
                                std::span<const std::string_view> known);

  /// The scalar at `key`, or nothing: an error if it is there and no scalar, or if it is missing
  /// and `is_required`.
  [[nodiscard]] std::optional<std::string> text(const YAML::Node& map, const char* key,
                                                bool is_required);
  /// A list of scalars; a missing key is an empty list.
  [[nodiscard]] std::vector<std::string> texts(const YAML::Node& map, const char* key);
  [[nodiscard]] bool boolean(const YAML::Node& map, const char* key);
  /// A decimal number of at least `min` and at most `max`.
  [[nodiscard]] std::optional<std::uint64_t> number(const YAML::Node& map, const char* key,
                                                    std::uint64_t min, std::uint64_t max,
                                                    bool is_required);

  [[nodiscard]] static std::size_t line_of(const YAML::Node& node);
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::vector<Error>& errors_;
};

}  // namespace backscan::rules
