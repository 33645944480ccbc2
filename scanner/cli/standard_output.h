// Standard output as a stream that remembers why a write failed: iostreams forget, and "cannot be
// written" does not tell a full disk from a closed pipe.
#pragma once

#include <streambuf>
#include <vector>

namespace backscan::cli {

class StandardOutput : public std::streambuf {
 public:
  /// Writes to a descriptor that it does not own.
  explicit StandardOutput(int fd);
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;
  ~StandardOutput() override;

  /// errno of the first write that failed; 0 while none did.
  [[nodiscard]] const int& error() const { return error_; }

 protected:
  int_type overflow(int_type character) override;
  int sync() override;

 private:
  int fd_;
  int error_ = 0;
  std::vector<char> buffer_;
};

}  // namespace backscan::cli
