#include "php/carriers.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "model/fact_names.h"
#include "php/carriers_settings.h"

namespace backscan::php {
namespace {

constexpr std::size_t kMaxWords = 200;

bool is_off(std::string_view value) {
  static constexpr auto kOff = std::to_array<std::string_view>({"", "0", "off", "no", "false", "none"});
  const std::string lowered = ascii_lower(value);
  return std::ranges::find(kOff, lowered) != kOff.end();
}

/// Programs that hand mail to a mail server, or to a developer's mailbox, without doing more.
bool is_known_mail_program(std::string_view command) {
  static constexpr auto kKnown = std::to_array<std::string_view>(
      {"sendmail", "msmtp", "ssmtp", "esmtp", "exim", "exim4", "nullmailer-inject", "qmail-inject",
       "dma", "mini_sendmail", "catchmail", "mhsendmail", "mailhog", "mailpit", "true"});
  const std::string_view program = command.substr(0, command.find_first_of(" \t"));
  const std::size_t slash = program.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? program : program.substr(slash + 1);
  static constexpr auto kSystem = std::to_array<std::string_view>({"/usr/", "/bin/", "/sbin/", "/opt/"});
  const bool is_system = slash == std::string_view::npos ||
                         std::ranges::any_of(kSystem, [&](std::string_view directory) {
                           return program.starts_with(directory);
                         });
  return is_system && std::ranges::find(kKnown, name) != kKnown.end();
}

std::string_view file_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// A pool's settings stand in brackets: php_admin_value[mail.log].
bool looks_like_pool(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, std::size_t{1} << 20);
  return head.find("php_value[") != std::string_view::npos ||
         head.find("php_flag[") != std::string_view::npos ||
         head.find("php_admin_value[") != std::string_view::npos ||
         head.find("php_admin_flag[") != std::string_view::npos;
}

}  // namespace

Fact carrier_fact(std::string_view name, Span place, std::string_view directive,
                  std::string_view value) {
  Fact fact;
  fact.name = find_fact_name(name);
  fact.place = place;
  fact.sink = directive.substr(0, kMaxWords);
  fact.source = value.substr(0, kMaxWords);
  return fact;
}

bool is_php_extension(std::string_view extension) {
  static constexpr auto kKnown = std::to_array<std::string_view>(
      {"php", "php2", "php3", "php4", "php5", "php6", "php7", "php8", "phtml", "pht", "phtm", "phar",
       "inc"});
  const std::string lowered = ascii_lower(extension.substr(0, 8));
  return std::ranges::find(kKnown, lowered) != kKnown.end();
}

void add_setting_facts(SettingsFile file, std::string_view name, std::string_view value, Span place,
                       std::vector<Fact>& facts) {
  const bool is_htaccess = file == SettingsFile::kHtaccess;
  const auto add = [&](std::string_view ini_name, std::string_view htaccess_name) {
    facts.push_back(carrier_fact(is_htaccess ? htaccess_name : ini_name, place, name, value));
  };
  if (name == "auto_prepend_file" || name == "auto_append_file") {
    if (!is_off(value)) add("ini.auto-prepend", "htaccess.auto-prepend");
  } else if (name == "mail.add_x_header") {
    if (is_off(value)) add("ini.mail-header-off", "htaccess.mail-header-off");
  } else if (name == "mail.log") {
    if (is_off(value) || value == "/dev/null") add("ini.mail-log-off", "htaccess.mail-log-off");
  } else if (name == "sendmail_path") {
    const bool is_odd = !value.empty() && !is_known_mail_program(value);
    if (is_odd) add("ini.sendmail-path", "ini.sendmail-path");
  } else if (name == "disable_functions") {
    // A whole php.ini is a copy of the system's, in which the empty list is the default.
    if (is_off(value) && file != SettingsFile::kPhpIni) {
      add("ini.functions-enabled", "ini.functions-enabled");
    }
  } else if (name == "engine") {
    if (is_htaccess && !is_off(value)) add("htaccess.engine-on", "htaccess.engine-on");
  }
}

std::vector<Fact> carrier_facts(std::string_view relative_path, std::string_view bytes,
                                std::string_view tail, Offset tail_offset) {
  std::vector<Fact> facts;
  const std::string name = ascii_lower(file_name(relative_path));
  const bool is_php_ini =
      name.ends_with("php.ini") || (name.starts_with("php") && name.ends_with(".ini"));
  // Beside a short php.ini stands someone's wish to change a few settings, not a copy.
  static constexpr std::size_t kShort = 8192;
  if (name.ends_with(".htaccess") || name == "htaccess") {
    add_htaccess_facts(bytes, facts);
  } else if (name.ends_with(".user.ini") || (is_php_ini && bytes.size() < kShort)) {
    add_ini_facts(SettingsFile::kUserIni, bytes, facts);
  } else if (is_php_ini) {
    add_ini_facts(SettingsFile::kPhpIni, bytes, facts);
  } else if (name.ends_with(".conf")) {
    if (looks_like_pool(bytes)) {
      add_ini_facts(SettingsFile::kPool, bytes, facts);
    } else {
      add_htaccess_facts(bytes, facts);
    }
  } else {
    add_archive_facts(bytes, tail, tail_offset, facts);
  }
  return facts;
}

}  // namespace backscan::php
