// `backscan accounts`: who lives on this host, where their sites are, and where mail leaves from.
#include <CLI/App.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "base/text.h"
#include "base/words.h"
#include "cli/commands.h"
#include "hosting/accounts.h"
#include "hosting/addresses.h"
#include "report/text_page.h"

namespace backscan::cli {
namespace {

using Json = nlohmann::ordered_json;
using report::Style;
using report::TextPage;

struct AccountsOptions {
  std::string root = "/";
  std::string format = "text";
};

struct Discovery {
  hosting::Accounts accounts;
  hosting::SendingAddresses addresses;
};

Json texts(const std::vector<std::string>& values) {
  Json list = Json::array();
  for (const std::string& value : values) list.push_back(to_utf8(value));
  return list;
}

Json or_null(const std::string& text) {
  return text.empty() ? Json() : Json(to_utf8(text));
}

Json account_record(const hosting::Account& account) {
  Json sites = Json::array();
  for (const hosting::Site& site : account.sites)
    sites.push_back({{"docroot", to_utf8(site.docroot)},
                     {"domain", or_null(site.domain)},
                     {"aliases", texts(site.aliases)},
                     {"present", site.is_present},
                     {"source", to_utf8(site.source)}});
  return {{"type", "account"},
          {"name", to_utf8(account.name)},
          {"uid", account.uid ? Json(*account.uid) : Json()},
          {"home", or_null(account.home)},
          {"sites", sites},
          {"sending_ips", texts(account.sending_ips)},
          {"source", account.source}};
}

Json address_record(const hosting::SendingAddress& address) {
  return {{"type", "sending_address"}, {"ip", address.ip}, {"source", to_utf8(address.source)}};
}

void print_json_lines(const Discovery& found, std::ostream& out) {
  for (const hosting::SendingAddress& address : found.addresses.addresses)
    out << address_record(address).dump() << '\n';
  for (const hosting::Account& account : found.accounts.accounts)
    out << account_record(account).dump() << '\n';
}

void print_json(const Discovery& found, std::ostream& out) {
  Json addresses = Json::array();
  for (const hosting::SendingAddress& address : found.addresses.addresses)
    addresses.push_back(address_record(address));
  Json accounts = Json::array();
  for (const hosting::Account& account : found.accounts.accounts)
    accounts.push_back(account_record(account));
  const Json all = {{"schema_version", 1},
                    {"accounts", accounts},
                    {"sending_addresses", addresses},
                    {"relayhost", or_null(found.addresses.relayhost)}};
  out << all.dump(2) << '\n';
}

void write_account(const hosting::Account& account, TextPage& page) {
  std::vector<std::string> details;
  if (account.uid) details.push_back("uid " + std::to_string(*account.uid));
  if (!account.home.empty()) details.push_back("home " + account.home);
  details.push_back(account.source);
  page.heading(account.name);
  page.paragraph(2, "", 0, joined(details), Style::kDim);
  if (!account.sending_ips.empty())
    page.paragraph(2, "sends from", 12, joined(account.sending_ips));
  for (const hosting::Site& site : account.sites) {
    std::string names = site.domain.empty() ? "(no name)" : site.domain;
    if (!site.aliases.empty()) names += ", " + joined(site.aliases);
    page.indent(2).put(site.docroot, Style::kBold);
    if (!site.is_present) page.put("  (no such directory)", Style::kYellow);
    page.end_line();
    page.paragraph(4, "", 0, names);
  }
}

void write_addresses(const hosting::SendingAddresses& addresses, TextPage& page) {
  page.heading("Mail leaves from");
  for (const hosting::SendingAddress& address : addresses.addresses)
    page.paragraph(2, address.ip, std::max<std::size_t>(address.ip.size() + 2, 18), address.source);
  if (addresses.only_private)
    page.paragraph(2, "", 0,
                   "only private addresses were found (" + addresses.private_addresses[0].ip +
                       "): give the one that others see with --ip");
  else if (addresses.addresses.empty())
    page.paragraph(2, "", 0, "no address was found");
  if (!addresses.relayhost.empty())
    page.paragraph(2, "", 0,
                   "through " + addresses.relayhost + ": its addresses are the ones others see");
}

void print_text(const Discovery& found, bool color, std::ostream& out) {
  report::Sink sink([&out](std::string_view piece) { out << piece; });
  TextPage page(sink, color, 100);
  std::size_t sites = 0;
  for (const hosting::Account& account : found.accounts.accounts) {
    write_account(account, page);
    sites += account.sites.size();
  }
  write_addresses(found.addresses, page);
  page.heading(counted(found.accounts.accounts.size(), "account") + ", " +
               counted(sites, "document root"));
  sink.finish();
}

int run_accounts(const AccountsOptions& options, const Context& context) {
  const Discovery found{.accounts = hosting::discover_accounts(options.root),
                        .addresses = hosting::discover_addresses(options.root)};
  bool has_failed = false;
  std::vector<ErrorRecord> errors = found.accounts.errors;
  errors.insert(errors.end(), found.addresses.errors.begin(), found.addresses.errors.end());
  std::ranges::sort(errors);
  const auto repeated = std::ranges::unique(errors);
  errors.erase(repeated.begin(), repeated.end());
  for (const ErrorRecord& error : errors) {
    context.complain("accounts: " + error.path + ": " + error.reason);
    has_failed = has_failed || !error.is_note;
  }
  if (has_failed) return kError;
  if (options.format == "json")
    print_json(found, context.streams.out);
  else if (options.format == "jsonl")
    print_json_lines(found, context.streams.out);
  else
    print_text(found, context.use_color(), context.streams.out);
  return kOk;
}

}  // namespace

void add_accounts(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "accounts", "The accounts, domains, document roots and sending addresses of this host");
  auto options = std::make_shared<AccountsOptions>();
  command->add_option("--root", options->root,
                      "Directory that holds the host's files (a copy of another host's)");
  command->add_option("-f,--format", options->format, "text, json or jsonl")
      ->check(CLI::IsMember({"text", "json", "jsonl"}))
      ->capture_default_str();
  command->callback([options, &context] { context.exit_code = run_accounts(*options, context); });
}

}  // namespace backscan::cli
