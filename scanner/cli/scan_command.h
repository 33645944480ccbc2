// Everything that `backscan scan` was told, as one plain value; scan_flags.cc fills it, scan.cc acts
// on it.
#pragma once

#include <CLI/App.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/result_flags.h"
#include "cli/values.h"
#include "dnsbl/check.h"
#include "rules/rule_set.h"
#include "scan/scan.h"

namespace backscan::cli {

struct ScanCommand {
  scan::ScanOptions scan;
  rules::LoadOptions rules;

  std::vector<std::string> paths;
  std::string files_from;
  bool null_separated = false;
  bool accounts = false;
  std::string root = "/";  // where accounts, logs, queues and settings are looked for
  std::vector<std::string> exclude_from;
  std::vector<std::string> rule_directories;
  std::string rules_key;
  bool no_default_rules = false;
  std::vector<std::string> yara_files;
  std::vector<std::string> known_good;

  std::vector<std::string> ips;  // canonical
  std::string nameserver;
  std::string zones_file;
  std::vector<std::string> add_zones;
  bool all_zones = false;
  bool offline = false;
  std::vector<std::string> mail_logs;
  std::vector<std::string> php_mail_logs;
  std::string queue = "auto";
  std::optional<Time> seen;

  bool nice = false;
  std::string progress = "auto";

  ResultFlags results;
};

/// Adds every flag of `backscan scan` to `app`. `command` must live as long as `app`; `now` is what
/// ages are counted from.
void add_scan_flags(CLI::App& app, ScanCommand& command, Time now);

}  // namespace backscan::cli
