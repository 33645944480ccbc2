// See external_rules.h.
#include "external/external_rules.h"

#include <algorithm>
#include <boost/filesystem.hpp>
#include <map>

#include "external/hash_list_layout.h"
#include "rules/digest.h"
#include "rules/rule_files.h"

namespace backscan::external {

std::size_t ExternalRules::count() const {
  return (yara ? yara->rules().size() : 0) + hash_lists.size();
}

bool ExternalRules::lists_size(std::uint64_t size) const {
  return std::ranges::any_of(hash_lists, [size](const HashList& list) {
    return std::ranges::any_of(kHashKinds,
                               [&](HashKind kind) { return list.lists_size(kind, size); });
  });
}

std::vector<std::string> ExternalRules::ids() const {
  std::vector<std::string> ids;
  if (yara)
    for (const rules::RuleInfo& rule : yara->rules()) ids.push_back(rule.id);
  for (const HashList& list : hash_lists) ids.push_back(list.rule().id);
  return ids;
}

std::string ExternalRules::digest() const {
  std::string all;
  if (yara) all += "yara:" + yara->digest() + '\n';
  for (const HashList& list : hash_lists)
    all += "hashes:" + list.rule().id + ':' + list.digest() + '\n';
  return all.empty() ? all : rules::sha256_hex(all);
}

std::vector<HashList> open_hash_lists(const std::vector<std::string>& directories,
                                      std::vector<Error>& errors) {
  namespace fs = boost::filesystem;
  std::map<std::string, std::string> paths;
  for (const std::string& directory : directories) {
    boost::system::error_code error;
    fs::directory_iterator it(directory + "/hashes", error);
    // No such folder: no lists. That the directory is there at all, the rules' loader sees.
    if (error) continue;
    while (!error && it != fs::directory_iterator()) {
      const std::string name = it->path().filename().string();
      if (name.ends_with(kHashListSuffix) && !name.starts_with('.'))
        paths[name] = it->path().string();
      it.increment(error);
    }
    if (error) errors.push_back({directory + "/hashes", error.message()});
  }
  std::vector<HashList> lists;
  for (const auto& [name, path] : paths) {
    auto list = HashList::open(path);
    if (list)
      lists.push_back(*std::move(list));
    else
      errors.push_back(list.error());
  }
  return lists;
}

std::expected<ExternalRules, std::vector<Error>> load_external(
    const ExternalOptions& options, const rules::LoadOptions& rule_options) {
  ExternalRules rules;
  if (!options.yara_files.empty()) {
    auto yara = YaraRules::compile(options.yara_files, rule_options);
    if (!yara) return std::unexpected(std::move(yara.error()));
    rules.yara = *std::move(yara);
  }
  std::vector<Error> errors;
  rules.hash_lists = open_hash_lists(rule_options.directories, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return rules;
}

void ExternalRules::keep_wanted(const rules::LoadOptions& options) {
  std::erase_if(hash_lists, [&](const HashList& list) {
    return !rules::is_wanted(list.rule(), options);
  });
}

}  // namespace backscan::external
