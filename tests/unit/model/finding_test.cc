#include "model/finding.h"

#include <gtest/gtest.h>

namespace backscan {
namespace {

TEST(Finding, IsLikelierByRankThenByWhatItSays) {
  Finding plain;
  plain.rank = 50;
  plain.severity = Severity::kHigh;
  plain.path = "/a.php";
  plain.line = 3;
  const auto changed = [&plain](auto change) {
    Finding other = plain;
    change(other);
    return other;
  };
  const Finding higher = changed([](Finding& f) { f.rank = 51, f.severity = Severity::kLow; });
  const Finding graver = changed([](Finding& f) { f.severity = Severity::kCritical; });
  const Finding flow = changed([](Finding& f) { f.view = ViewKind::kFlow, f.line = 90; });
  const Finding packed = changed([](Finding& f) { f.layers = {"eval"}, f.line = 1; });
  const Finding below = changed([](Finding& f) { f.line = 4; });
  const Finding beside = changed([](Finding& f) { f.path = "/b.php", f.view = ViewKind::kFlow; });
  for (const Finding* first : {&higher, &graver, &flow}) {
    EXPECT_TRUE(is_likelier(*first, plain));
    EXPECT_FALSE(is_likelier(plain, *first));
  }
  for (const Finding* second : {&packed, &below, &beside}) {
    EXPECT_TRUE(is_likelier(plain, *second));
    EXPECT_FALSE(is_likelier(*second, plain));
  }
  EXPECT_FALSE(is_likelier(plain, plain));
}

}  // namespace
}  // namespace backscan
