// Reads one YAML file that holds one list of maps under one key, strictly: unknown and repeated
// keys and wrong kinds of value are errors with file and line. Serves zones and dead zones alike.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace backscan::dnsbl {

/// Collects what is wrong with a file, each with "file:line" as its object.
class YamlComplaints {
 public:
  explicit YamlComplaints(std::string file) : file_(std::move(file)) {}
  void add(const YAML::Mark& mark, std::string reason);
  void add_whole_file(std::string reason) { errors_.push_back({file_, std::move(reason)}); }
  [[nodiscard]] std::vector<Error>& errors() { return errors_; }

 private:
  std::string file_;
  std::vector<Error> errors_;
};

/// One map of the list. Every getter complains about a value of the wrong kind and then answers as
/// if the key were absent, so that one reading tells all faults.
class YamlEntry {
 public:
  YamlEntry(YAML::Node node, YamlComplaints& complaints) : node_(node), complaints_(complaints) {}

  void allow_only(std::initializer_list<std::string_view> keys) const;
  [[nodiscard]] std::optional<std::string> text(const char* key) const;
  [[nodiscard]] bool flag(const char* key, bool otherwise) const;
  /// A list of words; each is handed to `use` with its line.
  void words(const char* key,
             const std::function<void(const std::string&, const YAML::Mark&)>& use) const;
  /// A map whose keys are text; each pair is handed to `use`.
  void pairs(const char* key,
             const std::function<void(const std::string&, const YAML::Node&)>& use) const;
  [[nodiscard]] YAML::Mark mark(const char* key) const;
  [[nodiscard]] YAML::Mark mark() const { return node_.Mark(); }
  void complain(const YAML::Mark& mark, std::string reason) const {
    complaints_.add(mark, std::move(reason));
  }

 private:
  [[nodiscard]] YAML::Node find(const char* key) const;
  YAML::Node node_;
  YamlComplaints& complaints_;
};

/// Calls `use` for each map of the list under `list_key`. At most 4 MiB are read.
/// @return everything that is wrong with the file, in the order of its lines; empty: nothing.
[[nodiscard]] std::vector<Error> read_yaml_list(const std::string& file, const char* list_key,
                                                const std::function<void(const YamlEntry&)>& use);

}  // namespace backscan::dnsbl
