// Built-ins that decode and encode: the ones that packers are made of.
#include "php/builtins.h"
#include "php/decoders.h"

namespace backscan::php::eval {
namespace {

Value from_optional(Call& c, std::optional<std::string> decoded) {
  if (!decoded) return false;
  return c.string(std::move(*decoded));
}

Value base64_decode(Call& c) { return from_optional(c, decode_base64(c.text(0), c.flag(1))); }
Value base64_encode(Call& c) { return c.string(encode_base64(c.text(0))); }
Value hex2bin(Call& c) { return from_optional(c, decode_hex(c.text(0))); }
Value bin2hex(Call& c) { return c.string(encode_hex(c.text(0))); }
Value urldecode(Call& c) { return c.string(decode_url(c.text(0), true)); }
Value rawurldecode(Call& c) { return c.string(decode_url(c.text(0), false)); }
Value urlencode(Call& c) { return c.string(encode_url(c.text(0), true)); }
Value rawurlencode(Call& c) { return c.string(encode_url(c.text(0), false)); }
Value str_rot13(Call& c) { return c.string(rot13(c.text(0))); }
Value convert_uudecode(Call& c) { return from_optional(c, decode_uu(c.text(0))); }
Value convert_uuencode(Call& c) { return c.string(encode_uu(c.text(0))); }
Value quoted_printable_decode(Call& c) { return c.string(decode_quoted_printable(c.text(0))); }
Value html_entity_decode(Call& c) { return c.string(decode_html_entities(c.text(0))); }

Value htmlspecialchars(Call& c) {
  BoundedText out{c.heap};
  for (const char byte : c.text(0)) {
    switch (byte) {
      case '&': out.add("&amp;"); break;
      case '<': out.add("&lt;"); break;
      case '>': out.add("&gt;"); break;
      case '"': out.add("&quot;"); break;
      case '\'': out.add("&#039;"); break;
      default: out.add(byte);
    }
  }
  return c.string(out);
}

Value inflated(Call& c, Deflate format) {
  const std::string_view data = c.text(0);
  Inflated result = inflate(data, format, c.heap.max_value_bytes());
  c.budget.bytes(result.bytes.size());
  if (result.is_too_big) {
    c.budget.end(Spent::kMemory);
    return Unknown{Why::kBudget, true};
  }
  if (!result.is_whole && result.bytes.empty()) return false;
  return c.string(std::move(result.bytes));
}
Value gzinflate(Call& c) { return inflated(c, Deflate::kRaw); }
Value gzuncompress(Call& c) { return inflated(c, Deflate::kZlib); }
Value gzdecode(Call& c) { return inflated(c, Deflate::kGzip); }

Value zlib_decode(Call& c) {
  const std::string_view data = c.text(0);
  if (data.starts_with("\x1f\x8b")) return inflated(c, Deflate::kGzip);
  // A zlib header is a multiple of 31 (RFC 1950).
  const bool is_zlib = data.size() > 2 && (data[0] & 0x0F) == 8 &&
                       (static_cast<unsigned char>(data[0]) * 256 + static_cast<unsigned char>(data[1])) % 31 == 0;
  return inflated(c, is_zlib ? Deflate::kZlib : Deflate::kRaw);
}

Value deflated(Call& c, Deflate format) {
  const std::string_view data = c.text(0);
  c.budget.bytes(data.size() * 16);
  if (c.budget.is_spent()) return Why::kBudget;
  return c.string(deflate(data, format, static_cast<int>(std::min<std::int64_t>(c.integer(1, 6), 9))));
}
Value gzdeflate(Call& c) { return deflated(c, Deflate::kRaw); }
Value gzcompress(Call& c) { return deflated(c, Deflate::kZlib); }
Value gzencode(Call& c) { return deflated(c, Deflate::kGzip); }

Value utf8_encode(Call& c) {
  BoundedText out{c.heap};
  for (const char byte : c.text(0)) {
    const auto code = static_cast<unsigned char>(byte);
    if (code < 0x80) {
      out.add(byte);
    } else {
      out.add(static_cast<char>(0xC0 | code >> 6));
      out.add(static_cast<char>(0x80 | (code & 0x3F)));
    }
  }
  return c.string(out);
}

Value utf8_decode(Call& c) {
  const std::string_view text = c.text(0);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto code = static_cast<unsigned char>(text[i]);
    if (code < 0x80) {
      out.push_back(text[i]);
    } else if (code < 0xE0 && i + 1 < text.size()) {
      out.push_back(static_cast<char>((code & 0x03) << 6 | (text[++i] & 0x3F)));
    } else {
      out.push_back('?');
      i += code < 0xF0 ? 2 : 3;
    }
  }
  return c.string(std::move(out));
}

// iconv() and mb_convert_encoding() of text that is the same in every charset.
Value converted(Call& c, std::size_t at) {
  for (const char byte : c.text(at))
    if (static_cast<unsigned char>(byte) >= 0x80) return Unknown{Why::kUnsupported, true};
  return c.value(at);
}
Value iconv(Call& c) { return converted(c, 2); }
Value mb_convert_encoding(Call& c) { return converted(c, 0); }

constexpr Builtin kDecoderRows[] = {
    {"base64_decode", base64_decode, 1, kDecoder},
    {"base64_encode", base64_encode},
    {"hex2bin", hex2bin, 1, kDecoder},
    {"bin2hex", bin2hex},
    {"urldecode", urldecode, 1, kDecoder},
    {"rawurldecode", rawurldecode, 1, kDecoder},
    {"urlencode", urlencode},
    {"rawurlencode", rawurlencode},
    {"str_rot13", str_rot13, 1, kDecoder},
    {"convert_uudecode", convert_uudecode, 1, kDecoder},
    {"convert_uuencode", convert_uuencode},
    {"quoted_printable_decode", quoted_printable_decode, 1, kDecoder},
    {"html_entity_decode", html_entity_decode, 1, kDecoder},
    {"htmlspecialchars_decode", html_entity_decode, 1, kDecoder},
    {"htmlspecialchars", htmlspecialchars},
    {"htmlentities", htmlspecialchars},
    {"gzinflate", gzinflate, 1, kDecoder},
    {"gzuncompress", gzuncompress, 1, kDecoder},
    {"gzdecode", gzdecode, 1, kDecoder},
    {"zlib_decode", zlib_decode, 1, kDecoder},
    {"gzdeflate", gzdeflate},
    {"gzcompress", gzcompress},
    {"gzencode", gzencode},
    {"utf8_encode", utf8_encode},
    {"utf8_decode", utf8_decode, 1, kDecoder},
    {"iconv", iconv, 3},
    {"mb_convert_encoding", mb_convert_encoding, 2},
};

}  // namespace

std::span<const Builtin> decoder_builtins() { return kDecoderRows; }

}  // namespace backscan::php::eval
