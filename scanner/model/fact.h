// A fact is a named statement about a file or a place in it, made by code (php/, scan/), combined
// by rules. Names form a closed vocabulary (fact_names.h) so that a misspelt one fails the load.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/view.h"

namespace backscan {

/// One step of the way from a source to a sink; `offset` is in the file on disk.
struct TraceStep {
  Offset offset = 0;
  std::string what;  // "$to = $_POST['to']"
};

struct Fact {
  std::string_view name;  // from kFactNames: static storage
  Span place;             // in the file on disk; {0,0}: the file as a whole
  /// Facts about the same mail sink share a group (1, 2, …); 0 is the whole file. A rule is
  /// evaluated once per group over the facts of that group and of group 0, so that "recipient from
  /// the request" and "validated" must speak of the same sink.
  std::uint32_t group = 0;
  std::uint32_t layer = 0;  // index + 1 of the unpacked layer it was seen in; 0: the file itself
  std::string sink;         // "mail()", "PHPMailer::addAddress()"; fills {sink} of messages
  std::string source;       // "$_POST['to']"; fills {source}
  std::vector<TraceStep> trace;
};

}  // namespace backscan
