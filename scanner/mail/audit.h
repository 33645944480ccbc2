// Which settings of the mail server, its filters and PHP make this host send bounces, auto-replies
// or callouts to strangers. The rules are data: signatures/audit/<component>/<name>.yaml.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "mail/settings.h"
#include "model/audit_note.h"
#include "model/scan_result.h"

namespace backscan::mail {

/// How one setting is tested; `operand` as the operator needs it.
struct AuditTest {
  enum class Operator { kEmpty, kSet, kUnset, kEquals, kContains, kMatches, kLongerThan };
  std::string setting;
  Operator op = Operator::kSet;
  std::vector<std::string> operands;
};

struct AuditRule {
  std::string id;  // "<component>/<name>"
  std::string component;
  Severity severity = Severity::kMedium;
  std::vector<Cause> causes;
  AuditTest when;                     // the setting that a note speaks of
  std::vector<AuditTest> and_also;    // all must hold
  std::vector<AuditTest> unless;      // none may hold
  std::string why;
  std::string fix;
  std::vector<std::string> references;
};

/// Every rule below `directory`; on failure each error as "file:line: reason".
[[nodiscard]] std::expected<std::vector<AuditRule>, std::vector<Error>> load_audit_rules(
    const std::string& directory);

/// One note for every setting that a rule objects to, in the order of rules, then of settings.
[[nodiscard]] std::vector<AuditNote> judge(const std::vector<AuditRule>& rules,
                                           const Settings& settings);

struct AuditInput {
  std::string root = "/";
  std::string postconf_file;     // output of `postconf -n`, instead of main.cf
  std::string exim_config_file;  // output of `exim -bP config`, instead of the files
};

struct ConfigurationFound {
  Settings settings;
  std::vector<std::string> files;   // that were read
  std::vector<ErrorRecord> errors;  // present but unreadable
};

/// Reads whatever of Postfix, Exim, Sendmail, Dovecot, amavis, PHP and alias files is below the root.
[[nodiscard]] Result<ConfigurationFound> read_configuration(const AuditInput& input);

}  // namespace backscan::mail
