// What `rules explain` tells, gathered once and shown as text or JSON.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "cli/rules_explain_judge.h"
#include "rules/rule.h"

namespace backscan::cli {

struct Explained {
  std::string path;
  std::size_t line = 0;  // 0: the file as a whole
  const Readings* readings = nullptr;

  struct Seen {  // the line as one view reads it
    const Reading* reading = nullptr;
    std::string text;
  };
  std::vector<Seen> seen;
  std::vector<const Fact*> facts;  // at the line, and those of the whole file
  struct Fired {
    std::string rule;
    std::string severity;
    std::size_t line = 0;  // 0: about the file as a whole
    bool is_here = false;
  };
  std::vector<Fired> fired;
  struct Silent {  // a rule that did not fire, or was asked for
    std::string rule;
    bool has_fired = false;
    Explanation when;
  };
  std::vector<Silent> judged;  // the fewest conditions missing first
};

/// Gathers it. `line` 0: everything of the file. `wanted`: ids of rules to be judged in any case;
/// empty: those that did not fire although one of their conditions was seen at the line.
[[nodiscard]] Explained explain(const Readings& readings, const std::vector<rules::Rule>& rules,
                                const rules::RuleSet& compiled, std::size_t line,
                                const std::vector<std::string>& wanted);

void print_explained(const Explained& explained, std::ostream& out);
void print_explained_json(const Explained& explained, std::ostream& out);

}  // namespace backscan::cli
