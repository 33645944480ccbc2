// Quarantine and cleaning: a file's content into the store, then the file itself out of its place, or
// a new one into it. Every step can be the last one; recover.h finishes or undoes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/finding.h"
#include "response/store.h"

namespace backscan::response {

struct Request {
  Target target;
  std::string sha256;   // of the content that was judged; empty: whatever is there
  std::string finding;  // the finding's JSON record for the journal, or empty
  Time now{};
};

struct Outcome {
  std::string id;
  std::vector<std::string> remarks;  // what is as wished but for this
};

/// Takes the file out of its place; its content and all that restore needs are in the store. An error
/// means that the file is where it was, or says where it is.
[[nodiscard]] Result<Outcome> quarantine(Store& store, const Request& request);

/// Puts a file with `content` and the old one's owner, mode and attributes in its place, at once; the
/// old one is in the store.
[[nodiscard]] Result<Outcome> replace(Store& store, const Request& request,
                                      std::string_view content);

}  // namespace backscan::response
