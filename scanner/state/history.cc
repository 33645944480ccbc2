// Two tables: one row a run, and one row for each finding or listing that any run had, with the time
// since when it is gone. One transaction a run: a crash leaves the history as it was.
#include "state/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/words.h"
#include "model/time_text.h"
#include "state/database.h"

namespace backscan::state {
namespace {

constexpr Severity kWorthActing = Severity::kMedium;
constexpr std::int64_t kRunsKept = 400;
constexpr std::size_t kTold = 100;

constexpr const char* kSchema = R"(
CREATE TABLE IF NOT EXISTS runs (scope TEXT NOT NULL, started INTEGER NOT NULL,
  complete INTEGER NOT NULL, findings INTEGER NOT NULL, listings INTEGER NOT NULL,
  submitted INTEGER NOT NULL, null_sender INTEGER NOT NULL, PRIMARY KEY (scope, started));
CREATE TABLE IF NOT EXISTS items (scope TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
  words TEXT NOT NULL, gone INTEGER, PRIMARY KEY (scope, kind, key));
)";

/// What a run has: words by key.
using Items = std::map<std::string, std::string>;

std::int64_t seconds_of(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

Time time_of(std::int64_t seconds) { return Time{std::chrono::seconds{seconds}}; }

std::string scope_of(const ScanResult& result) {
  std::vector<std::string> roots = result.scan.roots;
  std::ranges::sort(roots);
  return result.scan.host + '\n' + joined(roots, "\n");
}

Items findings_of(const ScanResult& result) {
  Items items;
  for (const Finding& finding : result.findings)
    if (finding.severity >= kWorthActing)
      items.try_emplace(finding.fingerprint + ' ' + finding.path,
                        fmt::format("{} in {}", finding.title, finding.path));
  return items;
}

Items listings_of(const ScanResult& result, std::set<std::string>& answered) {
  Items items;
  for (const Listing& listing : result.listings) {
    if (listing.is_informational || listing.state == ListingState::kNotChecked) continue;
    const std::string key = listing.ip + ' ' + listing.zone;
    answered.insert(key);
    if (listing.state == ListingState::kListed)
      items.try_emplace(key, fmt::format("{} on {} ({})", listing.ip, listing.name, listing.zone));
  }
  return items;
}

PastRun run_of(const ScanResult& result, std::optional<Time> previous) {
  PastRun run{.started = time_of(seconds_of(result.scan.started)),
              .is_complete = result.summary.is_complete};
  if (!result.mail) return run;
  for (const MailVolume& volume : result.mail->volume) {
    if (previous && volume.start + result.mail->volume_step <= *previous) continue;
    run.submitted += volume.submitted;
    run.null_sender += volume.null_sender;
  }
  return run;
}

class Recorder {
 public:
  Recorder(Database& database, std::string scope, Time now)
      : database_(database), scope_(std::move(scope)), now_(now) {}

  [[nodiscard]] std::vector<PastRun> runs() {
    std::vector<PastRun> runs;
    Statement select(database_,
                     "SELECT started, complete, findings, listings, submitted, null_sender "
                     "FROM runs WHERE scope = ? AND started < ? ORDER BY started");
    select.bind(scope_).bind(seconds_of(now_));
    const auto count = [&](int column) { return static_cast<std::uint64_t>(select.number(column)); };
    while (select.step())
      runs.push_back({.started = time_of(select.number(0)),
                      .is_complete = select.number(1) != 0,
                      .findings = count(2),
                      .listings = count(3),
                      .submitted = count(4),
                      .null_sender = count(5)});
    return runs;
  }

  void add(const PastRun& run) {
    const auto number = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
    Statement insert(database_, "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)");
    insert.bind(scope_).bind(seconds_of(run.started)).bind(run.is_complete ? 1 : 0);
    insert.bind(number(run.findings)).bind(number(run.listings));
    insert.bind(number(run.submitted)).bind(number(run.null_sender));
    insert.step();
    Statement forget(database_,
                     "DELETE FROM runs WHERE scope = ?1 AND started <= (SELECT started FROM runs "
                     "WHERE scope = ?1 ORDER BY started DESC LIMIT 1 OFFSET ?2)");
    forget.bind(scope_).bind(kRunsKept);
    forget.step();
  }

  /// `is_gone(key)`: whether what is not among `now` was looked for.
  template <typename IsGone>
  void compare(std::string_view kind, const Items& now, const IsGone& is_gone, RunHistory& history) {
    std::map<std::string, std::pair<std::string, std::optional<Time>>> known;
    Statement select(database_, "SELECT key, words, gone FROM items WHERE scope = ? AND kind = ?");
    select.bind(scope_).bind(kind);
    while (select.step()) {
      std::optional<Time> gone;
      if (!select.is_null(2)) gone = time_of(select.number(2));
      known.try_emplace(select.text(0), select.text(1), gone);
    }
    Statement put(database_, "INSERT OR REPLACE INTO items VALUES (?, ?, ?, ?, NULL)");
    for (const auto& [key, words] : now) {
      const auto before = known.find(key);
      if (before != known.end() && !before->second.second) continue;
      if (before != known.end())
        tell(history.came_back, fmt::format("{}, gone since {}", words,
                                            format_date(*before->second.second)));
      put.reset();
      put.bind(scope_).bind(kind).bind(key).bind(words);
      put.step();
    }
    Statement end(database_, "UPDATE items SET gone = ? WHERE scope = ? AND kind = ? AND key = ?");
    for (const auto& [key, item] : known) {
      if (item.second || now.contains(key) || !is_gone(key)) continue;
      tell(history.ended, item.first);
      end.reset();
      end.bind(seconds_of(now_)).bind(scope_).bind(kind).bind(key);
      end.step();
    }
  }

 private:
  static void tell(std::vector<std::string>& lines, std::string words) {
    if (lines.size() < kTold) lines.push_back(std::move(words));
  }

  Database& database_;
  std::string scope_;
  Time now_;
};

}  // namespace

Result<RunHistory> record_run(const std::string& directory, const ScanResult& result) {
  auto database = Database::open(directory + "/history.sqlite");
  if (!database) return std::unexpected(database.error());
  database->run(kSchema);
  database->run("BEGIN IMMEDIATE");
  RunHistory history;
  Recorder recorder(*database, scope_of(result), result.scan.started);
  history.runs = recorder.runs();
  std::optional<Time> previous;
  if (!history.runs.empty()) previous = history.runs.back().started;
  std::set<std::string> answered;
  const Items findings = findings_of(result);
  const Items listings = listings_of(result, answered);
  recorder.compare("finding", findings,
                   [&](const std::string&) { return result.summary.is_complete; }, history);
  recorder.compare("listing", listings,
                   [&](const std::string& key) { return answered.contains(key); }, history);
  PastRun run = run_of(result, previous);
  run.findings = findings.size();
  run.listings = listings.size();
  recorder.add(run);
  history.runs.push_back(run);
  database->run("COMMIT");
  if (auto outcome = database->outcome(); !outcome) return std::unexpected(outcome.error());
  return history;
}

}  // namespace backscan::state
