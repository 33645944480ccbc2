// The `code` and `text` views of a PHP file, built in one pass (DESIGN.md, "What is scanned"), and
// what a rule may rely on in them.
//
// Code view: the program in one spelling.
//  * Comments, white space and inline HTML are gone. One space stands between two word characters
//    ([A-Za-z0-9_\x80-\xff]) and nowhere else: `new foo`, but `return$x`, `echo'a'`, `if($a==1){`.
//  * `<?php`, `<?`, `<%`, `<script language=php>` are `<?`; `<?=` is `<?echo`; every closing tag is
//    `?>`. Inline HTML between two blocks therefore reads `?><?`.
//  * Every word but a variable is lower-cased: keywords, names of functions, classes, methods,
//    properties and constants, casts (`(int)`, blanks inside gone), numbers (`0x1f`). Variables keep
//    their case. `\mail` is `mail`; names of several parts keep their backslashes.
//  * `@` is dropped.
//  * A constant string is `'…'`, whatever its quotes, escapes or heredoc: inside, `'` and `\` are
//    written `\'` and `\\`, every other byte stands raw, line breaks too. (In a pattern over such a
//    string use `[^'\\]` or `(?s)`.)
//  * Constant strings joined by `.` are one string, and so are groups of them in parentheses and
//    chr() of a number: `'ba'.("se".'64').chr(95)` is `'base64_'`.
//  * Interpolation is concatenation: `"To: {$a['x']} <$b>\n"` reads `'To: '.$a['x'].' <'.$b.'>␤'`,
//    a lone `"$x"` is `$x`, `"$a[key]"` is `$a['key']`, `"${a}"` is `$a`.
//  * Backticks are `shell_exec(…)`.
//  * A constant string that is called is the function's name: `('ma'.'il')($to)` is `mail($to)`.
//  * A constant name in braces is the name: `${"GLO"."BALS"}` is `$GLOBALS`, `$o->{'m'}` is `$o->m`.
//  * Data behind `__halt_compiler` is not in it.
//
// Text view: what the program says. The value of every string, escapes decoded and constant joins
// done, ended by a line break (values may hold line breaks of their own); in interpolated strings a
// variable stands as `$name`, of a longer expression only its first variable: `Dear $row, …`.
// Strings inside such expressions are left out. Inline HTML (forms, links, data behind
// `__halt_compiler`) stands between them as it is, in file order.
//
// Offsets map to the first byte of what a piece was made from.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/view.h"
#include "php/token.h"

namespace backscan::php {

/// Reused between files by the caller: buffers keep their capacity.
struct CodeViews {
  std::string code;
  OffsetMap code_map;
  std::string text;
  OffsetMap text_map;
};

/// Lexes `source` and fills `views`, holding no token list. Linear time; the views together are at
/// most a small multiple of the source, usually less than it. The maps are made when a place is asked
/// for, from `source`, which must be there until then.
void build_views(std::string_view source, const LexOptions& options, CodeViews& views);

/// The same from tokens that are there already.
void build_views(std::string_view source, std::span<const Token> tokens, CodeViews& views);

}  // namespace backscan::php
