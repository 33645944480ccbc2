// The file: eight bytes that name it, the circumstances, the seed, then nine bytes an entry in order
// of their hashes. Its end carries a hash of all, so that a torn one is not believed.
#include "state/file_cache.h"

#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

#include "base/output_file.h"

namespace backscan::state {
namespace {

constexpr std::string_view kMagic = "bscache1";
constexpr std::size_t kWord = sizeof(std::uint64_t);
constexpr std::size_t kEntryBytes = kWord + 1;
constexpr std::size_t kHeadBytes = 3 * kWord;
// A change within the clock's grain of the last look leaves the same time behind.
constexpr std::chrono::seconds kSettled{3};

void append(std::string& out, std::uint64_t word) {
  char bytes[kWord];
  std::memcpy(bytes, &word, kWord);
  out.append(bytes, kWord);
}

std::uint64_t word_at(std::string_view bytes, std::size_t offset) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data() + offset, kWord);
  return word;
}

std::uint64_t hash_of(std::string_view bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

}  // namespace

FileCache::FileCache(std::string file, std::uint64_t circumstances)
    : file_(std::move(file)),
      circumstances_(circumstances),
      // Nobody who can only write files may choose which of them collide.
      seed_((std::uint64_t{std::random_device{}()} << 32U) | std::random_device{}()),
      stripes_(std::make_unique<std::array<Stripe, kStripes>>()) {}

FileCache FileCache::open(const std::string& directory, std::string_view circumstances,
                          bool is_full) {
  FileCache cache(directory + "/clean-files", hash_of(circumstances, 0));
  if (is_full) return cache;
  std::ifstream in(cache.file_, std::ios::binary);
  if (in) cache.load(std::string{std::istreambuf_iterator<char>(in), {}});
  return cache;
}

void FileCache::load(std::string_view bytes) {
  if (bytes.size() < kHeadBytes + kWord || !bytes.starts_with(kMagic)) return;
  const std::string_view body = bytes.substr(0, bytes.size() - kWord);
  if (word_at(bytes, body.size()) != hash_of(body, 0)) return;
  if (word_at(body, kWord) != circumstances_ || (body.size() - kHeadBytes) % kEntryBytes != 0) return;
  seed_ = word_at(body, 2 * kWord);
  known_.reserve((body.size() - kHeadBytes) / kEntryBytes);
  for (std::size_t at = kHeadBytes; at < body.size(); at += kEntryBytes)
    known_.push_back({word_at(body, at), static_cast<std::uint8_t>(body[at + kWord])});
  if (!std::ranges::is_sorted(known_, {}, &Entry::hash)) known_.clear();
}

FileIdentity FileCache::identity_of(std::string_view root, std::string_view relative_path,
                                    const struct stat& status, Time now) const {
  std::string key;
  key.reserve(root.size() + relative_path.size() + 10 * kWord);
  append(key, status.st_dev);
  append(key, status.st_ino);
  append(key, static_cast<std::uint64_t>(status.st_size));
  append(key, status.st_uid);
  append(key, status.st_mode);
  for (const timespec& time : {status.st_mtim, status.st_ctim}) {
    append(key, static_cast<std::uint64_t>(time.tv_sec));
    append(key, static_cast<std::uint64_t>(time.tv_nsec));
  }
  key += root;
  key += '\0';
  key += relative_path;
  const Time changed{std::chrono::seconds{status.st_ctim.tv_sec}};
  return {hash_of(key, seed_), changed + kSettled < now};
}

bool FileCache::is_known_clean(const FileIdentity& file) {
  const auto found = std::ranges::lower_bound(known_, file.hash, {}, &Entry::hash);
  if (found == known_.end() || found->hash != file.hash) return false;
  remember(file);
  return true;
}

void FileCache::remember(const FileIdentity& file) {
  if (!file.is_settled) return;
  Stripe& stripe = (*stripes_)[file.hash % kStripes];
  const std::scoped_lock lock(stripe.mutex);
  stripe.met.insert(file.hash);
}

Result<void> FileCache::save() const {
  std::vector<Entry> all;
  for (const Stripe& stripe : *stripes_)
    for (const std::uint64_t hash : stripe.met) all.push_back({hash, 0});
  std::ranges::sort(all, {}, &Entry::hash);
  const auto met = static_cast<std::ptrdiff_t>(all.size());
  for (const Entry& entry : known_) {
    const bool is_met = std::binary_search(
        all.begin(), all.begin() + met, entry,
        [](const Entry& a, const Entry& b) { return a.hash < b.hash; });
    if (!is_met && entry.age + 1 < kRunsKept)
      all.push_back({entry.hash, static_cast<std::uint8_t>(entry.age + 1)});
  }
  std::ranges::sort(all, {}, &Entry::hash);
  std::string bytes(kMagic);
  bytes.reserve(kHeadBytes + all.size() * kEntryBytes + kWord);
  append(bytes, circumstances_);
  append(bytes, seed_);
  for (const Entry& entry : all) {
    append(bytes, entry.hash);
    bytes += static_cast<char>(entry.age);
  }
  append(bytes, hash_of(bytes, 0));
  return write_file(file_, bytes);
}

}  // namespace backscan::state
