// DEFLATE in its three wrappings, by zlib, with an end to every bomb.
#include <algorithm>
#include <limits>

#include <zlib.h>

#include "php/decoders.h"

namespace backscan::php {
namespace {

constexpr std::size_t kFirstChunk = 4u << 10;

int window_bits(Deflate format) {
  switch (format) {
    case Deflate::kRaw: return -MAX_WBITS;
    case Deflate::kZlib: return MAX_WBITS;
    case Deflate::kGzip: return MAX_WBITS + 16;
  }
  return MAX_WBITS;
}

// zlib takes input through a pointer that is not const and never writes to it.
Bytef* input_of(std::string_view data) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
}

uInt clamp_length(std::size_t size) {
  return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

}  // namespace

Inflated inflate(std::string_view data, Deflate format, std::size_t limit) {
  Inflated result;
  z_stream stream{};
  if (data.empty() || inflateInit2(&stream, window_bits(format)) != Z_OK) return result;
  stream.next_in = input_of(data);
  stream.avail_in = clamp_length(data.size());
  int status = Z_OK;
  while (status == Z_OK) {
    const std::size_t used = result.bytes.size();
    if (used >= limit) {
      result.is_too_big = true;
      break;
    }
    result.bytes.resize(std::min(limit, std::max(used * 2, data.size() * 4 + kFirstChunk)));
    stream.next_out = reinterpret_cast<Bytef*>(result.bytes.data()) + used;
    stream.avail_out = clamp_length(result.bytes.size() - used);
    status = ::inflate(&stream, Z_NO_FLUSH);
    result.bytes.resize(result.bytes.size() - stream.avail_out);
    if (status == Z_OK && stream.avail_in == 0 && stream.avail_out != 0) break;  // cut short
  }
  result.is_whole = status == Z_STREAM_END;
  inflateEnd(&stream);
  return result;
}

std::string deflate(std::string_view bytes, Deflate format, int level) {
  z_stream stream{};
  constexpr int kMemory = 8;
  if (deflateInit2(&stream, std::clamp(level, -1, 9), Z_DEFLATED, window_bits(format), kMemory,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    return {};
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = input_of(bytes);
  stream.avail_in = clamp_length(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = clamp_length(out.size());
  const int status = ::deflate(&stream, Z_FINISH);
  out.resize(status == Z_STREAM_END ? stream.total_out : 0);
  deflateEnd(&stream);
  return out;
}

}  // namespace backscan::php
