// Signature lists and signature files come from strangers: every line is refused or becomes a rule that the
// loader takes, and no made-up signature is ever good.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "external/body_rule.h"
#include "external/import.h"
#include "external/minisign.h"
#include "external/signature_line.h"
#include "rules/rule_reader.h"

namespace {

using namespace backscan;

void require(bool claim) {
  if (!claim) std::abort();
}

void check_body(const external::BodySignature& signature) {
  const auto pattern = external::body_pattern(signature);
  if (!pattern) return;
  const std::string name = external::name_of_signature(signature.name);
  const std::string id = "external/" + external::slug_of(name);
  const auto rule = external::body_rule(
      {.id = id, .name = name, .source = "fuzz.ndb", .pattern = *pattern, .date = "2026-11-30"});
  if (!rule) return;
  std::vector<Error> errors;
  const auto read = rules::read_rule({.file = id, .id = id, .text = *rule}, errors);
  require(read.has_value() && read->when.pattern == *pattern);
}

void check_lines(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
    for (const auto format :
         {external::ListFormat::kHashes, external::ListFormat::kBodies, external::ListFormat::kHexes}) {
      const auto signature = external::read_signature(format, line);
      if (!signature || !*signature) continue;
      if (const auto* body = std::get_if<external::BodySignature>(&**signature)) check_body(*body);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_lines(text);
  static const auto key = external::read_public_key("RWTyNUfHOKxYbc5CMjatReXYSAJX0nI2zdzi9diDKXz8eHjHA6xUheI4");
  require(key.has_value());
  require(!external::verify_minisign("what nobody signed", text, *key, "fuzz").has_value());
  return 0;
}
