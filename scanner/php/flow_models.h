// What the functions that the interpreter knows do with data, as far as flow_suspects.h asks: its
// own file, because it must follow the tables of flow_functions.h and sinks.h.
#pragma once

#include <cstdint>
#include <string_view>

namespace backscan::php::flow {

enum class Model : std::uint8_t {
  kUnread,     // not asked yet
  kForeign,    // unknown: a function of the file, or one judged by its name
  kNothing,    // nothing of the arguments comes back
  kPass,       // the arguments come back, or elements of them
  kKeys,       // … under names of which nobody knows
  kOtherText,  // text made of them
  kFirstText,  // … of the first
  kSecondText,
  kReplaceText,  // of the second and third
  kQuote,        // one word of a command
  kNumber,       // … a number or a hash
  kPath,         // the place of the file
  kSource,       // data of the request
  kSocket,       // … of another host
  kDecode,       // data of whoever packed it
  kRead,         // what stands behind a path
  kOpenFile,     // … as a handle
  kLetter,       // chr()
  kEnvironment,
  kExtract,
  kExtractAll,
  kParseText,
  kMatch,  // preg_match()
  kPush,
  kCompact,
  kDefine,
  kNamedConstant,
  kCallback,  // calls what an argument names
  kReplace,   // preg_replace()
  kMail,      // from here on: sinks
  kTelling,   // a fact whatever its arguments
  kSetting,
  kCode,
  kCodeSecond,
  kCodeReplace,
  kCommand,
  kIncludeCall,
  kWriteFile,
  kCopy,
  kWrite,
  kCurl,
};

[[nodiscard]] Model model_of_function(std::string_view lower_name);

/// Which argument of a function of kCallback is called, counted from 1 as Call's kids are; 0: the
/// last one.
[[nodiscard]] std::size_t callback_argument(std::string_view lower_name);

}  // namespace backscan::php::flow
