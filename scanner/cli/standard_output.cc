// Nothing more is written once a write has failed: half a line after a gap is no result.
#include "cli/standard_output.h"

#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace backscan::cli {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{64} << 10;

}  // namespace

StandardOutput::StandardOutput(int fd) : fd_(fd), buffer_(kBufferBytes) {
  setp(buffer_.data(), buffer_.data() + buffer_.size());
}

StandardOutput::~StandardOutput() { StandardOutput::sync(); }

int StandardOutput::sync() {
  for (const char* from = pbase(); from < pptr() && error_ == 0;) {
    const ssize_t written = ::write(fd_, from, static_cast<std::size_t>(pptr() - from));
    if (written >= 0)
      from += written;
    else if (errno != EINTR)
      error_ = errno;
  }
  setp(buffer_.data(), buffer_.data() + buffer_.size());
  return error_ == 0 ? 0 : -1;
}

StandardOutput::int_type StandardOutput::overflow(int_type character) {
  if (sync() != 0) return traits_type::eof();
  if (!traits_type::eq_int_type(character, traits_type::eof()))
    sputc(traits_type::to_char_type(character));
  return traits_type::not_eof(character);
}

}  // namespace backscan::cli
