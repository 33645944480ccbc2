// One manifest loaded (known_good.h).
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>

#include "base/unique_fd.h"
#include "base/whole_file.h"
#include "known/known_good.h"

namespace backscan::known {
namespace {

constexpr std::size_t kMaxManifestBytes = std::size_t{256} << 20;
constexpr std::size_t kWitnesses = 8;

std::uint64_t hash_of(std::string_view text) {
  return XXH3_64bits(text.data(), text.size());
}

std::string with_line_feeds(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] != '\r' || i + 1 == bytes.size() || bytes[i + 1] != '\n') out += bytes[i];
  return out;
}

std::string with_carriage_returns(std::string_view line_feeds) {
  std::string out;
  out.reserve(line_feeds.size() + line_feeds.size() / 16);
  for (const char c : line_feeds) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<Release>> Release::load(const std::string& file) {
  const auto text = read_whole_file(file, kMaxManifestBytes);
  if (!text) return std::unexpected(text.error());
  std::unique_ptr<Release> release(new Release);
  release->file_ = file;
  release->digest_ = hash_of(*text);
  std::vector<std::string> php;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text->size();) {
    const std::size_t end = std::min(text->find('\n', at), text->size());
    const std::string_view line = std::string_view(*text).substr(at, end - at);
    const auto fail = [&](std::string reason) {
      return std::unexpected(Error{fmt::format("{}:{}", file, number), std::move(reason)});
    };
    if (++number == 1) {
      auto head = parse_head(line);
      if (!head) return fail(head.error().reason);
      release->head_ = *std::move(head);
    } else if (!line.empty()) {
      auto known = parse_entry(line);
      if (!known) return fail(known.error().reason);
      Entry entry{.path = hash_of(known->path),
                  .size = known->size.value_or(0),
                  .at = at,
                  .length = static_cast<std::uint32_t>(line.size()),
                  .kind = known->kind,
                  .has_size = known->size.has_value()};
      std::memcpy(entry.digest.data(), known->digest.data(), known->digest.size());
      release->entries_.push_back(entry);
      if (known->path.ends_with(".php") && known->size.value_or(0) <= kMaxMarkBytes &&
          !release->is_loose(known->path))
        php.push_back(std::move(known->path));
    }
    at = end + 1;
  }
  if (number == 0) return std::unexpected(Error{file, "is empty"});
  if (release->entries_.empty()) return std::unexpected(Error{file, "lists no files"});
  std::ranges::stable_sort(release->entries_, {}, &Entry::path);
  release->choose_witnesses(std::move(php));
  return release;
}

void Release::choose_witnesses(std::vector<std::string> php) {
  const std::size_t step = std::max<std::size_t>(1, php.size() / kWitnesses);
  for (std::size_t i = step / 2; i < php.size() && witnesses_.size() < kWitnesses; i += step)
    witnesses_.push_back(std::move(php[i]));
}

std::string_view Release::digest_of_entry(const Entry& entry) const {
  return {entry.digest.data(), kHashBytes[index_of(entry.kind)]};
}

std::vector<Release::Entry>::const_iterator Release::first(std::uint64_t path) const {
  return std::ranges::lower_bound(entries_, path, {}, &Entry::path);
}

bool Release::lists(std::string_view path) const {
  const auto at = first(hash_of(path));
  return at != entries_.end() && at->path == hash_of(path);
}

bool Release::has(std::uint64_t path, std::string_view bytes) const {
  std::array<std::string, kHashKinds.size()> digests;
  for (auto at = first(path); at != entries_.end() && at->path == path; ++at) {
    if (at->has_size && at->size != bytes.size()) continue;
    std::string& digest = digests[index_of(at->kind)];
    if (digest.empty()) digest = backscan::digest_of(at->kind, bytes);
    if (digest == digest_of_entry(*at)) return true;
  }
  return false;
}

Standing Release::compare(std::string_view path, std::string_view bytes) const {
  if (!lists(path)) return Standing::kNotListed;
  const std::uint64_t hash = hash_of(path);
  if (has(hash, bytes)) return Standing::kOriginal;
  const std::string line_feeds = with_line_feeds(bytes);
  const bool is_original = has(hash, line_feeds) || has(hash, with_carriage_returns(line_feeds));
  return is_original ? Standing::kOriginal : Standing::kChanged;
}

std::optional<LineMarks> Release::original_lines(std::string_view path) const {
  const auto at = first(hash_of(path));
  if (at == entries_.end() || at->path != hash_of(path)) return std::nullopt;
  const UniqueFd fd(::open(file_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  std::string line(at->length, '\0');
  if (!fd.valid() || ::pread(fd.get(), line.data(), line.size(), static_cast<off_t>(at->at)) !=
                         static_cast<ssize_t>(line.size()))
    return std::nullopt;
  const auto entry = parse_entry(line);
  if (!entry || entry->path != path || entry->digest != digest_of_entry(*at) ||
      entry->lines.empty())
    return std::nullopt;
  return unpack_marks(entry->lines);
}

}  // namespace backscan::known
