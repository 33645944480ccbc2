// What every program says: a page of ordinary code, against which patterns are tried once when rules
// are compiled. One that is found there tells nothing, however long it is; rarity by structure alone
// (regex_rarity.h) cannot know that.
#pragma once

#include "model/view.h"

namespace re2 {
class RE2;
}

namespace backscan::rules {

/// True if ordinary code holds a match of `regex`, a pattern over `view`; always false for views
/// whose texts are not code.
[[nodiscard]] bool is_common(ViewKind view, const re2::RE2& regex);

}  // namespace backscan::rules
