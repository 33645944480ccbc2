// The flags of `backscan scan` in the order and groups of CONTRACT.md, which are those of --help.
#include "cli/scan_command.h"

namespace backscan::cli {
namespace {

void add_targets(CLI::App& app, ScanCommand& command) {
  app.add_option("PATH", command.paths, "Document roots or files");
  app.add_option("--files-from", command.files_from,
                 "File with one path a line; - is standard input")
      ->group("Targets");
  app.add_flag("-0,--null", command.null_separated, "Paths of --files-from end in a zero byte")
      ->group("Targets");
  app.add_flag("--accounts", command.accounts,
               "Every document root of the host's panels and web servers")
      ->group("Targets");
  app.add_option("--root", command.root,
                 "Directory that holds the host's files (a copy of another host's): accounts, logs, "
                 "queues and settings are looked for below it")
      ->type_name("DIR")
      ->group("Targets");
  add_parsed(
      app, "--shard", command.scan.walk.shard,
      [](std::string_view text) { return parse_shard(text, environment_variable); },
      "K/N: only the K-th of N disjoint parts; auto or auto/N in a Slurm array or Kubernetes job")
      ->type_name("K/N")
      ->group("Targets");
}

Result<scan::FilesMode> parse_files_mode(std::string_view text) {
  if (text == "php") return scan::FilesMode::kPhp;
  if (text == "sniff") return scan::FilesMode::kSniff;
  if (text == "all") return scan::FilesMode::kAll;
  return std::unexpected(Error{std::string(text), "must be one of php, sniff, all"});
}

Result<walk::FollowSymlinks> parse_follow(std::string_view text) {
  if (text == "never") return walk::FollowSymlinks::kNever;
  if (text == "args") return walk::FollowSymlinks::kArgs;
  if (text == "always") return walk::FollowSymlinks::kAlways;
  return std::unexpected(Error{std::string(text), "must be one of never, args, always"});
}

void add_choosing(CLI::App& app, ScanCommand& command, Time now) {
  walk::WalkOptions& walk = command.scan.walk;
  const auto group = [](CLI::Option* option) { return option->group("Choosing"); };
  group(app.add_option("--include", walk.include, "Only files that match the glob"))
      ->allow_extra_args(false);
  group(app.add_option("--exclude", walk.exclude, "Leave out what matches the glob"))
      ->allow_extra_args(false);
  group(app.add_option("--exclude-from", command.exclude_from, "File with one --exclude a line"))
      ->allow_extra_args(false);
  group(add_parsed(app, "--files", command.scan.files, parse_files_mode,
                   "php: PHP by name; sniff (default): also head and tail of all else; all: "
                   "everything whole"))
      ->type_name("php|sniff|all");
  group(add_parsed(app, "--max-filesize", command.scan.max_filesize_bytes, parse_size,
                   "Of larger files only head and tail are scanned (default 64M)"))
      ->type_name("SIZE");
  group(app.add_option("--max-depth", walk.max_depth, "Levels of directories below a root"));
  group(add_parsed(
            app, "--newer-than", walk.newer_than,
            [now](std::string_view text) -> Result<std::chrono::sys_seconds> {
              const auto time = parse_age(text, now);
              if (!time) return std::unexpected(time.error());
              return std::chrono::floor<std::chrono::seconds>(*time);
            },
            "Only files changed (ctime) within AGE (12h, 7d) or since a time"))
      ->type_name("AGE");
  group(add_parsed(app, "--follow-symlinks", walk.follow, parse_follow,
                   "never, args (default: only PATHs) or always"))
      ->type_name("WHEN");
  group(app.add_flag("--one-file-system", walk.one_file_system, "Do not cross mount points"));
}

void add_rules(CLI::App& app, ScanCommand& command) {
  const auto group = [](CLI::Option* option) { return option->group("Rules"); };
  group(app.add_option("--rules", command.rule_directories,
                       "Directory of further rules, or a signed pack of them (.tar, .tar.gz)"))
      ->allow_extra_args(false)
      ->type_name("DIR|PACK");
  group(app.add_option("--rules-key", command.rules_key,
                       "Public key of minisign that packs are signed with, or the file that holds it; "
                       "the signature is PACK.minisig"))
      ->type_name("KEY|FILE");
  group(app.add_flag("--no-default-rules", command.no_default_rules, "Only those of --rules"));
  group(app.add_option("--yara", command.yara_files,
                       "File of YARA rules; what they match is a finding of class external"))
      ->allow_extra_args(false)
      ->type_name("FILE");
  group(app.add_option("--known-good", command.known_good,
                       "Manifest of a vendor's release (baseline create DIR), or a directory of them: its "
                       "files are not argued about, changed and unknown ones among them are findings"))
      ->allow_extra_args(false)
      ->type_name("FILE|DIR");
  group(app.add_option("--only", command.rules.only, "Only this rule or class"))
      ->allow_extra_args(false)
      ->type_name("ID|CLASS");
  group(app.add_option("--skip", command.rules.skip, "Not this rule or class"))
      ->allow_extra_args(false)
      ->type_name("ID|CLASS");
  group(add_parsed(app, "--min-severity", command.rules.min_severity, parse_severity_flag,
                   "Least severity of rules to use"))
      ->type_name("SEVERITY");
  group(add_parsed(app, "--min-confidence", command.rules.min_confidence, parse_confidence_flag,
                   "Least confidence of rules to use"))
      ->type_name("CONFIDENCE");
}

void add_reputation(CLI::App& app, ScanCommand& command) {
  const auto group = [](CLI::Option* option) { return option->group("Reputation"); };
  group(add_parsed_list(app, "--ip", command.ips, dnsbl::parse_address,
                        "Address to ask the blacklists about (default: those of this host)"))
      ->type_name("ADDR");
  group(app.add_option("--nameserver", command.nameserver, "Name server to ask"))
      ->type_name("HOST[:PORT]");
  group(app.add_option("--zones", command.zones_file, "Blacklists instead of the shipped ones"))
      ->type_name("FILE");
  group(app.add_option("--add-zones", command.add_zones, "Further blacklists"))
      ->allow_extra_args(false)
      ->type_name("FILE");
  group(app.add_flag("--all-zones", command.all_zones, "Ask the extended set of blacklists, too"));
  group(app.add_flag("--offline", command.offline, "No DNS at all"));
}

void add_evidence(CLI::App& app, ScanCommand& command) {
  const auto group = [](CLI::Option* option) { return option->group("Evidence"); };
  group(app.add_option("--mail-log", command.mail_logs,
                       "Log of Exim, Postfix or Sendmail (default: the usual places); off: none"))
      ->allow_extra_args(false)
      ->type_name("FILE");
  group(app.add_option("--php-mail-log", command.php_mail_logs,
                       "PHP's mail.log (default: the usual places); off: none"))
      ->allow_extra_args(false)
      ->type_name("FILE");
  group(app.add_option("--queue", command.queue, "Mail queues: auto (default), off or a directory"))
      ->type_name("auto|off|DIR");
  group(add_parsed(app, "--seen", command.seen, parse_time,
                   "Time of the last abuse as the list's page shows it"))
      ->type_name("TIME");
}

Result<unsigned> parse_jobs(std::string_view text) {
  constexpr std::uint64_t kMaxJobs = 1024;
  const auto number = parse_size(text);
  if (!number || *number == 0 || *number > kMaxJobs)
    return std::unexpected(Error{std::string(text), "must be a number from 1 to 1024"});
  return static_cast<unsigned>(*number);
}

void add_work(CLI::App& app, ScanCommand& command) {
  const auto group = [](CLI::Option* option) { return option->group("Work"); };
  group(add_parsed(app, "-j,--jobs", command.scan.jobs, parse_jobs,
                   "Threads (default: the cores this process may use)"))
      ->type_name("N");
  group(app.add_option("--state", command.scan.state_directory,
                       "Directory that remembers: files that were clean and have not changed are not "
                       "read again, and the report tells of the runs before"))
      ->type_name("DIR");
  group(app.add_flag("--full", command.scan.full, "With --state: read every file anew"));
  group(app.add_flag("--nice", command.nice, "Low CPU and disk priority"));
  group(add_parsed(app, "--time-limit", command.scan.time_limit, parse_duration,
                   "End after 90s, 30m or 2h; the result then is incomplete"))
      ->type_name("DURATION");
  group(app.add_option("--progress", command.progress,
                       "Progress line on standard error: auto, always or never"))
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

}  // namespace

void add_scan_flags(CLI::App& app, ScanCommand& command, Time now) {
  add_targets(app, command);
  add_choosing(app, command, now);
  add_rules(app, command);
  add_reputation(app, command);
  add_evidence(app, command);
  add_work(app, command);
  app.add_flag("--show-addresses", command.scan.show_addresses, "Do not mask mail addresses")
      ->group("Results");
  add_result_flags(app, command.results);
}

}  // namespace backscan::cli
