// Mapping and searching hash lists (hash_list.h).
#include "external/hash_list.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>

#include "base/unique_fd.h"
#include "external/hash_list_layout.h"

namespace backscan::external {
namespace {

static_assert(std::endian::native == std::endian::little, "lists are mapped as they lie there");

template <typename Number>
Number number_at(std::string_view bytes, std::size_t offset) {
  Number number = 0;
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

std::size_t record_bytes(HashKind kind) {
  return sizeof(std::uint64_t) + kHashBytes[index_of(kind)] + sizeof(std::uint32_t);
}

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

rules::RuleInfo rule_for(const std::string& path, unsigned severity, unsigned confidence) {
  std::string name = path.substr(path.rfind('/') + 1);
  if (name.ends_with(kHashListSuffix)) name.resize(name.size() - kHashListSuffix.size());
  // A file may be called anything; an id may not.
  std::ranges::replace_if(name, [](char c) { return !is_name_byte(c); }, '_');
  rules::RuleInfo rule;
  rule.id = "external/" + name;
  rule.rule_class = "external";
  rule.title = "A file that is listed as malware";
  rule.severity = static_cast<Severity>(severity);
  rule.confidence = static_cast<Confidence>(confidence);
  rule.status = "stable";
  rule.causes = {Cause::kNone};
  rule.message = "The {sink} of this file is listed as {source}.";
  rule.remedy = "Quarantine the file, and look how it got there.";
  rule.file = path;
  return rule;
}

}  // namespace

void UnmapList::operator()(const char* at) const {
  ::munmap(const_cast<char*>(at), bytes);  // NOLINT: mapped for reading only
}

Result<HashList> HashList::open(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd.valid()) return system_error(path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return system_error(path, errno);
  if (!S_ISREG(status.st_mode)) return std::unexpected(Error{path, "not a regular file"});
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size < kHeadBytes + kTrailerBytes)
    return std::unexpected(Error{path, "no hash list of backscan: too short"});
  void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (at == MAP_FAILED) return system_error(path, errno);
  HashList list;
  list.map_ = std::unique_ptr<const char, UnmapList>(static_cast<const char*>(at), UnmapList{size});
  list.file_ = {static_cast<const char*>(at), size};
  if (auto read = list.read_head(path); !read) return std::unexpected(read.error());
  return list;
}

Result<void> HashList::read_head(const std::string& path) {
  const auto fail = [&](const char* reason) {
    return std::unexpected(Error{path, std::string("no hash list of backscan: ") + reason});
  };
  if (!file_.starts_with(kHashListMagic)) return fail("it begins with something else");
  const std::string_view body = file_.substr(0, file_.size() - kTrailerBytes);
  const std::uint64_t hash = XXH3_64bits(body.data(), body.size());
  if (hash != number_at<std::uint64_t>(file_, body.size()))
    return fail("its checksum is wrong (torn or changed; import it again)");
  const auto severity = static_cast<unsigned char>(body[kHashListMagic.size()]);
  const auto confidence = static_cast<unsigned char>(body[kHashListMagic.size() + 1]);
  if (severity >= kSeverityNames.size() || confidence >= kConfidenceNames.size())
    return fail("its severity is none");
  std::string_view rest = body.substr(kHeadBytes);
  for (const HashKind kind : kHashKinds) {
    const std::size_t i = index_of(kind);
    counts_[i] = number_at<std::uint64_t>(body, kCountsAt + i * sizeof(std::uint64_t));
    if (counts_[i] > rest.size() / record_bytes(kind)) return fail("it is shorter than it says");
    records_[i] = rest.substr(0, counts_[i] * record_bytes(kind));
    rest.remove_prefix(records_[i].size());
  }
  if (number_at<std::uint64_t>(body, kNamesSizeAt) != rest.size())
    return fail("it is not as long as it says");
  names_ = rest;
  digest_ = fmt::format("{:016x}", hash);
  rule_ = rule_for(path, severity, confidence);
  if (const auto title = name_at(0)) rule_.references = {std::string(*title)};
  return {};
}

std::uint64_t HashList::count() const { return counts_[0] + counts_[1] + counts_[2]; }

std::uint64_t HashList::size_at(HashKind kind, std::uint64_t index) const {
  return number_at<std::uint64_t>(records_[index_of(kind)], index * record_bytes(kind));
}

std::string_view HashList::digest_at(HashKind kind, std::uint64_t index) const {
  return records_[index_of(kind)].substr(index * record_bytes(kind) + sizeof(std::uint64_t),
                                         kHashBytes[index_of(kind)]);
}

std::optional<std::string_view> HashList::name_at(std::uint64_t offset) const {
  constexpr std::size_t kLengthBytes = sizeof(std::uint16_t);
  if (offset > names_.size() || names_.size() - offset < kLengthBytes) return std::nullopt;
  const auto length = number_at<std::uint16_t>(names_, offset);
  if (length > names_.size() - offset - kLengthBytes) return std::nullopt;
  return names_.substr(offset + kLengthBytes, length);
}

std::uint64_t HashList::lower_bound(HashKind kind, std::uint64_t size,
                                    std::string_view digest) const {
  std::uint64_t begin = 0;
  std::uint64_t count = counts_[index_of(kind)];
  while (count > 0) {
    const std::uint64_t half = count / 2;
    const std::uint64_t at = begin + half;
    const std::uint64_t found = size_at(kind, at);
    if (found < size || (found == size && digest_at(kind, at) < digest)) {
      begin = at + 1;
      count -= half + 1;
    } else {
      count = half;
    }
  }
  return begin;
}

bool HashList::lists_size(HashKind kind, std::uint64_t size) const {
  const std::uint64_t at = lower_bound(kind, size, {});
  return at < counts_[index_of(kind)] && size_at(kind, at) == size;
}

std::optional<std::string_view> HashList::find_exactly(HashKind kind, std::string_view digest,
                                                       std::uint64_t size) const {
  const std::uint64_t at = lower_bound(kind, size, digest);
  if (at >= counts_[index_of(kind)] || size_at(kind, at) != size || digest_at(kind, at) != digest)
    return std::nullopt;
  const std::size_t name = at * record_bytes(kind) + record_bytes(kind) - sizeof(std::uint32_t);
  return name_at(number_at<std::uint32_t>(records_[index_of(kind)], name)).value_or("?");
}

std::optional<std::string_view> HashList::find(HashKind kind, std::string_view digest,
                                               std::uint64_t size) const {
  if (digest.size() != kHashBytes[index_of(kind)]) return std::nullopt;
  if (auto name = find_exactly(kind, digest, size)) return name;
  return find_exactly(kind, digest, kAnySize);
}

}  // namespace backscan::external
