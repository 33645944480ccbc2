// What RuleSet holds; shared by rule_set.cc and matcher.cc only.
#pragma once

#include "rules/program.h"
#include "rules/rule_set.h"

namespace backscan::rules {

struct RuleSet::Impl {
  Program program;
};

}  // namespace backscan::rules
