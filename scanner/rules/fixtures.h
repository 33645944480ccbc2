// The fixtures of rules: files that say themselves, in comments, which rules must fire where.
//
//   // hit: mailer/list-loop                  the next line has a finding of this rule
//   # ok: mailer/list-loop, mailer/list-field the next line has none of these
//   <!-- todo-hit: ... -->  /* todo-ok: ... */  known gaps: told, not failed
//
// The next line is the next one that is neither blank nor an annotation itself. A finding about the
// file as a whole (no line) counts for every line. Files that cannot hold comments have an
// `.expect` file beside them ("photo.jpg.expect"): each of its lines `hit: ID` or `ok: ID` speaks
// of the whole file. Fixtures lie at <class>/<name>.<anything>, or in a tree <class>/<name>/ that
// is scanned as a root of its own, for rules that look at paths; <class>/<name>.known beside it is the
// manifest of the release that the tree is an installation of.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace backscan::rules {

struct Expectation {
  std::string rule;
  bool is_hit = true;
  bool is_todo = false;
  std::size_t line = 0;     // that it speaks of; 0: the whole file
  std::size_t said_at = 0;  // the annotation's own line
};

/// The annotations of a fixture, in file order.
[[nodiscard]] std::vector<Expectation> read_annotations(std::string_view text);
/// The lines of an `.expect` file; an error "line N: …" for one that is none of its forms.
[[nodiscard]] Result<std::vector<Expectation>> read_expect_file(std::string_view text);

struct FixtureFile {
  std::string path;
  std::string relative_path;  // below the root that it is scanned under
  std::string text;
  std::vector<Expectation> expectations;
};

/// Every fixture below `directory`, by path. Appends what cannot be read or understood.
[[nodiscard]] std::vector<FixtureFile> read_fixtures(const std::string& directory,
                                                     std::vector<Error>& errors);

/// The manifests (*.known) among the fixtures, by path.
[[nodiscard]] std::vector<std::string> manifests_of_fixtures(const std::string& directory);

/// A finding in a fixture; line 0: about the file as a whole.
struct Seen {
  std::string rule;
  std::size_t line = 0;
};

/// What is known of a rule's fixtures.
struct Coverage {
  std::size_t hits = 0;
  std::size_t oks = 0;
};

struct FixtureReport {
  std::vector<Error> failures;  // "file:line", reason
  std::vector<Error> gaps;      // todo annotations that hold their promise: still not so
  std::map<std::string, Coverage> coverage;
  std::size_t checked = 0;  // annotations
};

/// Compares `fixture` with what was `seen` in it; adds to `report`.
void judge_fixture(const FixtureFile& fixture, const std::vector<Seen>& seen,
                   FixtureReport& report);

}  // namespace backscan::rules
