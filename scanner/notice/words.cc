// Everything that a scanned file may have named passes through escape_controls, so that no header and
// no line of the text can be made by it.
#include "notice/words.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/words.h"
#include "model/time_text.h"
#include "report/json_record.h"

namespace backscan::notice {
namespace {

constexpr std::size_t kFindingsTold = 20;

/// RFC 5322 section 3.3, in UTC.
std::string mail_date(Time now) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

std::string ascii(std::string_view text) {
  std::string out;
  for (const char c : text) out += c >= 0x20 && c < 0x7f ? c : '?';
  return out;
}

void add_findings(const Changes& changes, std::string& text) {
  std::size_t told = 0;
  for (const Finding* finding : changes.found) {
    if (told++ == kFindingsTold) break;
    text += fmt::format("{} {}\n  {}\n  {}\n", ascii_lower(name_of(finding->severity)),
                        escape_controls(finding->rule),
                        escape_controls(place_text(finding->path, finding->line, 0)),
                        escape_controls(finding->message));
    if (!finding->remedy.empty())
      text += fmt::format("  Do: {}\n", escape_controls(finding->remedy));
  }
  if (changes.found.size() > kFindingsTold)
    text += fmt::format("and {} more; the report holds them\n",
                        grouped(changes.found.size() - kFindingsTold));
}

}  // namespace

std::string subject_of(const Changes& changes, const ScanResult& result) {
  std::vector<std::string> parts;
  if (!changes.listed.empty()) parts.push_back(counted(changes.listed.size(), "new listing"));
  if (!changes.delisted.empty()) parts.push_back(counted(changes.delisted.size(), "listing") + " ended");
  if (!changes.found.empty()) parts.push_back(counted(changes.found.size(), "new finding"));
  if (result.history && !result.history->came_back.empty())
    parts.push_back(fmt::format("{} came back", grouped(result.history->came_back.size())));
  if (changes.gone > 0) parts.push_back(counted(changes.gone, "finding") + " gone");
  const std::string host = result.scan.host.empty() ? "this host" : result.scan.host;
  return ascii(fmt::format("backscan on {}: {}", host, joined(parts)));
}

std::string text_of(const Changes& changes, const ScanResult& result) {
  std::string text;
  for (const Listing* listing : changes.listed) {
    text += fmt::format("Listed: {} on {} ({})", listing->ip, escape_controls(listing->name),
                        listing->zone);
    if (!listing->meaning.empty()) text += ": " + escape_controls(joined(listing->meaning, "; "));
    text += '\n';
    if (!listing->lookup_url.empty())
      text += fmt::format("  Look up: {}\n", escape_controls(listing->lookup_url));
  }
  if (result.history)
    for (const std::string& words : result.history->came_back)
      text += fmt::format("Came back: {}\n", escape_controls(words));
  for (const std::string& key : changes.delisted)
    text += fmt::format("No longer listed: {}\n", escape_controls(key));
  if (!text.empty()) text += '\n';
  for (const std::string& advice : result.summary.advice)
    text += fmt::format("* {}\n", escape_controls(advice));
  if (!result.summary.advice.empty()) text += '\n';
  add_findings(changes, text);
  if (changes.gone > 0)
    text += fmt::format("{} of earlier notices {} gone.\n", counted(changes.gone, "finding"),
                        changes.gone == 1 ? "is" : "are");
  if (!result.summary.is_complete)
    text += fmt::format("\nThe scan was incomplete: {}\n",
                        escape_controls(joined(result.summary.incomplete_reasons, "; ")));
  return text;
}

std::string record_of(const Changes& changes, const ScanResult& result) {
  report::Json found = report::Json::array();
  for (const Finding* finding : changes.found) found.push_back(report::finding_record(*finding));
  report::Json listed = report::Json::array();
  for (const Listing* listing : changes.listed) listed.push_back(report::listing_record(*listing));
  report::Json delisted = report::Json::array();
  for (const std::string& key : changes.delisted) delisted.push_back(to_utf8(key));
  const report::Json record = {{"type", "notice"},
                               {"schema_version", 1},
                               {"host", to_utf8(result.scan.host)},
                               {"started", format_time(result.scan.started)},
                               {"subject", subject_of(changes, result)},
                               {"findings", std::move(found)},
                               {"findings_gone", changes.gone},
                               {"listings", std::move(listed)},
                               {"delisted", std::move(delisted)},
                               {"complete", result.summary.is_complete}};
  return record.dump(-1, ' ', false, report::Json::error_handler_t::replace);
}

Result<void> check_address(std::string_view address) {
  const std::size_t at = address.rfind('@');
  const bool is_sound =
      at != std::string_view::npos && at > 0 && at + 1 < address.size() && address.front() != '-' &&
      std::ranges::all_of(address, [](char c) {
        return c > 0x20 && c < 0x7f && std::string_view("<>\"(),;:\\[]").find(c) == std::string_view::npos;
      });
  if (is_sound) return {};
  return std::unexpected(Error{std::string(address), "is no plain mail address, as in admin@example.com"});
}

std::string mail_of(const MailAddresses& addresses, const std::string& subject,
                    const std::string& text, Time now, const std::string& host) {
  const auto nanoseconds = now.time_since_epoch().count();
  return fmt::format(
      "From: backscan <{}>\nTo: {}\nSubject: {}\nDate: {}\nMessage-ID: <backscan.{}@{}>\n"
      "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nMIME-Version: 1.0\n"
      "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{}",
      addresses.from, joined(addresses.to), ascii(subject), mail_date(now), nanoseconds,
      host.empty() ? "localhost" : ascii(host), text);
}

}  // namespace backscan::notice
