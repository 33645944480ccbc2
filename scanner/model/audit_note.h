// One bad setting of an MTA, a filter or PHP: the `audit` record.
#pragma once

#include <string>
#include <vector>

#include "model/severity.h"

namespace backscan {

struct AuditNote {
  std::string rule;       // "postfix/local-recipient-maps-empty"
  std::string component;  // "postfix", "exim", "dovecot", "php"
  std::string file;
  std::size_t line = 0;  // 0: from a command's output, or unknown
  std::string setting;
  std::string value;
  Severity severity = Severity::kInfo;
  std::vector<Cause> causes;
  std::string why;
  std::string fix;
  std::string host;  // of a merged result: whose setting it is
};

}  // namespace backscan
