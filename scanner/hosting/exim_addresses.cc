// Exim's source addresses: `interface` of transports (specification chapter 30), and smarthosts.
// Macros of plain text are filled in; of an expansion only literal addresses are taken.
#include <map>

#include "base/text.h"
#include "hosting/address_sources.h"
#include "hosting/lines.h"

namespace backscan::hosting {
namespace {

constexpr std::size_t kMaxFiles = 1'000;

struct ConfigFile {
  std::string path;
  std::string text;
  bool is_transport_part = false;  // of a split configuration: no "begin transports" stands in it
};

std::vector<ConfigFile> read_files(const RootedDirectory& root, AddressCollector& collector) {
  std::vector<ConfigFile> files;
  for (const char* pattern : {"/etc/exim.conf", "/etc/exim/exim.conf", "/etc/exim4/exim4.conf",
                              "/etc/exim4/exim4.conf.template", "/etc/exim4/exim4.conf.localmacros",
                              "/etc/exim4/conf.d/*/*", "/usr/local/etc/exim/configure"}) {
    for (const std::string& path : root.glob(pattern, kMaxFiles)) {
      if (files.size() == kMaxFiles) return files;
      if (auto text = collector.read(root, path))
        files.push_back({path, std::move(*text), path.contains("/conf.d/transport/")});
    }
  }
  return files;
}

struct Assignment {
  std::string_view name;
  std::string_view value;
};

std::optional<Assignment> parse_assignment(std::string_view line) {
  line = trim(line);
  const std::size_t equals = line.find('=');
  if (line.empty() || line.starts_with('#') || equals == std::string_view::npos)
    return std::nullopt;
  return Assignment{trim(line.substr(0, equals)), unquoted(line.substr(equals + 1))};
}

using Macros = std::map<std::string, std::string, std::less<>>;

Macros read_macros(const std::vector<ConfigFile>& files) {
  Macros macros;
  for (const ConfigFile& file : files)
    for_each_line(file.text, [&](std::string_view line, std::size_t) {
      const auto assignment = parse_assignment(line);
      if (!assignment || assignment->name.empty()) return;
      if (assignment->name.front() < 'A' || assignment->name.front() > 'Z') return;
      macros[std::string(assignment->name)] = assignment->value;
    });
  return macros;
}

/// Literal addresses in an `interface` value: "192.0.2.1", "<; 192.0.2.1 ; 2001:db8::1",
/// "192.0.2.1 : 2001::db8::::1" (colons doubled in a list by colons), or inside "${if
/// …{192.0.2.1}}".
void add_addresses(std::string_view value, const Macros& macros, const std::string& source,
                   AddressCollector& collector) {
  if (const auto macro = macros.find(value); macro != macros.end()) value = macro->second;
  for (const std::string_view word : split_at(value, " \t;,{}<>\"'")) {
    collector.add(word, source);
    std::string single;
    for (std::size_t i = 0; i < word.size(); ++i) {
      single += word[i];
      if (word[i] == ':' && i + 1 < word.size() && word[i + 1] == ':') ++i;
    }
    if (single != word) collector.add(single, source);
  }
}

/// The host of "* mail.example.com byname", if it is one and not a macro or an expansion.
std::optional<std::string> catch_all_host(std::string_view route) {
  const auto words = split_words(unquoted(route));
  if (words.size() < 2 || words[0] != "*") return std::nullopt;
  const std::string_view host = words[1];
  if (host.contains('$') || !host.contains('.')) return std::nullopt;
  return std::string(host);
}

void collect_from(const ConfigFile& file, const Macros& macros, AddressCollector& collector) {
  bool is_in_transports = file.is_transport_part;
  for_each_line(file.text, [&](std::string_view line, std::size_t number) {
    const auto words = split_words(line);
    if (words.size() == 2 && words[0] == "begin") is_in_transports = words[1] == "transports";
    const auto assignment = parse_assignment(line);
    if (!assignment) return;
    if (is_in_transports && assignment->name == "interface")
      add_addresses(assignment->value, macros, place_of(file.path, number), collector);
    if (assignment->name == "route_list")
      if (const auto host = catch_all_host(assignment->value)) collector.set_relayhost(*host);
  });
}

/// Debian's debconf answers: dc_eximconfig_configtype='smarthost',
/// dc_smarthost='mail.example::587'.
void collect_debian(const RootedDirectory& root, AddressCollector& collector) {
  const auto text = collector.read(root, "/etc/exim4/update-exim4.conf.conf");
  if (!text) return;
  std::string type;
  std::string smarthost;
  for_each_line(*text, [&](std::string_view line, std::size_t) {
    const auto assignment = parse_assignment(line);
    if (!assignment) return;
    if (assignment->name == "dc_eximconfig_configtype") type = assignment->value;
    if (assignment->name == "dc_smarthost") smarthost = assignment->value;
  });
  if ((type == "smarthost" || type == "satellite") && !smarthost.empty())
    collector.set_relayhost(smarthost);
}

}  // namespace

void collect_exim(const RootedDirectory& root, AddressCollector& collector) {
  collect_debian(root, collector);
  const auto files = read_files(root, collector);
  const Macros macros = read_macros(files);
  for (const ConfigFile& file : files) collect_from(file, macros, collector);
}

}  // namespace backscan::hosting
