// What a name says about a file, before it is opened: whether it is PHP, a configuration that can
// carry PHP settings, or something whose contents have to tell.
#pragma once

#include <cstdint>
#include <string_view>

namespace backscan::scan {

enum class NameKind : std::uint8_t {
  kPhp,      // a server commonly hands it to PHP, or PHP includes it, also "x.php.bak"
  kCarrier,  // .htaccess, .user.ini, php.ini, *.conf
  kText,     // html, js, txt, …: raw rules look at head and tail
  kImage,
  kOther,
};

/// By name alone, ASCII case ignored. `name` is the last part of the path.
[[nodiscard]] NameKind kind_of_name(std::string_view name);

/// True for an extension that web servers hand to PHP ("php", "php7", "phtml", "phar", …);
/// `extension` without its dot, in lower case.
[[nodiscard]] bool is_php_extension(std::string_view extension);

/// True if `bytes` hold a PHP open tag: `<?php`, `<?=`, `<? ` or `<script language=php>`.
[[nodiscard]] bool has_php_tag(std::string_view bytes);

/// True for manuals ("install.md") that show PHP between their paragraphs: no server runs them. One
/// that begins with a tag is a program under a false name.
[[nodiscard]] bool is_prose(std::string_view name, std::string_view bytes);

}  // namespace backscan::scan
