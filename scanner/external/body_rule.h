// A signature of bytes as the text of a rule file, if it makes a rule that the lint would let pass.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "external/signature_line.h"
#include "model/severity.h"

namespace backscan::external {

/// LMD marks its names by list: "{HEX}php.mailer.1" is php.mailer.1.
[[nodiscard]] std::string name_of_signature(std::string_view name);

/// The pattern over raw bytes. The error's reason says what of the signature has no like.
[[nodiscard]] Result<std::string> body_pattern(const BodySignature& signature);

struct BodyRule {
  std::string id;
  std::string name;
  std::string source;  // the list
  std::string pattern;
  Severity severity = Severity::kMedium;
  std::string date;
};

/// The YAML text. An error if the loader or the lint refuse the rule, with their reason: too few bytes
/// that must be there, too long, or found in ordinary code.
[[nodiscard]] Result<std::string> body_rule(const BodyRule& rule);

}  // namespace backscan::external
