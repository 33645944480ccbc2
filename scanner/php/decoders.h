// The decodings that packers use, as plain functions over bytes: each follows PHP's own leniency and
// stops at `limit` output bytes. Apart from the evaluator so that they can be tested by themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace backscan::php {

/// base64_decode(): skips what is not of the alphabet; strict refuses it (PHP: false).
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text, bool strict);
[[nodiscard]] std::string encode_base64(std::string_view bytes);

/// hex2bin(); nothing for an odd length or a byte that is no hexadecimal digit.
[[nodiscard]] std::optional<std::string> decode_hex(std::string_view text);
[[nodiscard]] std::string encode_hex(std::string_view bytes);

/// urldecode() with `plus_is_space`, else rawurldecode().
[[nodiscard]] std::string decode_url(std::string_view text, bool plus_is_space);
[[nodiscard]] std::string encode_url(std::string_view bytes, bool space_is_plus);

[[nodiscard]] std::optional<std::string> decode_uu(std::string_view text);
[[nodiscard]] std::string encode_uu(std::string_view bytes);
[[nodiscard]] std::string decode_quoted_printable(std::string_view text);
[[nodiscard]] std::string rot13(std::string_view text);
/// html_entity_decode() of numeric entities and the common names; UTF-8 beyond ASCII.
[[nodiscard]] std::string decode_html_entities(std::string_view text);
/// The escapes of C: stripcslashes().
[[nodiscard]] std::string decode_c_escapes(std::string_view text);

enum class Deflate : std::uint8_t { kRaw, kZlib, kGzip };

struct Inflated {
  std::string bytes;
  bool is_whole = false;   // the stream ended properly
  bool is_too_big = false;  // more than `limit` bytes: `bytes` is cut there
};
/// gzinflate(), gzuncompress(), gzdecode(). Tolerant where PHP is not: a truncated or damaged stream
/// gives the bytes before the damage, since a cut sample must still be read.
[[nodiscard]] Inflated inflate(std::string_view data, Deflate format, std::size_t limit);
[[nodiscard]] std::string deflate(std::string_view bytes, Deflate format, int level);

}  // namespace backscan::php
