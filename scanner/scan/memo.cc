// Clean verdicts are 8 bytes in a fixed table; the few with findings go to a map. A stripe's mutex
// guards its buckets and its map: a lock without contention costs less than hashing a kilobyte.
#include "scan/memo.h"

#include <sys/mman.h>
#include <sys/random.h>
#include <xxhash.h>

#include <algorithm>
#include <new>
#include <random>
#include <utility>

namespace backscan::scan {
namespace {
constexpr std::size_t kMaxHitsPerStripe = 64;
}

void Memo::Unmap::operator()(Bucket* buckets) const {
  ::munmap(buckets, bytes);
}

Memo::Memo(std::size_t capacity)
    : bucket_count_(std::max<std::size_t>(1, capacity / kWays / kStripes) * kStripes),
      buckets_(nullptr, Unmap{bucket_count_ * sizeof(Bucket)}) {
  void* table = ::mmap(nullptr, bucket_count_ * sizeof(Bucket), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (table == MAP_FAILED) throw std::bad_alloc();
  buckets_.reset(static_cast<Bucket*>(table));
  if (::getrandom(secret_.data(), secret_.size(), 0) == static_cast<ssize_t>(secret_.size()))
    return;
  std::random_device device;
  for (unsigned char& byte : secret_) byte = static_cast<unsigned char>(device());
}

MemoKey Memo::key_of(std::string_view bytes, std::string_view circumstances) const {
  const XXH128_hash_t content =
      XXH3_128bits_withSecret(bytes.data(), bytes.size(), secret_.data(), secret_.size());
  std::array<std::uint64_t, 5> parts{};
  const XXH128_hash_t around = XXH3_128bits_withSecret(circumstances.data(), circumstances.size(),
                                                       secret_.data(), secret_.size());
  parts = {content.low64, content.high64, around.low64, around.high64, bytes.size()};
  const XXH128_hash_t whole =
      XXH3_128bits_withSecret(parts.data(), sizeof parts, secret_.data(), secret_.size());
  return {whole.low64, whole.high64};
}

std::optional<MemoVerdict> Memo::find(const MemoKey& key) {
  Stripe& stripe = stripe_of(key);
  const std::lock_guard lock(stripe.mutex);
  const Bucket& bucket = bucket_of(key);
  for (const std::uint64_t mark : bucket.marks)
    if ((mark | kIsInteresting) == (mark_of(key) | kIsInteresting))
      return MemoVerdict{.is_interesting = (mark & kIsInteresting) != 0, .findings = nullptr};
  const auto hit = stripe.hits.find(key.low);
  if (hit != stripe.hits.end() && hit->second.first == key) return hit->second.second;
  return std::nullopt;
}

void Memo::remember(const MemoKey& key, MemoVerdict verdict) {
  Stripe& stripe = stripe_of(key);
  const std::lock_guard lock(stripe.mutex);
  if (verdict.findings != nullptr) {
    if (stripe.hits.size() < kMaxHitsPerStripe)
      stripe.hits.try_emplace(key.low, key, std::move(verdict));
    return;
  }
  Bucket& bucket = bucket_of(key);
  const std::uint64_t mark = mark_of(key);
  if (std::ranges::any_of(bucket.marks, [&](std::uint64_t known) {
        return (known | kIsInteresting) == (mark | kIsInteresting);
      }))
    return;
  std::copy_backward(bucket.marks.begin(), bucket.marks.end() - 1, bucket.marks.end());
  bucket.marks.front() = verdict.is_interesting ? mark | kIsInteresting : mark;
}

}  // namespace backscan::scan
