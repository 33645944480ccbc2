// RE2's options (regex.h).
#include "rules/regex.h"

namespace backscan::rules {

re2::RE2::Options regex_options() {
  re2::RE2::Options options;
  // Under UTF-8 `.` would not match a byte such as 0xff.
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  // Bounds the lazily built DFA of each pattern: many patterns may be awake on hostile input.
  options.set_max_mem(4 << 20);
  return options;
}

}  // namespace backscan::rules
