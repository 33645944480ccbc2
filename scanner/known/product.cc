// See product.h. Paths and words are those of the releases themselves.
#include "known/product.h"

#include <re2/re2.h>

#include <array>
#include <utility>

#include "base/text.h"

namespace backscan::known {
namespace {

using namespace std::string_view_literals;

constexpr std::array kWordPressSealed = {"wp-admin/"sv, "wp-includes/"sv};
constexpr std::array kWordPressLoose = {"wp-content/"sv, "wp-config-sample.php"sv, "readme.html"sv,
                                        "license.txt"sv};
constexpr std::array kJoomlaSealed = {"administrator/includes/"sv,
                                      "api/includes/"sv,
                                      "includes/"sv,
                                      "libraries/cms/"sv,
                                      "libraries/joomla/"sv,
                                      "libraries/legacy/"sv,
                                      "libraries/src/"sv,
                                      "libraries/fof/"sv,
                                      "libraries/vendor/"sv,
                                      "libraries/phputf8/"sv,
                                      "libraries/phpass/"sv,
                                      "libraries/*"sv,
                                      "cli/*"sv};
constexpr std::array kJoomlaLoose = {"installation/"sv,
                                     "templates/"sv,
                                     "administrator/templates/"sv,
                                     "language/"sv,
                                     "administrator/language/"sv,
                                     "htaccess.txt"sv,
                                     "robots.txt.dist"sv,
                                     "images/"sv,
                                     "cache/"sv,
                                     "tmp/"sv};
constexpr std::array kDrupalSealed = {"core/"sv};
constexpr std::array kDrupalLoose = {"sites/"sv,  "modules/"sv,  "profiles/"sv,  "themes/"sv,
                                     "vendor/"sv, ".htaccess"sv, "robots.txt"sv, "composer.json"sv};
constexpr std::array kOldDrupalSealed = {"includes/"sv, "misc/"sv, "scripts/"sv, "modules/*"sv};
constexpr std::array kOldDrupalLoose = {"sites/"sv, "profiles/"sv, "themes/"sv, ".htaccess"sv,
                                        "robots.txt"sv};
constexpr std::array kMediaWikiSealed = {"includes/"sv, "maintenance/"sv, "resources/"sv,
                                         "languages/"sv};
constexpr std::array kMediaWikiLoose = {"extensions/"sv, "skins/"sv, "images/"sv, "cache/"sv,
                                        "vendor/"sv};
constexpr std::array kPhpMyAdminSealed = {"libraries/"sv, "templates/"sv, "js/"sv};
constexpr std::array kPhpMyAdminLoose = {"config.sample.inc.php"sv, "libraries/vendor_config.php"sv,
                                         "themes/"sv, "tmp/"sv, "vendor/"sv};
constexpr std::array kRoundcubeSealed = {"program/"sv};
constexpr std::array kRoundcubeLoose = {"config/"sv,
                                        "plugins/"sv,
                                        "skins/"sv,
                                        "temp/"sv,
                                        "logs/"sv,
                                        "vendor/"sv,
                                        "program/localization/"sv};
constexpr std::array kPhpBbSealed = {"includes/"sv, "phpbb/"sv, "adm/"sv, "vendor/"sv};
constexpr std::array kPhpBbLoose = {"ext/"sv,    "styles/"sv, "language/"sv,
                                    "images/"sv, "cache/"sv,  "install/"sv,
                                    "store/"sv,  "files/"sv,  "config/"sv};
constexpr std::array kOpenCartSealed = {"system/engine/"sv, "system/library/*"sv,
                                        "system/helper/"sv};
constexpr std::array kOpenCartLoose = {"config.php"sv,      "admin/config.php"sv, "install/"sv,
                                       "image/"sv,          "catalog/"sv,         "admin/"sv,
                                       "system/storage/"sv, "extension/"sv};
constexpr std::array kPrestaShopSealed = {"classes/"sv, "controllers/"sv, "src/"sv};
constexpr std::array kPrestaShopLoose = {
    "install/"sv,      "admin/"sv,    "modules/"sv, "themes/"sv, "override/"sv,
    "translations/"sv, "config/"sv,   "var/"sv,     "cache/"sv,  "img/"sv,
    "upload/"sv,       "download/"sv, "vendor/"sv};
constexpr std::array kMoodleSealed = {"lib/"sv, "admin/cli/"sv, "backup/"sv};
constexpr std::array kMoodleLoose = {"local/"sv,  "theme/"sv, "mod/"sv,
                                     "blocks/"sv, "auth/"sv,  "config.php"sv};

const std::array kProducts = {
    // A fork, which bears the other's number, too: first.
    Product{"ClassicPress", "wp-includes/version.php", R"(\$cp_version\s*=\s*'([^']{1,40})')",
            kWordPressSealed, kWordPressLoose},
    Product{"WordPress", "wp-includes/version.php", R"(\$wp_version\s*=\s*'([^']{1,40})')",
            kWordPressSealed, kWordPressLoose},
    Product{"Joomla", "administrator/manifests/files/joomla.xml",
            R"(<version>([^<]{1,40})</version>)", kJoomlaSealed, kJoomlaLoose},
    Product{"Drupal", "core/lib/Drupal.php", R"(\bconst\s+VERSION\s*=\s*'([^']{1,40})')",
            kDrupalSealed, kDrupalLoose},
    Product{"Drupal", "includes/bootstrap.inc", R"(\bdefine\('VERSION',\s*'([^']{1,40})')",
            kOldDrupalSealed, kOldDrupalLoose},
    Product{"MediaWiki", "includes/Defines.php", R"(\bdefine\(\s*'MW_VERSION',\s*'([^']{1,40})')",
            kMediaWikiSealed, kMediaWikiLoose},
    Product{"phpMyAdmin", "libraries/classes/Version.php",
            R"(\bconst\s+VERSION\s*=\s*'([^']{1,40})')", kPhpMyAdminSealed, kPhpMyAdminLoose},
    Product{"Roundcube", "program/include/iniset.php",
            R"(\bdefine\('RCMAIL_VERSION',\s*'([^']{1,40})')", kRoundcubeSealed, kRoundcubeLoose},
    Product{"phpBB", "includes/constants.php", R"(define\('PHPBB_VERSION',\s*'([^']{1,40})')",
            kPhpBbSealed, kPhpBbLoose},
    Product{"PrestaShop", "app/AppKernel.php", R"(\bconst\s+VERSION\s*=\s*'([^']{1,40})')",
            kPrestaShopSealed, kPrestaShopLoose},
    Product{"Moodle", "version.php", R"(\$release\s*=\s*'([^']{1,60})')", kMoodleSealed,
            kMoodleLoose},
    Product{"OpenCart", "index.php", R"(\bdefine\('VERSION',\s*'([^']{1,40})')", kOpenCartSealed,
            kOpenCartLoose},
};

std::optional<VersionLine> find_line(std::string_view text, const RE2& pattern) {
  re2::StringPiece found[2];
  if (!pattern.ok() || !pattern.Match(text, 0, text.size(), RE2::UNANCHORED, found, 2))
    return std::nullopt;
  const auto at = static_cast<std::size_t>(found[0].data() - text.data());
  const std::size_t before = text.rfind('\n', at);
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t end = text.find('\n', at + found[0].size());
  return VersionLine{std::string(trim(text.substr(begin, end - begin))), std::string(found[1])};
}

}  // namespace

std::span<const Product> products() {
  return kProducts;
}

std::optional<VersionLine> version_line(const Product& product, std::string_view text) {
  return find_line(text, RE2(product.version, RE2::Quiet));
}

bool is_of_fork(std::string_view product, std::string_view mark_path, std::string_view text) {
  for (const Product& other : kProducts) {
    if (other.mark_path != mark_path) continue;
    if (other.name == product) return false;
    if (version_line(other, text)) return true;
  }
  return false;
}

std::optional<VersionLine> own_words_of_version(std::string_view name, std::string_view text) {
  const std::string lower = ascii_lower(name.substr(name.rfind('/') + 1));
  constexpr std::size_t kHeaderBytes = 8192;
  text = text.substr(0, kHeaderBytes);
  const bool is_header = (lower.ends_with(".php") && text.find("Plugin Name:") != text.npos) ||
                         (lower == "style.css" && text.find("Theme Name:") != text.npos);
  if (is_header)
    return find_line(text, RE2(R"((?im)^[ \t/*#@]*Version:[ \t]*([\w.+-]{1,40}))", RE2::Quiet));
  if (lower == "composer.json" || lower == "package.json")
    return find_line(text, RE2(R"re("version"\s*:\s*"([^"]{1,40})")re", RE2::Quiet));
  if (lower == "version.php" || lower == "version.inc.php" || lower == "version")
    return find_line(text, RE2(R"((\d{1,4}(?:\.\d{1,6}){1,3}[\w.+-]{0,20}))", RE2::Quiet));
  return std::nullopt;
}

}  // namespace backscan::known
