// Hyperscan behind RAII (proposal_database.h).
#include "rules/proposal_database.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <new>
#include <stdexcept>

namespace backscan::rules {
namespace {

constexpr unsigned kFlags =
    HS_FLAG_SINGLEMATCH | HS_FLAG_PREFILTER | HS_FLAG_DOTALL | HS_FLAG_ALLOWEMPTY;

}  // namespace

bool library_misses_matches() {
  // Vectorscan counts from 5.4.1 on as a fork of Hyperscan 5.4.0 and is mended in 5.4.13;
  // Hyperscan's own last versions are 5.4.1 and 5.4.2.
  int major = 0;
  int minor = 0;
  int patch = 0;
  if (std::sscanf(hs_version(), "%d.%d.%d", &major, &minor, &patch) != 3) return true;
  return major == 5 && minor == 4 && patch >= 3 && patch <= 12;
}

std::string library_identity() {
  hs_platform_info_t platform{};
  if (hs_populate_platform(&platform) != HS_SUCCESS) return hs_version();
  return fmt::format("{} {} {}", hs_version(), platform.tune, platform.cpu_features);
}

Result<ProposalDatabase> ProposalDatabase::compile(std::vector<Expression> expressions,
                                                   std::vector<std::uint32_t>& rejected) {
  if (hs_valid_platform() != HS_SUCCESS)
    return std::unexpected(Error{"rules", "this CPU lacks what Hyperscan needs (SSSE3 or NEON)"});
  // Hyperscan names one bad expression a call: take it out and try again.
  while (!expressions.empty()) {
    std::vector<const char*> texts;
    std::vector<unsigned> ids;
    for (const Expression& expression : expressions) {
      texts.push_back(expression.text.c_str());
      ids.push_back(expression.id);
    }
    const std::vector<unsigned> flags(expressions.size(), kFlags);
    hs_database_t* database = nullptr;
    hs_compile_error_t* failure = nullptr;
    const hs_error_t code = hs_compile_multi(texts.data(), flags.data(), ids.data(),
                                             static_cast<unsigned>(expressions.size()),
                                             HS_MODE_BLOCK, nullptr, &database, &failure);
    if (code == HS_SUCCESS) {
      ProposalDatabase compiled;
      compiled.database_.reset(database);
      return compiled;
    }
    const int at = failure != nullptr ? failure->expression : -1;
    const std::string reason = failure != nullptr ? failure->message : "cannot compile";
    hs_free_compile_error(failure);
    if (at < 0) return std::unexpected(Error{"rules", "Hyperscan: " + reason});
    rejected.push_back(expressions[static_cast<std::size_t>(at)].id);
    expressions.erase(expressions.begin() + at);
  }
  return ProposalDatabase();
}

Result<ProposalDatabase> ProposalDatabase::deserialize(std::string_view bytes) {
  ProposalDatabase loaded;
  if (bytes.empty()) return loaded;
  hs_database_t* database = nullptr;
  const hs_error_t code = hs_deserialize_database(bytes.data(), bytes.size(), &database);
  if (code != HS_SUCCESS)
    return std::unexpected(Error{"rules", fmt::format("Hyperscan database: error {}", code)});
  loaded.database_.reset(database);
  return loaded;
}

Result<std::string> ProposalDatabase::serialize() const {
  if (empty()) return std::string();
  char* bytes = nullptr;
  std::size_t length = 0;
  const hs_error_t code = hs_serialize_database(get(), &bytes, &length);
  if (code != HS_SUCCESS)
    return std::unexpected(Error{"rules", fmt::format("Hyperscan database: error {}", code)});
  // Hyperscan allocates with malloc.
  const std::unique_ptr<char, decltype(&std::free)> owner(bytes, &std::free);
  return std::string(bytes, length);
}

void ProposalDatabase::check(hs_error_t code) {
  if (code != HS_SUCCESS) throw std::logic_error(fmt::format("Hyperscan: scan error {}", code));
}

Scratch::Scratch(std::span<const ProposalDatabase* const> databases) {
  hs_scratch_t* scratch = nullptr;
  for (const ProposalDatabase* database : databases) {
    if (database->empty()) continue;
    if (hs_alloc_scratch(database->get(), &scratch) != HS_SUCCESS) {
      hs_free_scratch(scratch);
      throw std::bad_alloc();
    }
  }
  scratch_.reset(scratch);
}

}  // namespace backscan::rules
