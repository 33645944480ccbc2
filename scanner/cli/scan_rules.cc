// See scan_rules.h.
#include "cli/scan_rules.h"

#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <utility>

#include "external/pack.h"

namespace backscan::cli {
namespace {

/// Rules' compiled databases: root's are shared, a user's are the user's own.
std::string cache_directory() {
  if (::geteuid() == 0) return "/var/cache/backscan";
  if (const auto cache = environment_variable("XDG_CACHE_HOME"); cache && !cache->empty())
    return *cache + "/backscan";
  if (const auto home = environment_variable("HOME"); home && !home->empty())
    return *home + "/.cache/backscan";
  return {};
}

void complain_about(const std::vector<Error>& errors, const Context& context) {
  for (const Error& error : errors) context.complain(error.message());
}

/// The directories of --rules, packs among them verified and unpacked.
class RulePlaces {
 public:
  [[nodiscard]] Result<void> add(const std::string& place, const std::string& key) {
    boost::system::error_code ignored;
    if (!boost::filesystem::is_regular_file(place, ignored)) {
      directories_.push_back(place);
      return {};
    }
    if (key.empty())
      return std::unexpected(
          Error{place, "a pack from outside is only read with --rules-key, and its signature beside it"});
    const auto public_key = external::read_public_key(key);
    if (!public_key) return std::unexpected(public_key.error());
    const auto pack = external::verify_pack(place, {}, *public_key);
    if (!pack) return std::unexpected(pack.error());
    auto unpacked = external::UnpackedPack::unpack(pack->bytes, place);
    if (!unpacked) return std::unexpected(unpacked.error());
    directories_.push_back(unpacked->directory());
    packs_.emplace_back(*std::move(unpacked), place);
    return {};
  }

  [[nodiscard]] const std::vector<std::string>& directories() const { return directories_; }

  /// `errors` with packs by their own names, not by where they were unpacked.
  [[nodiscard]] std::vector<Error> renamed(std::vector<Error> errors) const {
    for (Error& error : errors)
      for (const auto& [pack, name] : packs_)
        if (error.object.starts_with(pack.directory()))
          error.object.replace(0, pack.directory().size(), name);
    return errors;
  }

 private:
  std::vector<std::string> directories_;
  std::vector<std::pair<external::UnpackedPack, std::string>> packs_;
};

}  // namespace

std::optional<ScanRules> load_rules(ScanCommand& command, const Context& context) {
  rules::LoadOptions& options = command.rules;
  RulePlaces places;
  for (const std::string& place : command.rule_directories) {
    if (const auto added = places.add(place, command.rules_key); !added) {
      complain_about({added.error()}, context);
      return std::nullopt;
    }
  }
  if (!command.no_default_rules) options.directories = {signatures_directory()};
  options.directories.insert(options.directories.end(), places.directories().begin(),
                             places.directories().end());
  options.cache_directory = cache_directory();
  auto external = external::load_external({.yara_files = command.yara_files}, options);
  if (!external) {
    complain_about(places.renamed(external.error()), context);
    return std::nullopt;
  }
  if (context.verbose && external->yara) complain_about(external->yara->warnings(), context);
  options.foreign_ids = external->ids();
  external->keep_wanted(options);
  auto own = rules::RuleSet::load(options);
  if (!own) {
    complain_about(places.renamed(own.error()), context);
    return std::nullopt;
  }
  ScanRules loaded{*std::move(own), nullptr};
  if (!external->is_empty())
    loaded.external = std::make_unique<const external::ExternalRules>(*std::move(external));
  command.scan.external = loaded.external.get();
  return loaded;
}

}  // namespace backscan::cli
