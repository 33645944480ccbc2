// Ini files as PHP reads them: one setting a line, quotes, comments; of an FPM pool the settings in
// brackets.
#include "base/text.h"
#include "php/carriers_settings.h"

namespace backscan::php {
namespace {

/// Hostile files may be one huge line; no honest setting is this long.
constexpr std::size_t kMaxIniLine = 8192;

std::string_view strip_comment_and_quotes(std::string_view value) {
  value = trim(value);
  if (!value.empty() && (value[0] == '"' || value[0] == '\'')) {
    const std::size_t close = value.find(value[0], 1);
    return value.substr(1, close == std::string_view::npos ? close : close - 1);
  }
  return trim(value.substr(0, value.find(';')));
}

/// The name between the brackets of `php_admin_value[mail.log]`; empty for a pool's own settings.
std::string_view pool_setting(std::string_view key) {
  const std::size_t open = key.find('[');
  if (open == std::string_view::npos || !key.ends_with(']')) return {};
  const std::string_view kind = trim(key.substr(0, open));
  if (kind != "php_value" && kind != "php_flag" && kind != "php_admin_value" &&
      kind != "php_admin_flag") {
    return {};
  }
  return trim(key.substr(open + 1, key.size() - open - 2));
}

}  // namespace

void add_ini_facts(SettingsFile file, std::string_view bytes, std::vector<Fact>& facts) {
  for (std::size_t begin = 0; begin < bytes.size();) {
    const std::size_t line_break = std::min(bytes.find_first_of("\r\n", begin), bytes.size());
    const std::string_view line = bytes.substr(begin, line_break - begin);
    const std::size_t equals = line.size() > kMaxIniLine ? std::string_view::npos : line.find('=');
    const std::string_view key = trim(line.substr(0, equals));
    if (equals != std::string_view::npos && !key.empty() && key[0] != ';' && key[0] != '#') {
      const std::string_view name = file == SettingsFile::kPool ? pool_setting(key) : key;
      const Span place{static_cast<Offset>(begin), static_cast<Offset>(line_break)};
      add_setting_facts(file, name, strip_comment_and_quotes(line.substr(equals + 1)), place, facts);
    }
    begin = line_break + 1;
  }
}

}  // namespace backscan::php
