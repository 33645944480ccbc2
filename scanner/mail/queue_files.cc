// Where the queues are, and which of their files are messages.
#include <algorithm>
#include <array>
#include <cerrno>

#include "mail/queue.h"

namespace backscan::mail {
namespace {

constexpr std::size_t kMaxSpoolBytes = std::size_t{4} << 20;
constexpr std::size_t kMaxQueued = 1'000'000;

enum class Format { kExim, kPostfix, kSendmail };

struct Place {
  const char* pattern;
  Format format;
};

// Exim: input/ID-H or input/X/ID-H, and named queues; Postfix hashes deferred/ and hold/ one level.
constexpr auto kPlaces = std::to_array<Place>({
    {"/var/spool/exim*/input/*-H", Format::kExim},
    {"/var/spool/exim*/input/?/*-H", Format::kExim},
    {"/var/spool/exim*/*/input/*-H", Format::kExim},
    {"/var/spool/postfix/incoming/*", Format::kPostfix},
    {"/var/spool/postfix/active/*", Format::kPostfix},
    {"/var/spool/postfix/deferred/*", Format::kPostfix},
    {"/var/spool/postfix/deferred/*/*", Format::kPostfix},
    {"/var/spool/postfix/hold/*", Format::kPostfix},
    {"/var/spool/mqueue/qf*", Format::kSendmail},
    {"/var/spool/mqueue/*/qf*", Format::kSendmail},
    {"/var/spool/mqueue-client/qf*", Format::kSendmail},
});

constexpr auto kPatternsBelow = std::to_array<Place>({
    {"/*-H", Format::kExim},
    {"/?/*-H", Format::kExim},
    {"/input/*-H", Format::kExim},
    {"/input/?/*-H", Format::kExim},
    {"/qf*", Format::kSendmail},
    {"/incoming/*", Format::kPostfix},
    {"/active/*", Format::kPostfix},
    {"/deferred/*", Format::kPostfix},
    {"/deferred/*/*", Format::kPostfix},
    {"/hold/*", Format::kPostfix},
});

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

Result<void> parse(Format format, std::string_view text, std::string_view name, MessageStore& store) {
  switch (format) {
    case Format::kExim: return parse_exim_spool(text, store);
    case Format::kPostfix: return parse_postfix_queue(text, name, store);
    case Format::kSendmail: return parse_sendmail_qf(text, name.substr(2), store);
  }
  return {};
}

void read_place(const RootedDirectory& root, const std::string& pattern, Format format,
                LogPart& part, std::vector<Error>& errors) {
  for (const std::string& path : root.glob(pattern, kMaxQueued)) {
    if (root.is_directory(path)) continue;  // a hash directory
    const auto text = root.read(path, kMaxSpoolBytes);
    if (!text) {
      // Delivered while we looked: no news.
      if (text.error().reason != errno_text(ENOENT)) errors.push_back(text.error());
      continue;
    }
    ++part.lines;
    part.bytes += text->size();
    if (const auto parsed = parse(format, *text, base_name(path), part.store); !parsed) {
      ++part.unknown_lines;
      errors.push_back({path, parsed.error().reason});
    }
  }
}

}  // namespace

void read_queues(const RootedDirectory& root, const std::string& directory, LogPart& part,
                 std::vector<Error>& errors) {
  if (directory.empty()) {
    for (const Place& place : kPlaces) read_place(root, place.pattern, place.format, part, errors);
    return;
  }
  if (!root.is_directory(directory)) {
    errors.push_back({directory, "no such queue directory"});
    return;
  }
  for (const Place& place : kPatternsBelow)
    read_place(root, directory + place.pattern, place.format, part, errors);
}

}  // namespace backscan::mail
