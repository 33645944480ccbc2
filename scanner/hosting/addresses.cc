// Asks every source in turn; the collector decides what counts as a sending address.
#include "hosting/addresses.h"

#include <algorithm>
#include <cerrno>

#include "base/ip_address.h"
#include "base/text.h"
#include "hosting/address_sources.h"

namespace backscan::hosting {
namespace {

// Generous: a cPanel host with 100,000 domains has a mailips file of a few megabytes.
constexpr std::size_t kMaxConfigBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxAddresses = 10'000;

bool is_missing(const Error& error) {
  return error.reason == errno_text(ENOENT) || error.reason == errno_text(ENOTDIR);
}

}  // namespace

void AddressCollector::add(std::string_view ip, const std::string& source) {
  const auto address = parse_ip(trim(ip));
  if (!address) return;
  const std::string text = address->text();
  if (text.starts_with("127.") || text == "::1" || text == "::" || text == "0.0.0.0") return;
  auto& into = address->is_global() ? found_.addresses : found_.private_addresses;
  const bool is_known = std::ranges::find(into, text, &SendingAddress::ip) != into.end();
  if (!is_known && into.size() < kMaxAddresses) into.push_back({text, source});
}

void AddressCollector::set_relayhost(std::string_view host) {
  if (found_.relayhost.empty()) found_.relayhost = trim(host);
}

std::optional<std::string> AddressCollector::read(const RootedDirectory& root,
                                                  const std::string& path) {
  auto text = root.read(path, kMaxConfigBytes);
  if (text) return std::move(*text);
  if (!is_missing(text.error()))
    found_.errors.push_back({Stage::kRead, text.error().object, text.error().reason, true});
  return std::nullopt;
}

SendingAddresses AddressCollector::finish() {
  std::ranges::sort(found_.addresses, {}, &SendingAddress::ip);
  std::ranges::sort(found_.private_addresses, {}, &SendingAddress::ip);
  std::ranges::sort(found_.errors);
  found_.only_private = found_.addresses.empty() && !found_.private_addresses.empty();
  return std::move(found_);
}

SendingAddresses discover_addresses(const std::string& root) {
  AddressCollector collector;
  const auto directory = RootedDirectory::open(root);
  if (!directory) {
    SendingAddresses nothing;
    nothing.errors.push_back(
        {Stage::kRead, directory.error().object, directory.error().reason, false});
    return nothing;
  }
  if (directory->is_this_host()) collect_interfaces(collector);
  collect_cpanel(*directory, collector);
  collect_postfix(*directory, collector);
  collect_exim(*directory, collector);
  return collector.finish();
}

}  // namespace backscan::hosting
