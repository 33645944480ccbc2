// Text decodings: base64, hexadecimal, URL, uuencode, quoted-printable, rot13, entities, escapes.
#include "php/decoders.h"

#include <array>
#include <charconv>

#include "base/text.h"

namespace backscan::php {
namespace {

constexpr int kNoDigit = -1;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

constexpr std::array<std::int8_t, 256> kBase64Digits = [] {
  std::array<std::int8_t, 256> digits{};
  digits.fill(-1);
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < kAlphabet.size(); ++i)
    digits[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::int8_t>(i);
  return digits;
}();

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&out](std::uint32_t b) { out.push_back(static_cast<char>(b)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | code >> 6);
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3F));
    byte(0x80 | (code >> 6 & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

// The code point of an entity's inside ("#x41", "#65", "lt"), or nothing.
std::optional<std::uint32_t> entity_code(std::string_view name) {
  if (name.size() > 1 && name[0] == '#') {
    const bool is_hex = name[1] == 'x' || name[1] == 'X';
    const std::string_view digits = name.substr(is_hex ? 2 : 1);
    std::uint32_t code = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
    const bool is_whole = error == std::errc{} && end == digits.data() + digits.size();
    if (!is_whole || digits.empty() || code > 0x10FFFF) return std::nullopt;
    return code;
  }
  static constexpr std::pair<std::string_view, std::uint32_t> kNames[] = {
      {"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", 0xA0}};
  for (const auto& [known, code] : kNames)
    if (name == known) return code;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text, bool strict) {
  std::string out;
  out.reserve(text.size() / 4 * 3 + 3);
  std::uint32_t bits = 0;
  int count = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '=') {
      ++padding;
      continue;
    }
    const int digit = kBase64Digits[static_cast<unsigned char>(c)];
    if (digit < 0) {
      if (strict && !is_space(c)) return std::nullopt;
      continue;
    }
    if (strict && padding > 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    if (++count == 4) {
      out.push_back(static_cast<char>(bits >> 16));
      out.push_back(static_cast<char>(bits >> 8));
      out.push_back(static_cast<char>(bits));
      bits = 0;
      count = 0;
    }
  }
  if (strict && (count == 1 || (padding > 0 && (padding > 2 || (count + static_cast<int>(padding)) % 4 != 0))))
    return std::nullopt;
  if (count >= 2) out.push_back(static_cast<char>(bits >> (count == 2 ? 4 : 10)));
  if (count == 3) out.push_back(static_cast<char>(bits >> 2));
  return out;
}

std::string encode_base64(std::string_view bytes) { return base64_encode(bytes); }

std::optional<std::string> decode_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
  }
  return out;
}

std::string encode_hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return out;
}

std::string decode_url(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i] == '+' && plus_is_space ? ' ' : text[i]);
    }
  }
  return out;
}

std::string encode_url(std::string_view bytes, bool space_is_plus) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : bytes) {
    const bool is_plain = (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
                          c == '-' || c == '_' || c == '.' || (c == '~' && !space_is_plus);
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain) {
      out.push_back(c);
    } else if (c == ' ' && space_is_plus) {
      out.push_back('+');
    } else {
      out.push_back('%');
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    }
  }
  return out;
}

std::optional<std::string> decode_uu(std::string_view text) {
  std::string out;
  std::size_t i = 0;
  const auto bits_at = [&text](std::size_t at) -> std::uint32_t {
    return at < text.size() ? (static_cast<unsigned char>(text[at]) - 32u) & 0x3Fu : 0u;
  };
  while (i < text.size()) {
    const std::size_t length = bits_at(i++);
    if (length == 0) break;
    if (i + (length + 2) / 3 * 4 > text.size() + 4) return std::nullopt;
    const std::size_t end = out.size() + length;
    for (; out.size() < end; i += 4) {
      const std::uint32_t word =
          bits_at(i) << 18 | bits_at(i + 1) << 12 | bits_at(i + 2) << 6 | bits_at(i + 3);
      for (int shift = 16; shift >= 0 && out.size() < end; shift -= 8)
        out.push_back(static_cast<char>(word >> shift));
    }
    while (i < text.size() && text[i] != '\n') ++i;
    ++i;
  }
  return out;
}

std::string encode_uu(std::string_view bytes) {
  std::string out;
  const auto digit = [](std::uint32_t bits) {
    return static_cast<char>(bits == 0 ? '`' : static_cast<int>(bits + 32));
  };
  for (std::size_t at = 0; at < bytes.size(); at += 45) {
    const std::string_view line = bytes.substr(at, 45);
    out.push_back(digit(static_cast<std::uint32_t>(line.size())));
    for (std::size_t i = 0; i < line.size(); i += 3) {
      std::uint32_t word = 0;
      for (std::size_t k = 0; k < 3; ++k)
        word = word << 8 | (i + k < line.size() ? static_cast<unsigned char>(line[i + k]) : 0u);
      for (int shift = 18; shift >= 0; shift -= 6) out.push_back(digit(word >> shift & 0x3F));
    }
    out.push_back('\n');
  }
  out += "`\n";
  return out;
}

std::string decode_quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out.push_back(text[i]);
      continue;
    }
    if (i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out.push_back(static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])));
      i += 2;
      continue;
    }
    std::size_t end = i + 1;
    while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) ++end;
    if (end < text.size() && text[end] == '\r') ++end;
    if (end < text.size() && text[end] == '\n')
      i = end;  // a soft line break
    else
      out.push_back('=');
  }
  return out;
}

std::string rot13(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    const char lower = ascii_lower(c);
    if (lower >= 'a' && lower <= 'm') c = static_cast<char>(c + 13);
    else if (lower >= 'n' && lower <= 'z') c = static_cast<char>(c - 13);
  }
  return out;
}

std::string decode_html_entities(std::string_view text) {
  constexpr std::size_t kLongest = 12;
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '&') {
      const std::size_t end = text.substr(i, kLongest).find(';');
      const auto code =
          end == text.npos ? std::nullopt : entity_code(text.substr(i + 1, end - 1));
      if (code) {
        append_utf8(out, *code);
        i += end;
        continue;
      }
    }
    out.push_back(text[i]);
  }
  return out;
}

std::string decode_c_escapes(std::string_view text) {
  static constexpr std::string_view kLetters = "ntrabvf";
  static constexpr std::string_view kMeanings = "\n\t\r\a\b\v\f";
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out.push_back(text[i]);
      continue;
    }
    const char c = text[++i];
    int code = 0;
    std::size_t digits = 0;
    if (c == 'x') {
      while (digits < 2 && i + 1 < text.size() && hex_digit(text[i + 1]) >= 0) {
        code = code * 16 + hex_digit(text[++i]);
        ++digits;
      }
      out.push_back(digits == 0 ? c : static_cast<char>(code));
    } else if (c >= '0' && c <= '7') {
      --i;
      while (digits < 3 && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '7') {
        code = code * 8 + (text[++i] - '0');
        ++digits;
      }
      out.push_back(static_cast<char>(code));
    } else {
      const std::size_t letter = kLetters.find(c);
      out.push_back(letter == kLetters.npos ? c : kMeanings[letter]);
    }
  }
  return out;
}

}  // namespace backscan::php
