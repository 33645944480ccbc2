// The text of --nameserver. Apart from the resolver so that it is tested without c-ares.
#include <charconv>

#include "base/ip_address.h"
#include "dnsbl/resolver.h"

namespace backscan::dnsbl {
namespace {

bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > 253 || text.front() == '-' || text.front() == '.') return false;
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    if (!is_plain) return false;
  }
  // "192.0.2.300" is a misspelt address, not a name to look up.
  return text.find_first_not_of("0123456789.") != std::string_view::npos;
}

}  // namespace

Result<NameServer> parse_nameserver(std::string_view text) {
  const auto fail = [&](std::string_view why) {
    return std::unexpected(Error{
        std::string(text), "not a name server (HOST[:PORT] or [IPv6]:PORT): " + std::string(why)});
  };
  if (parse_ip(text)) return NameServer{parse_ip(text)->text()};
  std::string_view host = text;
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return fail("the bracket is not closed");
    host = text.substr(1, close - 1);
    const std::string_view rest = text.substr(close + 1);
    has_port = rest.starts_with(':');
    if (!rest.empty() && !has_port) return fail("there is text behind the bracket");
    port = has_port ? rest.substr(1) : rest;
    if (!parse_ip(host) || !parse_ip(host)->is_v6) return fail("no IPv6 address in the brackets");
  } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    has_port = true;
  }
  if (!parse_ip(host) && !is_host_name(host)) return fail("bad host");
  NameServer server{std::string(host)};
  if (!has_port) return server;
  const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), server.port);
  if (fault != std::errc{} || end != port.data() + port.size() || server.port == 0)
    return fail("bad port");
  return server;
}

}  // namespace backscan::dnsbl
