// See import.h. Lists are read line by line; everything but the hashes' sort is linear.
#include "external/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <boost/filesystem/operations.hpp>
#include <fstream>
#include <set>
#include <unordered_set>

#include "base/text.h"
#include "external/body_rule.h"
#include "external/hash_list.h"
#include "external/hash_list_layout.h"
#include "external/rule_file.h"
#include "rules/when.h"

namespace backscan::external {
namespace {

namespace fs = boost::filesystem;

// Reasons may quote a pattern.
constexpr std::size_t kMaxReasonBytes = 240;

class Import {
 public:
  Import(const ImportOptions& options, const OnRefused& on_refused)
      : options_(options), on_refused_(on_refused) {}

  [[nodiscard]] Result<ImportReport> run() {
    for (const std::string& file : options_.files)
      if (auto read = read_list(file); !read) return std::unexpected(read.error());
    return report_;
  }

 private:
  [[nodiscard]] Result<void> read_list(const std::string& file) {
    const auto format = options_.format ? options_.format : format_of_name(file);
    if (!format)
      return std::unexpected(
          Error{file, "its name tells no format (.hdb, .hsb, .ndb, md5*.dat, sha*.dat, hex.dat); say "
                      "--format hashes, bodies or hexes"});
    boost::system::error_code ignored;
    if (fs::is_directory(file, ignored)) return system_error(file, EISDIR);
    std::ifstream in(file, std::ios::binary);
    if (!in) return system_error(file, errno);
    const std::string base = file.substr(file.rfind('/') + 1);
    HashListWriter hashes(options_.hash_severity, Confidence::kHigh,
                          fmt::format("{}, imported on {}", to_utf8(base), options_.date));
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
      const std::string where = fmt::format("{}:{}", file, number);
      const auto signature = read_signature(*format, line);
      if (!signature) {
        refuse(where, signature.error());
      } else if (*signature) {
        if (const auto* hash = std::get_if<HashSignature>(&**signature))
          hashes.add(hash->kind, hash->digest, hash->size, hash->name);
        else if (auto added = add_body(std::get<BodySignature>(**signature), base, where); !added)
          return added;
      }
    }
    if (in.bad()) return system_error(file, EIO);
    return write_hashes(hashes, base);
  }

  [[nodiscard]] Result<void> write_hashes(HashListWriter& hashes, const std::string& base) {
    const std::size_t read = hashes.count();
    if (read == 0) return {};
    auto directory = prepare("hashes");
    if (!directory) return std::unexpected(directory.error());
    const auto written =
        hashes.write(*directory + unique_name(base, list_names_) + std::string(kHashListSuffix));
    if (!written) return std::unexpected(written.error());
    report_.hashes += *written;
    report_.doubles += read - *written;
    return {};
  }

  [[nodiscard]] Result<void> add_body(const BodySignature& signature, const std::string& base,
                                      const std::string& where) {
    const auto body = body_pattern(signature);
    if (!body) {
      refuse(where, {std::string(signature.name), body.error().reason});
      return {};
    }
    if (patterns_.contains(*body)) {
      ++report_.doubles;
      return {};
    }
    if (report_.rules >= rules::kMaxRules) {
      refuse(where, {std::string(signature.name),
                     fmt::format("more than {} rules", rules::kMaxRules)});
      return {};
    }
    const std::string name = unique_name(name_of_signature(signature.name), rule_names_);
    const auto rule = body_rule({.id = "external/" + name,
                                 .name = name_of_signature(signature.name),
                                 .source = base,
                                 .pattern = *body,
                                 .severity = options_.body_severity,
                                 .date = options_.date});
    if (!rule) {
      rule_names_.erase(name);
      refuse(where, {std::string(signature.name), rule.error().reason});
      return {};
    }
    patterns_.insert(*body);
    const auto directory = prepare("external");
    if (!directory) return std::unexpected(directory.error());
    if (auto written = write_small_file(*directory + name + ".yaml", *rule); !written) return written;
    ++report_.rules;
    return {};
  }

  /// Makes the folder and gives its path, a slash at its end.
  [[nodiscard]] Result<std::string> prepare(const char* folder) {
    const std::string path = options_.directory + '/' + folder;
    if (!made_.contains(folder)) {
      boost::system::error_code error;
      fs::create_directories(path, error);
      if (error) return std::unexpected(Error{path, error.message()});
      made_.insert(folder);
    }
    return path + '/';
  }

  static std::string unique_name(std::string_view name, std::set<std::string>& taken) {
    const std::string slug = slug_of(name);
    std::string unique = slug;
    for (int i = 2; !taken.insert(unique).second; ++i) unique = fmt::format("{}-{}", slug, i);
    return unique;
  }

  void refuse(const std::string& where, const Error& error) {
    ++report_.refused;
    on_refused_({where, truncate_utf8(to_utf8(error.message()), kMaxReasonBytes)});
  }

  const ImportOptions& options_;
  const OnRefused& on_refused_;
  ImportReport report_;
  std::set<std::string> made_;
  std::set<std::string> list_names_;
  std::set<std::string> rule_names_;
  std::unordered_set<std::string> patterns_;
};

}  // namespace

std::string slug_of(std::string_view name) {
  constexpr std::size_t kMaxSlugBytes = 100;
  std::string slug;
  for (const char c : name.substr(0, kMaxSlugBytes)) {
    const char lower = ascii_lower(c);
    const bool is_word = (lower >= 'a' && lower <= 'z') || is_digit(lower);
    if (is_word)
      slug += lower;
    else if (!slug.empty() && slug.back() != '-')
      slug += '-';
  }
  while (slug.ends_with('-')) slug.pop_back();
  return slug.empty() ? "unnamed" : slug;
}

Result<ImportReport> import_lists(const ImportOptions& options, const OnRefused& on_refused) {
  return Import(options, on_refused).run();
}

}  // namespace backscan::external
