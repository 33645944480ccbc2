// cPanel's address files; formats as its scripts read and write them.
#include "base/text.h"
#include "hosting/address_sources.h"
#include "hosting/lines.h"

namespace backscan::hosting {
namespace {

bool has_mail_addresses_by_domain(const RootedDirectory& root, AddressCollector& collector) {
  bool is_on = false;
  if (const auto text = collector.read(root, "/etc/exim.conf.localopts"))
    for_each_line(*text, [&](std::string_view line, std::size_t) {
      if (trim(line) == "per_domain_mailips=1") is_on = true;
    });
  return is_on;
}

/// "example.com: 192.0.2.7;2001:db8::7" or "*: 192.0.2.1".
void collect_mailips(const RootedDirectory& root, AddressCollector& collector) {
  const std::string path = "/etc/mailips";
  const auto text = collector.read(root, path);
  if (!text) return;
  for_each_line(*text, [&](std::string_view line, std::size_t number) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || line.starts_with('#')) return;
    for (const std::string_view ip : split_at(line.substr(colon + 1), ";"))
      collector.add(ip, place_of(path, number));
  });
}

}  // namespace

void collect_cpanel(const RootedDirectory& root, AddressCollector& collector) {
  const std::string main_ip = "/var/cpanel/mainip";
  if (const auto text = collector.read(root, main_ip)) collector.add(*text, main_ip);

  // "192.0.2.2:255.255.255.0:192.0.2.255"
  const std::string more = "/etc/ips";
  if (const auto text = collector.read(root, more))
    for_each_line(*text, [&](std::string_view line, std::size_t number) {
      const auto fields = split_at(line, ": \t");
      if (!fields.empty()) collector.add(fields.front(), place_of(more, number));
    });

  if (has_mail_addresses_by_domain(root, collector)) collect_mailips(root, collector);

  // "10.0.0.5 192.0.2.5": what the world sees in place of a private address.
  const std::string nat = "/var/cpanel/cpnat";
  if (const auto text = collector.read(root, nat))
    for_each_line(*text, [&](std::string_view line, std::size_t number) {
      const auto words = split_words(line);
      if (words.size() >= 2) collector.add(words[1], place_of(nat, number));
    });
}

}  // namespace backscan::hosting
