// Names of the members of zip and tar archives, as far as they can be read without unpacking
// (APPNOTE.TXT 4.3; POSIX.1-2008, "pax", ustar interchange format).
#include <algorithm>
#include <cstdint>

#include "php/carriers.h"
#include "php/carriers_settings.h"

namespace backscan::php {
namespace {

/// Members looked at in one archive: enough for any application, little work for a hostile one.
constexpr int kMaxMembers = 20000;

bool is_php_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view extension = name.substr(dot + 1);
  return extension != "inc" && is_php_extension(extension);
}

/// Little-endian number of `size` bytes at `at`; 0 behind the end.
std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  if (at > bytes.size() || bytes.size() - at < size) return 0;
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

void add(std::string_view name, std::size_t offset, std::vector<Fact>& facts) {
  const auto begin = static_cast<Offset>(offset);
  facts.push_back(carrier_fact("file.archive-member-php",
                               {begin, begin + static_cast<Offset>(name.size())}, "", name));
}

/// Central directory headers one after the other from `at`; true if a PHP member was found.
bool read_zip_directory(std::string_view bytes, std::size_t at, std::size_t base,
                        std::vector<Fact>& facts) {
  static constexpr std::size_t kHeader = 46;
  for (int member = 0; member < kMaxMembers; ++member) {
    if (!bytes.substr(std::min(at, bytes.size())).starts_with("PK\x01\x02")) return false;
    const std::size_t name_size = number(bytes, at + 28, 2);
    const std::string_view name = bytes.substr(std::min(at + kHeader, bytes.size()), name_size);
    if (is_php_name(name)) {
      add(name, base + at + kHeader, facts);
      return true;
    }
    at += kHeader + name_size + number(bytes, at + 30, 2) + number(bytes, at + 32, 2);
  }
  return false;
}

/// Local headers in the part of the archive that is there.
void read_zip_members(std::string_view bytes, std::vector<Fact>& facts) {
  static constexpr std::size_t kHeader = 30;
  std::size_t at = 0;
  for (int member = 0; member < kMaxMembers && at < bytes.size(); ++member) {
    if (!bytes.substr(at).starts_with("PK\x03\x04")) return;
    const std::size_t name_size = number(bytes, at + 26, 2);
    const std::string_view name = bytes.substr(std::min(at + kHeader, bytes.size()), name_size);
    if (is_php_name(name)) return add(name, at + kHeader, facts);
    const std::size_t data = at + kHeader + name_size + number(bytes, at + 28, 2);
    const bool has_size_behind = (number(bytes, at + 6, 2) & 8U) != 0;
    const std::size_t packed = number(bytes, at + 18, 4);
    if (has_size_behind && packed == 0) {
      at = bytes.find("PK\x03\x04", std::min(data, bytes.size()));
    } else {
      at = data + packed;
    }
  }
}

void read_zip(std::string_view bytes, std::string_view tail, std::size_t tail_offset,
              std::vector<Fact>& facts) {
  const std::string_view end_part = tail.empty() ? bytes : tail;
  const std::size_t base = tail.empty() ? 0 : tail_offset;
  const std::size_t end_record = end_part.rfind("PK\x05\x06");
  if (end_record != std::string_view::npos) {
    const std::size_t directory = number(end_part, end_record + 16, 4);
    const bool is_here = directory >= base && directory - base < end_record;
    if (is_here && read_zip_directory(end_part, directory - base, base, facts)) return;
  }
  if (facts.empty()) read_zip_members(bytes, facts);
}

/// Octal digits of a tar header field.
std::size_t octal_number(std::string_view field) {
  std::size_t value = 0;
  for (const char c : field) {
    if (c >= '0' && c <= '7') value = value * 8 + static_cast<std::size_t>(c - '0');
    else if (c != ' ') break;
  }
  return value;
}

void read_tar(std::string_view bytes, std::vector<Fact>& facts) {
  static constexpr std::size_t kBlock = 512;
  std::string_view long_name;
  std::size_t at = 0;
  for (int member = 0; member < kMaxMembers && bytes.size() - at >= kBlock; ++member) {
    const std::string_view header = bytes.substr(at, kBlock);
    if (!header.substr(257).starts_with("ustar")) return;
    std::string_view name = header.substr(0, std::min<std::size_t>(header.find('\0'), 100));
    if (!long_name.empty()) name = long_name;
    const std::size_t size = octal_number(header.substr(124, 12));
    const bool is_long_name = header[156] == 'L';  // GNU: the name of the next member is the data
    if (!is_long_name && is_php_name(name)) return add(name, at, facts);
    long_name = {};
    if (is_long_name) {
      long_name = bytes.substr(at + kBlock, std::min<std::size_t>(size, 4096));
      long_name = long_name.substr(0, long_name.find('\0'));
    }
    const std::size_t step = kBlock + (size + kBlock - 1) / kBlock * kBlock;
    if (step > bytes.size() - at) return;
    at += step;
  }
}

bool is_zip(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }

bool is_tar(std::string_view bytes) {
  constexpr std::size_t kMagic = 257;
  return bytes.size() > kMagic && bytes.substr(kMagic).starts_with("ustar");
}

}  // namespace

bool is_archive(std::string_view bytes) { return is_zip(bytes) || is_tar(bytes); }

void add_archive_facts(std::string_view bytes, std::string_view tail, Offset tail_offset,
                       std::vector<Fact>& facts) {
  if (is_zip(bytes)) return read_zip(bytes, tail, tail_offset, facts);
  if (is_tar(bytes)) read_tar(bytes, facts);
}

}  // namespace backscan::php
