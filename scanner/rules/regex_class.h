// Byte classes of RE2's syntax: brackets, Perl's and POSIX's names, escaped bytes. Apart from
// regex_tree.cc because they are a syntax of their own.
#pragma once

#include <optional>
#include <string_view>

#include "rules/regex_tree.h"

namespace backscan::rules {

struct ByteClass {
  ByteSet bytes;
  bool is_negated = false;  // not yet applied: folding comes first
};

/// Reads a bracket; `at` stands behind its '[' and is moved behind its ']'.
[[nodiscard]] Result<ByteClass> read_byte_class(std::string_view text, std::size_t& at);

/// Reads an escaped byte; `at` stands behind the backslash.
[[nodiscard]] Result<unsigned char> read_escaped_byte(std::string_view text, std::size_t& at);

/// The set of `\d`, `\D`, `\s`, `\S`, `\w`, `\W`; nothing for other letters.
[[nodiscard]] std::optional<ByteSet> perl_class(char letter);

}  // namespace backscan::rules
