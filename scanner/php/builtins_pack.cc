// pack() and unpack(): binary records as text and back.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "php/builtins.h"
#include "php/decoders.h"

namespace backscan::php::eval {
namespace {

struct Field {
  char code = 0;
  std::int64_t count = 1;
  bool takes_rest = false;  // '*'
  std::string name;         // unpack() only
};

// One field at `at`; moves behind it.
Field read_field(std::string_view format, std::size_t& at) {
  Field field{.code = format[at++]};
  if (at < format.size() && format[at] == '*') {
    field.takes_rest = true;
    ++at;
  } else {
    const char* const begin = format.data() + at;
    const auto [end, error] = std::from_chars(begin, format.data() + format.size(), field.count);
    if (end != begin) at += static_cast<std::size_t>(end - begin);
    if (error != std::errc{}) field.count = 1;
    field.count = std::clamp<std::int64_t>(field.count, 0, std::int64_t{16} << 20);
  }
  return field;
}

struct Layout {
  std::size_t size = 0;
  bool is_big_endian = false;
  bool is_signed = false;
};

Layout layout_of(char code) {
  switch (code) {
    case 'c': return {1, false, true};
    case 'C': return {1, false, false};
    case 's': return {2, false, true};
    case 'S': case 'v': return {2, false, false};
    case 'n': return {2, true, false};
    case 'l': case 'i': return {4, false, true};
    case 'L': case 'V': case 'I': return {4, false, false};
    case 'N': return {4, true, false};
    case 'q': return {8, false, true};
    case 'Q': case 'P': return {8, false, false};
    case 'J': return {8, true, false};
    default: return {};
  }
}

void append_number(BoundedText& out, std::int64_t number, const Layout& layout) {
  for (std::size_t i = 0; i < layout.size; ++i) {
    const std::size_t shift = 8 * (layout.is_big_endian ? layout.size - 1 - i : i);
    out.add(static_cast<char>(static_cast<std::uint64_t>(number) >> shift));
  }
}

std::string pack_hex(std::string_view digits, bool is_high_first) {
  std::string even{digits};
  if (even.size() % 2 != 0) even.push_back('0');
  if (!is_high_first)
    for (std::size_t i = 0; i + 1 < even.size(); i += 2) std::swap(even[i], even[i + 1]);
  return decode_hex(even).value_or("");
}

void pack_text(BoundedText& out, const Field& field, std::string_view text) {
  if (field.code == 'H' || field.code == 'h') {
    const std::size_t digits = field.takes_rest ? text.size() : static_cast<std::size_t>(field.count);
    out.add(pack_hex(text.substr(0, digits), field.code == 'H'));
    return;
  }
  const std::size_t length =
      field.takes_rest ? text.size() + (field.code == 'Z' ? 1 : 0) : static_cast<std::size_t>(field.count);
  std::string padded{text.substr(0, length)};
  padded.resize(length, field.code == 'A' ? ' ' : '\0');
  if (field.code == 'Z' && length > 0) padded[length - 1] = '\0';
  out.add(padded);
}

Value pack(Call& c) {
  const std::string format{c.text(0)};
  BoundedText out{c.heap};
  std::size_t argument = 1;
  for (std::size_t at = 0; at < format.size() && !out.is_overflown();) {
    const Field field = read_field(format, at);
    if (std::string_view{"aAZHh"}.find(field.code) != std::string_view::npos) {
      pack_text(out, field, c.text(argument++));
      continue;
    }
    if (field.code == 'x') {
      out.add(std::string(static_cast<std::size_t>(field.takes_rest ? 0 : field.count), '\0'));
      continue;
    }
    const Layout layout = layout_of(field.code);
    if (layout.size == 0) return Unknown{Why::kUnsupported, true};
    const std::size_t count = field.takes_rest ? c.count() - std::min(argument, c.count())
                                               : static_cast<std::size_t>(field.count);
    for (std::size_t i = 0; i < count && argument < c.count(); ++i)
      append_number(out, c.integer(argument++), layout);
  }
  return c.string(out, 1);
}

std::int64_t read_number(std::string_view bytes, const Layout& layout) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < layout.size; ++i) {
    const std::size_t at = layout.is_big_endian ? i : layout.size - 1 - i;
    number = number << 8 | static_cast<unsigned char>(bytes[at]);
  }
  if (layout.is_signed && layout.size < 8) {
    const std::uint64_t top = std::uint64_t{1} << (8 * layout.size - 1);
    return static_cast<std::int64_t>((number ^ top) - top);
  }
  return static_cast<std::int64_t>(number);
}

Key name_of(const Field& field, std::size_t index, bool is_single) {
  if (field.name.empty()) return Key{static_cast<std::int64_t>(index)};
  if (is_single) return Key{field.name};
  return Key{field.name + std::to_string(index)};
}

std::string unpack_text(const Field& field, std::string_view bytes) {
  if (field.code == 'H' || field.code == 'h') {
    std::string digits = encode_hex(bytes);
    if (field.code == 'h')
      for (std::size_t i = 0; i + 1 < digits.size(); i += 2) std::swap(digits[i], digits[i + 1]);
    if (!field.takes_rest) digits.resize(std::min(digits.size(), static_cast<std::size_t>(field.count)));
    return digits;
  }
  if (field.code == 'Z') bytes = bytes.substr(0, bytes.find('\0'));
  if (field.code == 'A') bytes = bytes.substr(0, bytes.find_last_not_of(std::string_view{" \t\r\n\0", 5}) + 1);
  return std::string{bytes};
}

Value unpack(Call& c) {
  const std::string format{c.text(0)};
  std::string_view data = c.text(1);
  data.remove_prefix(std::min(data.size(), static_cast<std::size_t>(std::max<std::int64_t>(0, c.integer(2)))));
  ArrayRef result = c.heap.array();
  for (std::size_t at = 0; at < format.size();) {
    Field field = read_field(format, at);
    const std::size_t slash = std::min(format.find('/', at), format.size());
    field.name = format.substr(at, slash - at);
    at = slash + 1;
    if (std::string_view{"aAZHh"}.find(field.code) != std::string_view::npos) {
      const bool is_hex = field.code == 'H' || field.code == 'h';
      const auto wanted = static_cast<std::size_t>(is_hex ? (field.count + 1) / 2 : field.count);
      const std::size_t length = field.takes_rest ? data.size() : wanted;
      if (length > data.size()) return false;
      result->set(name_of(field, 1, true), c.string(unpack_text(field, data.substr(0, length)), 1));
      data.remove_prefix(length);
      continue;
    }
    const Layout layout = layout_of(field.code);
    if (layout.size == 0) return Unknown{Why::kUnsupported, true};
    const std::size_t count = field.takes_rest ? data.size() / layout.size : static_cast<std::size_t>(field.count);
    for (std::size_t i = 1; i <= count; ++i) {
      if (data.size() < layout.size) return false;
      if (!c.budget.step() || c.heap.is_exhausted()) return Unknown{Why::kBudget, true};
      result->set(name_of(field, i, count == 1 && !field.takes_rest), read_number(data, layout));
      data.remove_prefix(layout.size);
    }
  }
  return result;
}

constexpr Builtin kPackRows[] = {{"pack", pack, 1, kDecoder}, {"unpack", unpack, 2}};

}  // namespace

std::span<const Builtin> pack_builtins() { return kPackRows; }

}  // namespace backscan::php::eval
