// Configuration of mail servers, filters and PHP as flat settings with their places, whatever the
// file format; what takes more than one line to see (an ACL that accepts before it verifies) is
// stated by the reader as a setting of its own, so that the audit rules stay data.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backscan::mail {

struct Setting {
  std::string component;  // "postfix", "exim", "sendmail", "dovecot", "amavis", "php", "qmail", "alias"
  std::string name;       // as the manual spells it; derived ones have a dot: "acl.sender-callout"
  std::string value;
  std::string file;  // as on the host, or "postconf -n"
  std::size_t line = 0;
};

using Settings = std::vector<Setting>;

/// Each appends what `text` sets; `file` is only for places. Malformed lines are passed over: an
/// audit of hostile or half-written configuration must still see the rest.

/// main.cf, and the output of `postconf -n` (postconf(5): continuation lines begin with white space).
void read_postfix_main(std::string_view text, const std::string& file, Settings& settings);
/// The `-o name=value` overrides of master.cf (master(5)); those of services bound to loopback are
/// left out: a content filter's re-injection port switches checks off by design.
void read_postfix_master(std::string_view text, const std::string& file, Settings& settings);
/// A Postfix, Sendmail or Exim table in text form: states `alias.catch-all` for `@domain target` and
/// `*: target` rows that lead to another host, `alias.vacation` for pipes into vacation(1).
void read_alias_table(std::string_view text, const std::string& file, Settings& settings);
/// Exim's configuration: a file, Debian's template, or the output of `exim -bP config`.
void read_exim(std::string_view text, const std::string& file, Settings& settings);
/// sendmail.mc: define() and FEATURE(); sendmail.cf: `O name=value` and `DL` (LUSER_RELAY).
void read_sendmail(std::string_view text, const std::string& file, Settings& settings);
/// Dovecot's `name = value` in nested blocks, the block's name left out.
void read_dovecot(std::string_view text, const std::string& file, Settings& settings);
/// amavisd's Perl assignments `$name = value;`.
void read_amavis(std::string_view text, const std::string& file, Settings& settings);
/// php.ini and FPM pools (`php_admin_value[name] = value` becomes `name`).
void read_php_ini(std::string_view text, const std::string& file, Settings& settings);
/// cPanel's exim.conf.localopts: `name=value`.
void read_key_values(std::string_view text, const std::string& component, const std::string& file,
                     Settings& settings);

/// The last setting of that name (later lines win), or null.
[[nodiscard]] const Setting* find_setting(const Settings& settings, std::string_view component,
                                          std::string_view name);

/// A time as Postfix ("5d"), Exim ("1h30m", "10w") and Sendmail ("4h") write it, in seconds; a bare
/// number counts in `unit_seconds`. Nothing where it is no time.
[[nodiscard]] std::optional<double> parse_duration(std::string_view text, double unit_seconds = 1);

}  // namespace backscan::mail
