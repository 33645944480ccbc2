// Typed access to the members of one JSON record. Remembers the first thing that is wrong, so that
// the readers of records stay lists of fields.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"
#include "report/json_record.h"

namespace backscan::report {

/// A member that is absent or null leaves its target as it is.
class JsonFields {
 public:
  /// `problem` receives the first complaint; it stays empty while all is well.
  JsonFields(const Json& record, std::string& problem);

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
  /// The member if it is an object or array of the kind wanted, else null.
  [[nodiscard]] const Json* object(std::string_view key);
  [[nodiscard]] const Json* array(std::string_view key);

  template <typename Enum, std::size_t N>
  void word(std::string_view key, const std::array<std::string_view, N>& names, Enum& target) {
    std::string name;
    text(key, name);
    if (name.empty()) return;
    const auto value = parse_name<Enum>(names, name);
    if (value)
      target = *value;
    else
      complain(key, "unknown word \"" + name + "\"");
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
  [[nodiscard]] const Json* member(std::string_view key) const;

  const Json& record_;
  std::string& problem_;
  mutable std::size_t next_ = 0;  // where member() looks first
};

}  // namespace backscan::report
