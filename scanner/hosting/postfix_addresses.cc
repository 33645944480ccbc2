// Postfix's source addresses: postconf(5) smtp_bind_address, smtp_bind_address6, inet_interfaces,
// proxy_interfaces, relayhost; master(5) "-o name=value".
#include <map>

#include "base/ip_address.h"
#include "base/text.h"
#include "hosting/address_sources.h"
#include "hosting/lines.h"

namespace backscan::hosting {
namespace {

struct Setting {
  std::string value;
  std::size_t line = 0;
};
using Settings = std::map<std::string, Setting, std::less<>>;

struct LogicalLine {
  std::string text;
  std::size_t number = 0;
};

/// Lines with their continuations (lines that start with a blank), comments left out.
std::vector<LogicalLine> logical_lines(std::string_view text) {
  std::vector<LogicalLine> lines;
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    const std::string_view content = trim(line);
    if (content.empty() || content.starts_with('#')) return;
    const bool is_continuation = line.front() == ' ' || line.front() == '\t';
    if (is_continuation && !lines.empty())
      lines.back().text.append(" ").append(content);
    else
      lines.push_back({std::string(content), number});
  });
  return lines;
}

Settings read_main(std::string_view text) {
  Settings settings;
  for (const LogicalLine& line : logical_lines(text)) {
    const std::size_t equals = line.text.find('=');
    if (equals == std::string::npos) continue;
    const std::string_view all = line.text;
    // The last setting of a name counts.
    settings[std::string(trim(all.substr(0, equals)))] = {std::string(trim(all.substr(equals + 1))),
                                                          line.number};
  }
  return settings;
}

/// `value` with $name, ${name} and $(name) filled in; conditional forms are left alone.
std::string expanded(std::string_view value, const Settings& settings, int depth = 0) {
  constexpr int kMaxDepth = 8;
  constexpr std::size_t kMaxLength = 4096;
  std::string out;
  for (std::size_t i = 0; i < value.size() && out.size() < kMaxLength; ++i) {
    if (value[i] != '$') {
      out += value[i];
      continue;
    }
    std::size_t begin = i + 1;
    const bool is_bracketed = begin < value.size() && (value[begin] == '{' || value[begin] == '(');
    if (is_bracketed) ++begin;
    std::size_t end = begin;
    while (end < value.size() &&
           (ascii_lower(value[end]) == '_' ||
            (ascii_lower(value[end]) >= 'a' && ascii_lower(value[end]) <= 'z') ||
            (value[end] >= '0' && value[end] <= '9')))
      ++end;
    const auto it = settings.find(value.substr(begin, end - begin));
    if (it != settings.end() && depth < kMaxDepth)
      out += expanded(it->second.value, settings, depth + 1);
    i = end - 1 + (is_bracketed && end < value.size() ? 1 : 0);
  }
  return out;
}

void add_list(std::string_view value, const std::string& source, AddressCollector& collector) {
  for (std::string_view word : split_at(value, ", \t")) {
    if (word.starts_with('[') && word.ends_with(']')) word = word.substr(1, word.size() - 2);
    collector.add(word, source);
  }
}

/// A single address to listen on is the source of outgoing mail, too (postconf(5)).
void add_single_interface(std::string_view value, const std::string& source,
                          AddressCollector& collector) {
  std::vector<std::string> outside;
  for (const std::string_view word : split_at(value, ", \t")) {
    const auto address = parse_ip(word);
    if (address && !address->is_v6 && address->bytes[0] != 127) outside.push_back(address->text());
  }
  if (outside.size() == 1) collector.add(outside.front(), source);
}

void collect_master(const RootedDirectory& root, const Settings& settings,
                    AddressCollector& collector) {
  const std::string path = "/etc/postfix/master.cf";
  const auto text = collector.read(root, path);
  if (!text) return;
  for (const LogicalLine& line : logical_lines(*text)) {
    for (const std::string_view name : {"smtp_bind_address6", "smtp_bind_address"}) {
      for (std::size_t at = 0; (at = line.text.find(name, at)) != std::string::npos;) {
        at += name.size();
        std::string_view rest = trim(std::string_view(line.text).substr(at));
        if (!rest.starts_with('=')) continue;
        rest = trim(rest.substr(1));
        const std::string_view value = rest.substr(0, rest.find_first_of(" \t}"));
        add_list(expanded(value, settings), place_of(path, line.number), collector);
      }
    }
  }
}

}  // namespace

void collect_postfix(const RootedDirectory& root, AddressCollector& collector) {
  const std::string path = "/etc/postfix/main.cf";
  const auto text = collector.read(root, path);
  if (!text) return;
  const Settings settings = read_main(*text);
  const auto use = [&](std::string_view name, auto&& action) {
    const auto it = settings.find(name);
    if (it != settings.end())
      action(expanded(it->second.value, settings), place_of(path, it->second.line));
  };
  for (const std::string_view name :
       {"smtp_bind_address", "smtp_bind_address6", "proxy_interfaces"})
    use(name, [&](const std::string& value, const std::string& source) {
      add_list(value, source, collector);
    });
  use("inet_interfaces", [&](const std::string& value, const std::string& source) {
    add_single_interface(value, source, collector);
  });
  use("relayhost",
      [&](const std::string& value, const std::string&) { collector.set_relayhost(value); });
  collect_master(root, settings, collector);
}

}  // namespace backscan::hosting
