// Every configuration format on any bytes: settings have names, and lines that exist.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "mail/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace backscan;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  mail::Settings settings;
  mail::read_postfix_main(text, "x", settings);
  mail::read_postfix_master(text, "x", settings);
  mail::read_alias_table(text, "x", settings);
  mail::read_exim(text, "x", settings);
  mail::read_sendmail(text, "x", settings);
  mail::read_dovecot(text, "x", settings);
  mail::read_amavis(text, "x", settings);
  mail::read_php_ini(text, "x", settings);
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  for (const mail::Setting& setting : settings) {
    if (setting.line > lines) std::abort();
    (void)mail::parse_duration(setting.value);
  }
  return 0;
}
