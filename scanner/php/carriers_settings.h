// PHP settings wherever they are written: the same names and values in an ini file, a pool and an
// .htaccess file. Private to the carriers.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/fact.h"

namespace backscan::php {

enum class SettingsFile : std::uint8_t {
  kHtaccess,
  kUserIni,   // small, read from the document root by PHP itself
  kPhpIni,    // a whole php.ini, often a copy of the system's
  kPool,
};

/// Adds what a setting of PHP tells; `value` without its quotes.
void add_setting_facts(SettingsFile file, std::string_view name, std::string_view value, Span place,
                       std::vector<Fact>& facts);

/// Facts of an ini file or an FPM pool (php.net, "The configuration file"; "php_value[name]").
void add_ini_facts(SettingsFile file, std::string_view bytes, std::vector<Fact>& facts);

/// Facts of an .htaccess file or another file of Apache directives.
void add_htaccess_facts(std::string_view bytes, std::vector<Fact>& facts);

/// The first PHP member of a zip or tar archive.
void add_archive_facts(std::string_view bytes, std::string_view tail, Offset tail_offset,
                       std::vector<Fact>& facts);

/// A fact with its words cut to a bounded length; `name` must be in the vocabulary.
[[nodiscard]] Fact carrier_fact(std::string_view name, Span place, std::string_view directive,
                                std::string_view value);

/// True for extensions (no dot, any case) that servers run as PHP anyway.
[[nodiscard]] bool is_php_extension(std::string_view extension);

}  // namespace backscan::php
