// A line reader, as Apache's own is: directives, sections, Define and ${variables}. Conditional
// sections (IfModule, IfDefine) are taken as true: better a site too many than one not scanned.
#include "hosting/apache_config.h"

#include <map>

#include "base/text.h"
#include "hosting/included_files.h"
#include "hosting/lines.h"

namespace backscan::hosting {
namespace {

constexpr std::size_t kMaxHosts = 500'000;

/// Words of a directive line; quotes group, a backslash takes the next quote as it is.
std::vector<std::string> directive_words(std::string_view line) {
  std::vector<std::string> words;
  std::size_t i = 0;
  while (i < line.size()) {
    if (line[i] == ' ' || line[i] == '\t') {
      ++i;
      continue;
    }
    const char quote = line[i] == '"' || line[i] == '\'' ? line[i] : '\0';
    if (quote != '\0') ++i;
    std::string word;
    while (i < line.size() &&
           (quote != '\0' ? line[i] != quote : line[i] != ' ' && line[i] != '\t')) {
      if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == quote) ++i;
      word += line[i++];
    }
    if (quote != '\0' && i < line.size()) ++i;
    words.push_back(std::move(word));
  }
  return words;
}

class ApacheReader {
 public:
  ApacheReader(std::string server_root, const FollowInclude& follow)
      : server_root_(std::move(server_root)), follow_(follow) {}

  void define(std::string name, std::string value) {
    variables_.insert_or_assign(std::move(name), std::move(value));
  }

  void read(std::string_view text, const std::string& path, int depth) {
    std::string line;
    std::size_t first_number = 0;
    for_each_line(text, [&](std::string_view part, std::size_t number) {
      if (line.empty()) first_number = number;
      const bool is_continued = part.ends_with('\\');
      line.append(part.substr(0, part.size() - (is_continued ? 1 : 0)));
      if (is_continued && line.size() < kMaxLine) return;
      read_line(trim(line), place_of(path, first_number), depth);
      line.clear();
    });
  }

  ApacheConfig finish() {
    close_host();
    ApacheConfig config;
    if (!main_.site.docroot.empty()) config.hosts.push_back(main_);
    for (VirtualHost& host : hosts_) {
      // A virtual host without a document root serves the main server's.
      if (host.site.docroot.empty()) host.site.docroot = main_.site.docroot;
      if (!host.site.docroot.empty()) config.hosts.push_back(std::move(host));
    }
    config.user_directory = user_directory_;
    return config;
  }

 private:
  static constexpr std::size_t kMaxLine = 65'536;

  [[nodiscard]] std::string expanded(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
      const std::size_t begin = text.find("${");
      out.append(text.substr(0, begin));
      if (begin == std::string_view::npos) return out;
      const std::size_t end = text.find('}', begin);
      if (end == std::string_view::npos) return out;
      const auto it = variables_.find(text.substr(begin + 2, end - begin - 2));
      // One level: a value is expanded where it is defined.
      if (it != variables_.end() && out.size() < kMaxLine) out += it->second;
      text.remove_prefix(end + 1);
    }
    return out;
  }

  void read_line(std::string_view line, const std::string& place, int depth) {
    if (line.empty() || line.starts_with('#')) return;
    if (line.starts_with('<')) return read_section(line, place);
    auto words = directive_words(expanded(line));
    if (words.size() < 2) return;
    const std::string name = ascii_lower(words[0]);
    if (name == "include" || name == "includeoptional") return include(words[1], depth);
    if (name == "define" && words.size() >= 3) return define(words[1], words[2]);
    if (name == "serverroot") server_root_ = words[1];
    read_directive(name, words, place);
  }

  void read_section(std::string_view line, const std::string& place) {
    const std::string lowered = ascii_lower(line.substr(0, 14));
    if (lowered.starts_with("</virtualhost")) return close_host();
    if (!lowered.starts_with("<virtualhost")) return;
    close_host();
    if (hosts_.size() == kMaxHosts) return;
    is_in_host_ = true;
    host_ = VirtualHost{};
    host_.site.source = place;
  }

  void read_directive(const std::string& name, const std::vector<std::string>& words,
                      const std::string& place) {
    VirtualHost& host = is_in_host_ ? host_ : main_;
    if (name == "servername") {
      host.site.domain = words[1];
    } else if (name == "serveralias") {
      host.site.aliases.insert(host.site.aliases.end(), words.begin() + 1, words.end());
    } else if (name == "documentroot") {
      host.site.docroot = absolute(words[1]);
      if (!is_in_host_) host.site.source = place;
    } else if (name == "virtualdocumentroot") {
      // The part before the first name pattern holds all the sites.
      const std::string fixed = words[1].substr(0, words[1].find('%'));
      host.site.docroot = absolute(fixed.substr(0, fixed.rfind('/')));
    } else if (name == "suexecusergroup" || name == "assignuserid" || name == "ruidgid") {
      host.site.user = words[1];
    } else if (name == "userdir" && !words[1].starts_with('/') && words[1] != "disabled" &&
               words[1] != "enabled") {
      user_directory_ = words[1];
    } else if (name == "alias" && words.size() >= 3 && !words[2].starts_with("/usr/")) {
      host.more_docroots.push_back(absolute(words[2]));
    } else if ((name == "sethandler" || name == "proxypassmatch") &&
               words.back().contains("fcgi")) {
      host.php_handler = words.back();
    }
  }

  void include(const std::string& pattern, int depth) {
    if (depth == IncludedFiles::kMaxDepth) return;
    follow_(absolute(pattern),
            [&](const std::string& path, const std::string& text) { read(text, path, depth + 1); });
  }

  [[nodiscard]] std::string absolute(const std::string& path) const {
    return path.starts_with('/') ? path : server_root_ + '/' + path;
  }

  void close_host() {
    if (is_in_host_) hosts_.push_back(std::move(host_));
    is_in_host_ = false;
  }

  std::string server_root_;
  const FollowInclude& follow_;
  std::map<std::string, std::string, std::less<>> variables_;
  VirtualHost main_;
  VirtualHost host_;
  bool is_in_host_ = false;
  std::vector<VirtualHost> hosts_;
  std::string user_directory_;
};

}  // namespace

ApacheConfig parse_apache(std::string_view text, const std::string& path,
                          const std::string& server_root, const std::vector<std::string>& variables,
                          const FollowInclude& follow) {
  ApacheReader reader(server_root, follow);
  for (const std::string& variable : variables)
    if (const std::size_t equals = variable.find('='); equals != std::string::npos)
      reader.define(variable.substr(0, equals), variable.substr(equals + 1));
  reader.read(text, path, 0);
  return reader.finish();
}

std::vector<VirtualHost> parse_virtual_hosts(std::string_view text, const std::string& path) {
  const FollowInclude nowhere = [](const std::string&, const auto&) {};
  return parse_apache(text, path, "/", {}, nowhere).hosts;
}

}  // namespace backscan::hosting
