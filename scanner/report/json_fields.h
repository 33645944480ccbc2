// Typed access to the members of one JSON record. Remembers the first thing that is wrong, so that
// the readers of records stay lists of fields. simdjson reads: results of a hundred hosts are merged
// at the speed of its parser.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "model/finding.h"

namespace backscan::report {

/// Lives as long as the parser that made it parses nothing else.
using JsonValue = simdjson::dom::element;

/// The text of a string, or nothing.
[[nodiscard]] std::optional<std::string_view> text_in(const JsonValue& value);
/// A whole number of at least 0, or nothing.
[[nodiscard]] std::optional<std::uint64_t> number_in(const JsonValue& value);

/// A member that is absent or null leaves its target as it is.
class JsonFields {
 public:
  /// `problem` receives the first complaint; it stays empty while all is well.
  JsonFields(const JsonValue& record, std::string& problem);
  JsonFields(const simdjson::dom::object& record, std::string& problem);

  void text(std::string_view key, std::string& target);
  void text(std::string_view key, std::optional<std::string>& target);
  void texts(std::string_view key, std::vector<std::string>& target);
  /// `key`, or its exact bytes from `key`_base64 where that stands.
  void path(std::string_view key, std::string& target);
  void flag(std::string_view key, bool& target);
  void number(std::string_view key, std::uint64_t& target, std::uint64_t maximum = UINT64_MAX);
  void seconds(std::string_view key, double& target);
  void time(std::string_view key, std::optional<Time>& target);
  void counts(std::string_view key, std::map<std::string, std::uint64_t>& target);
  /// The member if it is of the kind wanted, else nothing.
  [[nodiscard]] std::optional<simdjson::dom::object> object(std::string_view key);
  [[nodiscard]] std::optional<simdjson::dom::array> array(std::string_view key);

  template <typename Enum, std::size_t N>
  void word(std::string_view key, const std::array<std::string_view, N>& names, Enum& target) {
    const std::string_view name = view(key);
    if (name.empty()) return;
    const auto value = parse_name<Enum>(names, name);
    if (value)
      target = *value;
    else
      complain(key, "unknown word \"" + std::string(name) + "\"");
  }
  template <typename Enum, std::size_t N>
  void words(std::string_view key, const std::array<std::string_view, N>& names,
             std::vector<Enum>& target) {
    std::vector<std::string> spelled;
    texts(key, spelled);
    for (const std::string& name : spelled) {
      const auto value = parse_name<Enum>(names, name);
      if (!value) return complain(key, "unknown word \"" + name + "\"");
      target.push_back(*value);
    }
  }
  void complain(std::string_view key, const std::string& reason);

 private:
  [[nodiscard]] std::optional<JsonValue> member(std::string_view key);
  /// The text of the member; empty where it is absent or no string.
  [[nodiscard]] std::string_view view(std::string_view key);

  std::optional<simdjson::dom::object> record_;
  std::string& problem_;
  simdjson::dom::object::iterator next_;  // where member() looks first
};

}  // namespace backscan::report
