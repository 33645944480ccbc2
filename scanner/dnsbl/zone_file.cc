// Zones and dead zones from YAML; which of them a run asks is zone_choice.cc's.
#include <algorithm>
#include <charconv>
#include <map>

#include "base/text.h"
#include "dnsbl/yaml_list.h"
#include "dnsbl/zone.h"

namespace backscan::dnsbl {
namespace {

/// "28d" or "24h"; nothing for other text.
std::optional<std::chrono::hours> parse_duration(std::string_view text) {
  int count = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (fault != std::errc{} || count <= 0 || count > 36'500) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (unit == "d") return std::chrono::hours(24 * count);
  if (unit == "h") return std::chrono::hours(count);
  return std::nullopt;
}

bool is_web_address(std::string_view text) {
  if (!text.starts_with("https://") && !text.starts_with("http://")) return false;
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_date(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  return std::ranges::equal(text, kShape.substr(0, text.size()), [](char c, char shape) {
    return shape == 'd' ? c >= '0' && c <= '9' : c == shape;
  });
}

std::string read_web_address(const YamlEntry& entry, const char* key) {
  const auto text = entry.text(key);
  if (!text) return {};
  if (!is_web_address(*text))
    entry.complain(entry.mark(key), std::string("\"") + key + "\" is no http or https address");
  return *text;
}

void read_families(const YamlEntry& entry, Zone& zone) {
  bool is_told = false;
  bool ipv4 = false;
  bool ipv6 = false;
  entry.words("families", [&](const std::string& word, const YAML::Mark& mark) {
    is_told = true;
    if (word == "ipv4")
      ipv4 = true;
    else if (word == "ipv6")
      ipv6 = true;
    else
      entry.complain(mark, "unknown family \"" + word + "\" (known: ipv4, ipv6)");
  });
  zone.are_families_told = is_told;
  zone.ipv4 = !is_told || ipv4;
  zone.ipv6 = !is_told || ipv6;
}

Code read_code(const YamlEntry& entry, const std::string& answer, const YAML::Node& node) {
  Code code{.answer = answer, .meaning = {}};
  if (node.IsScalar()) {
    code.meaning = node.Scalar();
  } else if (node.IsMap()) {
    for (const auto& pair : node) {
      const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : "";
      const std::string value = pair.second.IsScalar() ? pair.second.Scalar() : "";
      if (key == "meaning") {
        code.meaning = value;
      } else if (key == "kind" && (value == "listing" || value == "other" || value == "refused")) {
        code.is_listing = value == "listing";
        code.is_refusal = value == "refused";
      } else if (key == "kind") {
        entry.complain(pair.second.Mark(),
                       "unknown kind \"" + value + "\" (known: listing, other, refused)");
      } else {
        entry.complain(pair.first.Mark(), "unknown key \"" + key + '"');
      }
    }
  }
  if (code.meaning.empty()) entry.complain(node.Mark(), "code " + answer + " has no meaning");
  return code;
}

void read_codes(const YamlEntry& entry, Zone& zone) {
  entry.pairs("codes", [&](const std::string& answer, const YAML::Node& node) {
    if (!is_code_pattern(answer))
      entry.complain(node.Mark(), "\"" + answer +
                                      "\" is no address, prefix (\"127.0.1.\") or range of "
                                      "127.0.0.0/8");
    zone.codes.push_back(read_code(entry, answer, node));
  });
}

void read_causes(const YamlEntry& entry, Zone& zone) {
  entry.words("causes", [&](const std::string& word, const YAML::Mark& mark) {
    if (const auto cause = parse_cause(word))
      zone.causes.push_back(*cause);
    else
      entry.complain(
          mark, "unknown cause \"" + word + "\" (known: spam, bounce, autoreply, callout, none)");
  });
}

void read_evidence(const YamlEntry& entry, Zone& zone) {
  std::string mark_letter;
  std::string date;
  entry.pairs("evidence", [&](const std::string& key, const YAML::Node& node) {
    const std::string value = node.IsScalar() ? node.Scalar() : "";
    if (key == "mark" && value.size() == 1 && std::string_view("TPSM").contains(value[0]))
      mark_letter = value;
    else if (key == "date" && is_date(value))
      date = value;
    else
      entry.complain(node.Mark(),
                     "evidence takes mark (T, P, S or M) and date, not " + key + ": " + value);
  });
  zone.evidence = mark_letter;
  if (!date.empty()) zone.evidence += zone.evidence.empty() ? date : ' ' + date;
}

void read_choices(const YamlEntry& entry, Zone& zone) {
  if (const auto scope = entry.text("scope")) {
    if (const auto known = parse_name<ListingScope>(kScopeNames, *scope))
      zone.scope = *known;
    else
      entry.complain(entry.mark("scope"),
                     "unknown scope \"" + *scope + "\" (known: address, network, asn)");
  }
  if (const auto set = entry.text("set")) {
    zone.set = *set;
    if (*set != "core" && *set != "extended")
      entry.complain(entry.mark("set"), "unknown set \"" + *set + "\" (known: core, extended)");
  }
  if (const auto after = entry.text("expires_after")) {
    zone.expires_after = parse_duration(*after);
    if (!zone.expires_after)
      entry.complain(entry.mark("expires_after"), "\"" + *after + "\" is no time like 28d or 24h");
  }
  if (const auto key = entry.text("key")) {
    // The key itself must not stand in an error that ends in a log.
    if (!parse_zone_name(*key + ".invalid") || key->find('.') != std::string::npos)
      entry.complain(entry.mark("key"), "the key is not one DNS label");
    zone.key = ascii_lower(*key);
  }
}

std::string refusal(const DeadZone& dead, const std::string& zone) {
  std::string text = zone + " must not be asked";
  if (!dead.date.empty()) text += " (" + dead.date + ')';
  return text + ": " + dead.what + "; \"allow_dead: true\" asks it all the same";
}

Zone read_zone(const YamlEntry& entry, std::span<const DeadZone> dead) {
  entry.allow_only({"zone", "name", "set", "families", "scope", "causes", "codes", "informational",
                    "needs_key", "key", "lookup", "delist", "expires", "expires_after", "delisting",
                    "policy", "evidence", "allow_dead"});
  Zone zone;
  const auto name = entry.text("zone");
  if (!name) {
    entry.complain(entry.mark(), "an entry has no \"zone\"");
    return zone;
  }
  if (const auto parsed = parse_zone_name(*name))
    zone.zone = *parsed;
  else
    entry.complain(entry.mark("zone"), parsed.error().message());
  zone.name = entry.text("name").value_or(zone.zone);
  read_families(entry, zone);
  read_codes(entry, zone);
  read_causes(entry, zone);
  read_choices(entry, zone);
  read_evidence(entry, zone);
  zone.is_informational = entry.flag("informational", false);
  zone.needs_key = entry.flag("needs_key", false);
  zone.lookup_url = read_web_address(entry, "lookup");
  zone.delist_url = read_web_address(entry, "delist");
  zone.expires = entry.text("expires").value_or("");
  zone.delisting = entry.text("delisting").value_or("");
  zone.policy = entry.text("policy").value_or("");
  const DeadZone* const entry_of_dead = find_dead(dead, zone.zone);
  if (entry_of_dead != nullptr && !entry.flag("allow_dead", false))
    entry.complain(entry.mark("zone"), refusal(*entry_of_dead, zone.zone));
  return zone;
}

}  // namespace

Loaded<Zone> load_zones(const std::string& file, std::span<const DeadZone> dead) {
  std::vector<Zone> zones;
  std::map<std::string, int> first_lines;
  auto errors = read_yaml_list(file, "zones", [&](const YamlEntry& entry) {
    Zone zone = read_zone(entry, dead);
    const int line = entry.mark().line + 1;
    const auto [it, is_new] = first_lines.emplace(zone.zone, line);
    if (!is_new && !zone.zone.empty())
      entry.complain(entry.mark(),
                     "zone " + zone.zone + " is already on line " + std::to_string(it->second));
    zones.push_back(std::move(zone));
  });
  if (errors.empty() && zones.empty()) errors.push_back({file, "lists no zone"});
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return zones;
}

Loaded<DeadZone> load_dead_zones(const std::string& file) {
  std::vector<DeadZone> dead;
  auto errors = read_yaml_list(file, "dead_zones", [&](const YamlEntry& entry) {
    entry.allow_only({"zone", "subzones", "date", "what", "evidence"});
    DeadZone zone;
    const auto name = parse_zone_name(entry.text("zone").value_or(""));
    if (name)
      zone.zone = *name;
    else
      entry.complain(entry.mark("zone"), name.error().message());
    zone.with_subzones = entry.flag("subzones", false);
    zone.date = entry.text("date").value_or("");
    if (!zone.date.empty() && !is_date(zone.date))
      entry.complain(entry.mark("date"), "\"date\" must be a date");
    zone.what = entry.text("what").value_or("");
    if (zone.what.empty()) entry.complain(entry.mark(), "an entry does not say \"what\" happened");
    dead.push_back(std::move(zone));
  });
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return dead;
}

}  // namespace backscan::dnsbl
