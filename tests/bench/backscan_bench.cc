// Prints what backscan costs as ratios to reading the same bytes, ripgrep and yara, each the median of
// paired rounds in one run. Run by hand (tests/bench/run); no timing ever decides a test.
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/keep_memory.h"
#include "bench/measure.h"
#include "bench/tree.h"
#include "bench/yara_export.h"
#include "rules/rule_set.h"
#include "scan/scan.h"

namespace backscan::bench {
namespace {

struct Arguments {
  std::map<std::string, std::vector<std::string>> values;
  [[nodiscard]] std::string one(const std::string& name, const std::string& otherwise) const {
    const auto it = values.find(name);
    return it == values.end() ? otherwise : it->second.back();
  }
};

scan::FilesMode files_mode(const std::string& name) {
  if (name == "php") return scan::FilesMode::kPhp;
  return name == "all" ? scan::FilesMode::kAll : scan::FilesMode::kSniff;
}

struct Contender {
  std::string name;
  std::function<Usage()> run;
  std::vector<Usage> rounds = {};
};

struct Ratio {
  std::string name;
  std::string target;
  std::size_t of;  // contenders
  std::size_t to;
  double Usage::*figure;
};

void scan_once(const std::string& root, const rules::RuleSet& rules, unsigned jobs, bool use_memo,
               scan::FilesMode files, bool use_triggers = true, bool prints_findings = false) {
  scan::ScanOptions options;
  options.walk.roots = {root};
  options.jobs = jobs;
  options.use_memo = use_memo;
  options.use_triggers = use_triggers;
  options.files = files;
  scan::Progress progress;
  const std::atomic<bool> interrupted{false};
  const ScanResult result = scan::scan(options, rules, progress, interrupted);
  if (prints_findings)
    for (const Finding& finding : result.findings)
      fmt::print("{}\t{}\n", finding.rule, finding.path);
  fmt::print(stderr, "  {} findings in {} of {} files, {:.1f} MB\n", result.findings.size(),
             result.summary.counts.files_scanned, result.summary.counts.files_seen,
             static_cast<double>(result.summary.counts.bytes_scanned) / 1e6);
}

/// A directory below `tree` with at most some thousands of PHP files, for yara.
std::string subset_of(const std::string& tree) {
  std::string best;
  std::uint64_t most = 0;
  for (const auto& account : std::filesystem::directory_iterator(tree)) {
    if (!account.is_directory()) continue;
    for (const auto& package : std::filesystem::directory_iterator(account.path())) {
      if (!package.is_directory()) continue;
      const TreeFigures figures = count_files(package.path().string());
      if (figures.php_files <= 3000 && figures.php_files > most) {
        most = figures.php_files;
        best = package.path().string();
      }
    }
  }
  return best.empty() ? tree : best;
}

void print(const std::vector<Contender>& contenders, const std::vector<Ratio>& ratios) {
  fmt::print("\n{:<44} {:>9} {:>9} {:>9}\n", "median of each", "CPU s", "wall s", "RSS MiB");
  for (const Contender& contender : contenders) {
    const auto figure = [&](double Usage::*member) {
      std::vector<double> values;
      for (const Usage& usage : contender.rounds) values.push_back(usage.*member);
      return median(values);
    };
    fmt::print("{:<44} {:>9.3f} {:>9.3f} {:>9.1f}\n", contender.name,
               figure(&Usage::cpu_seconds), figure(&Usage::wall_seconds),
               figure(&Usage::max_rss_mib));
  }
  fmt::print("\n{:<44} {:>9}   {}\n", "median of paired ratios", "ratio", "target");
  for (const Ratio& ratio : ratios) {
    std::vector<double> values;
    for (std::size_t round = 0; round < contenders[ratio.of].rounds.size(); ++round) {
      const double base = contenders[ratio.to].rounds[round].*ratio.figure;
      if (base > 0) values.push_back(contenders[ratio.of].rounds[round].*ratio.figure / base);
    }
    fmt::print("{:<44} {:>9.3f}   {}\n", ratio.name, median(values), ratio.target);
  }
}

int run(const Arguments& arguments) {
  const std::string tree = arguments.one("--tree", "");
  const std::string rules_directory = arguments.one("--rules", "");
  const std::string backscan = arguments.one("--backscan", "");
  const int rounds = std::max(1, std::atoi(arguments.one("--rounds", "5").c_str()));
  const scan::FilesMode files = files_mode(arguments.one("--files", "sniff"));
  const std::string scratch =
      (std::filesystem::temp_directory_path() / "backscan-bench").string();
  std::filesystem::create_directories(scratch + "/empty");

  const auto loaded = rules::RuleSet::load({.directories = {rules_directory},
                                            .cache_directory = scratch});
  if (!loaded) {
    for (const Error& error : loaded.error()) fmt::print(stderr, "{}\n", error.message());
    return 2;
  }
  const rules::RuleSet& rules = *loaded;
  const std::string subset = arguments.one("--subset", subset_of(tree));
  const std::vector<std::string> patterns = patterns_of_rules(rules_directory);
  const std::string yara_file = scratch + "/patterns.yar";
  const std::size_t exported = export_to_yara(patterns, yara_file);
  const TreeFigures figures = read_php_files(tree);
  fmt::print("tree: {} files, {} PHP with {:.1f} MB; {} rules; yara: {} of {} patterns, on {} PHP "
             "files\n",
             figures.files, figures.php_files, static_cast<double>(figures.php_bytes) / 1e6,
             rules.rules().size(), exported, patterns.size(), count_files(subset).php_files);

  const auto scan_with = [&](const std::string& root, unsigned jobs, bool use_memo,
                             scan::FilesMode mode) {
    return [&, root, jobs, use_memo, mode] {
      return measure([&] { scan_once(root, rules, jobs, use_memo, mode); });
    };
  };
  std::vector<Contender> contenders = {
      {"floor: walk, read every PHP file", [&] { return measure([&] { (void)read_php_files(tree); }); }},
      {"scan, one thread, no memo", scan_with(tree, 1, false, files)},
      {"scan, one thread, memo", scan_with(tree, 1, true, files)},
      {"scan, two threads, no memo", scan_with(tree, 2, false, files)},
      {"rg -j1, one literal, same tree",
       [&] {
         return measure_command({"rg", "-j1", "--no-ignore", "--hidden", "-c", "-F", "mail(", tree});
       }},
      {"scan of the subset, one thread, no memo", scan_with(subset, 1, false, files)},
      {"yara of the subset, one thread",
       [&] { return measure_command({"yara", "-w", "-r", "-p", "1", yara_file, subset}); }},
      {"scan --files php, one thread, no memo", scan_with(tree, 1, false, scan::FilesMode::kPhp)},
  };
  std::vector<Ratio> ratios = {
      {"scan CPU to floor", "at most 3", 1, 0, &Usage::cpu_seconds},
      {"scan with memo CPU to floor", "", 2, 0, &Usage::cpu_seconds},
      {"scan --files php CPU to floor", "", 7, 0, &Usage::cpu_seconds},
      {"scan CPU to rg", "at most 1.1", 1, 4, &Usage::cpu_seconds},
      {"scan CPU to yara", "at most 0.067", 5, 6, &Usage::cpu_seconds},
      {"wall, two threads to one", "at most 0.6", 3, 1, &Usage::wall_seconds},
  };
  if (!backscan.empty()) {
    contenders.push_back({"start: backscan scan of an empty directory", [&] {
                            return measure_command({backscan, "scan", "--offline", "--ip",
                                                    "192.0.2.1", scratch + "/empty"});
                          }});
  }
  // A round that is not counted warms the page cache and the rule cache.
  for (int round = -1; round < rounds; ++round) {
    for (Contender& contender : contenders) {
      fmt::print(stderr, "{}\n", contender.name);
      const Usage usage = contender.run();
      if (usage.exit_status > 2)
        fmt::print(stderr, "  exit status {}: is the program there?\n", usage.exit_status);
      if (round >= 0) contender.rounds.push_back(usage);
    }
  }
  print(contenders, ratios);
  return 0;
}

int main_of(int argc, char** argv) {
  Arguments arguments;
  const std::string command = argc > 1 ? argv[1] : "";
  for (int i = 2; i + 1 < argc; i += 2) arguments.values[argv[i]].emplace_back(argv[i + 1]);
  if (command == "make-tree" && !arguments.one("--to", "").empty()) {
    make_tree(arguments.values["--from"], arguments.one("--to", ""),
              std::strtoull(arguments.one("--files", "100000").c_str(), nullptr, 10));
    return 0;
  }
  if (command == "run" && !arguments.one("--tree", "").empty()) return run(arguments);
  if (command == "scan" && !arguments.one("--tree", "").empty()) {
    // For a profiler: one scan in this process.
    const auto rules = rules::RuleSet::load({.directories = {arguments.one("--rules", "")},
                                             .cache_directory = arguments.one("--cache", "")});
    if (!rules) return 2;
    scan_once(arguments.one("--tree", ""), *rules,
              static_cast<unsigned>(std::atoi(arguments.one("--jobs", "1").c_str())),
              arguments.one("--memo", "no") == "yes", files_mode(arguments.one("--files", "sniff")),
              arguments.one("--triggers", "yes") == "yes", arguments.one("--print", "no") == "yes");
    return 0;
  }
  fmt::print(stderr,
             "usage: backscan_bench make-tree --from DIR… --to DIR [--files N]\n"
             "       backscan_bench run --tree DIR --rules DIR [--subset DIR] [--rounds N]\n"
             "                          [--files php|sniff|all] [--backscan PROGRAM]\n"
             "       backscan_bench scan --tree DIR --rules DIR [--jobs N] [--memo yes|no]\n"
             "                           [--cache DIR, of compiled rules]\n"
             "                           [--triggers yes|no] [--print yes|no]\n");
  return 2;
}

}  // namespace
}  // namespace backscan::bench

int main(int argc, char** argv) {
  backscan::keep_freed_memory();
  return backscan::bench::main_of(argc, argv);
}
