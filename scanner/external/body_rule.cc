// See body_rule.h.
#include "external/body_rule.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <vector>

#include "base/text.h"
#include "external/hex_pattern.h"
#include "rules/common_code.h"
#include "rules/lint.h"
#include "rules/regex.h"
#include "rules/rule_reader.h"

namespace backscan::external {
namespace {

/// In YAML's single quotes, on one line.
std::string in_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : escape_controls(text)) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + '\'';
}

std::string without_braces(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == '{' || c == '}'; });
  return out;
}

/// What the lists' names tell of what a thing does.
std::string_view cause_of(std::string_view name) {
  return contains_any(ascii_lower(name), {"mailer", "spam"}) ? "spam" : "none";
}

std::string text_of(const BodyRule& rule) {
  const std::string name = without_braces(rule.name);
  return fmt::format(
      "id: {}\ntitle: {}\nclass: external\nseverity: {}\nconfidence: medium\nstatus: test\n"
      "causes: [{}]\nwhen:\n  raw: {}\nmessage: {}\nremedy: {}\nreferences: [{}]\n"
      "false_positives: {}\nauthor: imported\ndate: {}\n",
      rule.id, in_quotes("Signature " + name), name_of(rule.severity), cause_of(rule.name),
      in_quotes(rule.pattern),
      in_quotes(fmt::format("The bytes of the signature {} of {} stand here.", name,
                         without_braces(rule.source))),
      "Read the file, and quarantine it if nothing honest explains it.", in_quotes(rule.source),
      "Not judged by backscan; imported as the list has it.", rule.date);
}

}  // namespace

std::string name_of_signature(std::string_view name) {
  if (name.starts_with('{'))
    if (const std::size_t end = name.find('}'); end != name.npos && end + 1 < name.size())
      name.remove_prefix(end + 1);
  return to_utf8(name);
}

Result<std::string> body_pattern(const BodySignature& signature) {
  // 0 is any file; the others are programs, or text that ClamAV normalised first.
  if (signature.target != "0")
    return std::unexpected(Error{
        "", fmt::format("target {}: only signatures of any file (0) look at bytes as they are",
                        to_utf8(signature.target))});
  return hex_pattern(signature.hex, signature.offset);
}

Result<std::string> body_rule(const BodyRule& rule) {
  std::string text = text_of(rule);
  std::vector<Error> errors;
  const auto read = rules::read_rule({.file = rule.id, .id = rule.id, .text = text}, errors);
  if (!read) return std::unexpected(Error{"", errors.empty() ? "no rule" : errors.front().reason});
  const auto notes = rules::lint_rules(std::vector{*read});
  if (!notes.empty()) return std::unexpected(Error{"", notes.front().reason});
  const re2::RE2 regex(rule.pattern, rules::regex_options());
  if (rules::is_common(ViewKind::kRaw, regex))
    return std::unexpected(Error{"", "ordinary code holds it"});
  return text;
}

}  // namespace backscan::external
