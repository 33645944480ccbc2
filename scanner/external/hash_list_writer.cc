// Writing hash lists (hash_list.h): sorted in memory, 28 to 48 bytes a hash and its name.
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <tuple>

#include "base/output_file.h"
#include "external/hash_list.h"
#include "external/hash_list_layout.h"

namespace backscan::external {
namespace {

template <typename Number>
void append(std::string& out, Number number) {
  char bytes[sizeof number];
  std::memcpy(bytes, &number, sizeof number);
  out.append(bytes, sizeof number);
}

void append_name(std::string& out, std::string_view name) {
  name = name.substr(0, std::numeric_limits<std::uint16_t>::max());
  append(out, static_cast<std::uint16_t>(name.size()));
  out.append(name);
}

}  // namespace

HashListWriter::HashListWriter(Severity severity, Confidence confidence, std::string title)
    : severity_(severity), confidence_(confidence), last_name_(std::move(title)) {
  append_name(names_, last_name_);
}

template <std::size_t kBytes>
void HashListWriter::add_to(std::vector<Record<kBytes>>& records, std::string_view digest,
                            std::uint64_t size) {
  Record<kBytes> record{.size = size, .digest = {}, .name = last_name_at_};
  std::memcpy(record.digest.data(), digest.data(), kBytes);
  records.push_back(record);
}

void HashListWriter::add(HashKind kind, std::string_view digest, std::uint64_t size,
                         std::string_view name) {
  if (digest.size() != kHashBytes[index_of(kind)]) return;
  if (name != last_name_) {
    last_name_ = name;
    last_name_at_ = static_cast<std::uint32_t>(
        std::min<std::size_t>(names_.size(), std::numeric_limits<std::uint32_t>::max()));
    append_name(names_, name);
  }
  switch (kind) {
    case HashKind::kMd5: return add_to(md5_, digest, size);
    case HashKind::kSha1: return add_to(sha1_, digest, size);
    case HashKind::kSha256: return add_to(sha256_, digest, size);
  }
}

std::size_t HashListWriter::count() const { return md5_.size() + sha1_.size() + sha256_.size(); }

template <std::size_t kBytes>
void HashListWriter::finish(std::vector<Record<kBytes>>& records, std::string& out) {
  const auto key = [](const Record<kBytes>& record) { return std::tie(record.size, record.digest); };
  std::ranges::sort(records, [&](const Record<kBytes>& a, const Record<kBytes>& b) {
    return std::tuple(key(a), a.name) < std::tuple(key(b), b.name);
  });
  const auto doubles = std::ranges::unique(records, {}, key);
  records.erase(doubles.begin(), doubles.end());
  for (const Record<kBytes>& record : records) {
    append(out, record.size);
    out.append(reinterpret_cast<const char*>(record.digest.data()), kBytes);
    append(out, record.name);
  }
}

Result<std::size_t> HashListWriter::write(const std::string& path) {
  if (names_.size() > std::numeric_limits<std::uint32_t>::max())
    return std::unexpected(Error{path, "names of more than 4 GiB"});
  std::string records;
  records.reserve(count() * (sizeof(std::uint64_t) + 16 + sizeof(std::uint32_t)));
  finish(md5_, records);
  finish(sha1_, records);
  finish(sha256_, records);
  std::string bytes(kHashListMagic);
  bytes += static_cast<char>(severity_);
  bytes += static_cast<char>(confidence_);
  bytes.resize(kCountsAt, '\0');
  for (const std::size_t number : {md5_.size(), sha1_.size(), sha256_.size(), names_.size()})
    append(bytes, static_cast<std::uint64_t>(number));
  bytes.reserve(bytes.size() + records.size() + names_.size() + kTrailerBytes);
  bytes += records;
  bytes += names_;
  append(bytes, static_cast<std::uint64_t>(XXH3_64bits(bytes.data(), bytes.size())));
  if (auto written = write_file(path, bytes); !written) return std::unexpected(written.error());
  return count();
}

}  // namespace backscan::external
