// Plain values to bytes and back: what the cache of compiled rules is written in. One `fields`
// function a type says its members once, for both directions. Numbers are in the machine's own byte
// order: a cache never leaves its machine.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace backscan::rules {

template <typename T>
concept Plain = std::is_arithmetic_v<T> || std::is_enum_v<T>;

class ArchiveWriter {
 public:
  static constexpr bool kIsReader = false;

  template <typename... T>
  void operator()(T&... values) {
    (put(values), ...);
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  template <Plain T>
  void put(const T& value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put(std::string& text) {
    put(static_cast<std::uint64_t>(text.size()));
    bytes_ += text;
  }
  template <typename T>
  void put(std::vector<T>& list) {
    put(static_cast<std::uint64_t>(list.size()));
    for (T& item : list) put(item);
  }
  template <typename T>
  requires(!Plain<T>) void put(T& record) { fields(*this, record); }

  std::string bytes_;
};

/// Reads what ArchiveWriter wrote; short or oversized input ends in `failed`, never in a read
/// beyond the end.
class ArchiveReader {
 public:
  static constexpr bool kIsReader = true;

  explicit ArchiveReader(std::string_view bytes) : rest_(bytes) {}

  template <typename... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  [[nodiscard]] bool failed() const { return failed_; }
  /// True if everything was read and nothing is left.
  [[nodiscard]] bool is_complete() const { return !failed_ && rest_.empty(); }

 private:
  template <Plain T>
  void get(T& value) {
    if (!take(sizeof value)) return;
    std::memcpy(&value, taken_.data(), sizeof value);
  }
  void get(bool& value) {
    std::uint8_t byte = 0;
    get(byte);
    value = byte != 0;
  }
  void get(std::string& text) {
    if (take(get_size())) text = taken_;
  }
  /// Where the text stands in the archive: for what is large and soon read.
  void get(std::string_view& text) {
    if (take(get_size())) text = taken_;
  }
  template <typename T>
  void get(std::vector<T>& list) {
    const std::size_t size = get_size();
    // Every item takes at least a byte: a size beyond the rest is a lie.
    if (failed_) return;
    list.clear();
    list.reserve(size);
    for (std::size_t i = 0; i < size && !failed_; ++i) get(list.emplace_back());
  }
  template <typename T>
  requires(!Plain<T>) void get(T& record) { fields(*this, record); }

  std::size_t get_size() {
    std::uint64_t size = 0;
    get(size);
    if (size > rest_.size()) failed_ = true;
    return failed_ ? 0 : static_cast<std::size_t>(size);
  }
  bool take(std::size_t size) {
    if (failed_ || size > rest_.size()) {
      failed_ = true;
      return false;
    }
    taken_ = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  std::string_view rest_;
  std::string_view taken_;
  bool failed_ = false;
};

}  // namespace backscan::rules
