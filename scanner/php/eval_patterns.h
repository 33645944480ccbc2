// Regular expressions of an evaluated program, translated from PCRE to RE2 and kept compiled: loops
// use the same few again and again. What RE2 cannot say (look-around, back-references) has no pattern.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <re2/re2.h>

#include "php/eval_program.h"

namespace backscan::php::eval {

struct Pattern {
  std::unique_ptr<re2::RE2> regex;  // null: RE2 cannot say it
  bool evaluates = false;           // the /e modifier: the replacement is code
  bool is_anchored = false;         // /A
};

class Patterns {
 public:
  /// The pattern `text` with its delimiters and modifiers ("/a(.)/ie").
  [[nodiscard]] const Pattern& find(std::string_view text);

 private:
  TextMap<Pattern> known_;
};

}  // namespace backscan::php::eval
