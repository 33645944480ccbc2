// base64, rot13, hex and reversal of short constants. See flow_decode.h.
#include "php/flow_decode.h"

#include <algorithm>
#include <array>

namespace backscan::php::flow {

namespace {

constexpr std::size_t kMaxText = std::size_t{64} << 10;

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  if (c == '/') return 63;
  return -1;
}

// Skips what is no digit, as PHP does when it is not strict.
std::string from_base64(std::string_view text) {
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) continue;
    bits = bits << 6U | static_cast<unsigned>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU));
    }
  }
  return out;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> from_hex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

std::string rot13(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>('a' + (c - 'a' + 13) % 26);
    else if (c >= 'A' && c <= 'Z') c = static_cast<char>('A' + (c - 'A' + 13) % 26);
  }
  return text;
}

}  // namespace

std::optional<std::string> decode_constant(std::string_view function, const std::string& text,
                                           const Call& call) {
  if (text.size() > kMaxText) return std::nullopt;
  if (function == "base64_decode") return from_base64(text);
  if (function == "str_rot13") return rot13(text);
  if (function == "strrev") return std::string(text.rbegin(), text.rend());
  if (function == "hex2bin") return from_hex(text);
  if (function == "pack" && (text == "H*" || text == "h*") && is_constant_text(call.arg(1))) {
    return from_hex(constant_text(call.arg(1)));
  }
  return std::nullopt;
}

}  // namespace backscan::php::flow
