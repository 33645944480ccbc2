// Follows `include` lines of web servers' configuration without leaving /etc, without going round
// in circles for ever and without reading more than is sane.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hosting/account_builder.h"

namespace backscan::hosting {

class IncludedFiles {
 public:
  explicit IncludedFiles(AccountBuilder& builder) : builder_(builder) {}

  /// The text of a file, which may be included in many places; null for one that is missing, or
  /// (symlinks resolved) outside /etc, of which a note tells. Valid as long as this object.
  [[nodiscard]] const std::string* read(const std::string& path);
  /// The files that an include line means; a directory means everything in it, as Apache reads it.
  [[nodiscard]] std::vector<std::string> expand(const std::string& pattern) const;

  /// Includes inside includes; with the total below, circles end.
  static constexpr int kMaxDepth = 16;

 private:
  static constexpr std::size_t kMaxIncludes = 100'000;
  static constexpr std::size_t kMaxBytes = std::size_t{128} << 20;

  AccountBuilder& builder_;
  std::map<std::string, std::optional<std::string>> texts_;
  std::size_t includes_ = 0;
  std::size_t bytes_ = 0;  // read by the parsers, so a file counts each time
};

}  // namespace backscan::hosting
