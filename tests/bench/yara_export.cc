#include "bench/yara_export.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

namespace backscan::bench {
namespace {

namespace fs = std::filesystem;

void collect(const YAML::Node& node, std::set<std::string>& patterns) {
  if (node.IsSequence())
    for (const YAML::Node& child : node) collect(child, patterns);
  if (!node.IsMap()) return;
  for (const auto& entry : node) {
    const std::string key = entry.first.as<std::string>("");
    const bool is_view = key == "raw" || key == "code" || key == "text" || key == "unpacked";
    if (is_view && entry.second.IsScalar())
      patterns.insert(entry.second.Scalar());
    else
      collect(entry.second, patterns);
  }
}

/// The rules that yarac names in its complaints.
std::set<std::string> refused_rules(const std::string& file) {
  std::set<std::string> refused;
  const std::string command = "yarac -w '" + file + "' /dev/null 2>&1";
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return refused;
  std::array<char, 4096> line;
  const std::regex name("rule \"(p[0-9]+)\"");
  while (std::fgets(line.data(), line.size(), pipe) != nullptr) {
    std::cmatch match;
    if (std::regex_search(line.data(), match, name)) refused.insert(match[1]);
  }
  ::pclose(pipe);
  return refused;
}

}  // namespace

std::vector<std::string> patterns_of_rules(const std::string& directory) {
  std::set<std::string> patterns;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.path().extension() != ".yaml") continue;
    try {
      const YAML::Node rule = YAML::LoadFile(entry.path().string());
      if (rule.IsMap() && rule["when"]) collect(rule["when"], patterns);
    } catch (const YAML::Exception&) {
      // Not a rule file.
    }
  }
  return {patterns.begin(), patterns.end()};
}

std::optional<std::string> to_yara(std::string_view pattern) {
  std::string modifiers;
  while (pattern.starts_with("(?")) {
    const std::size_t end = pattern.find_first_not_of("ism", 2);
    if (end == 2 || end == std::string_view::npos || pattern[end] != ')') break;
    for (const char flag : pattern.substr(2, end - 2))
      if (flag != 'm' && modifiers.find(flag) == std::string::npos) modifiers += flag;
    pattern.remove_prefix(end + 1);
  }
  std::string out = "/";
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '(' && pattern.substr(i).starts_with("(?")) {
      if (!pattern.substr(i).starts_with("(?:")) return std::nullopt;
      out += '(';
      i += 2;
    } else if (c == '[' && pattern.substr(i).starts_with("[[:")) {
      return std::nullopt;
    } else if (c == '\\' && i + 1 < pattern.size()) {
      const char next = pattern[++i];
      if (std::string_view("AzQECpPhHvVGKRXa0123456789").find(next) != std::string_view::npos)
        return std::nullopt;
      // An escaped letter of YARA's, or a byte that needs no escape there.
      const bool is_known = std::string_view("wWsSdDbBtnrfx").find(next) != std::string_view::npos ||
                            std::string_view(".[]{}()*+?|^$\\/-").find(next) != std::string_view::npos;
      if (is_known) out += '\\';
      out += next;
    } else if (c == '/') {
      out += "\\/";
    } else if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > '~') {
      char text[8];
      std::snprintf(text, sizeof text, "\\x%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += text;
    } else {
      out += c;
    }
  }
  return out + '/' + modifiers;
}

std::size_t export_to_yara(const std::vector<std::string>& patterns, const std::string& file) {
  std::set<std::string> refused;
  for (int round = 0; round < 20; ++round) {
    std::size_t written = 0;
    std::ofstream out(file);
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      const std::string name = "p" + std::to_string(i);
      const auto regex = to_yara(patterns[i]);
      if (!regex || refused.contains(name)) continue;
      out << "rule " << name << " { strings: $a = " << *regex << " condition: $a }\n";
      ++written;
    }
    out.close();
    const std::size_t before = refused.size();
    refused.merge(refused_rules(file));
    if (refused.size() == before) return written;
  }
  return 0;
}

}  // namespace backscan::bench
