// nginx's tokens and blocks with an explicit stack, so that no nesting is too deep.
#include "hosting/nginx_config.h"

#include <map>

#include "hosting/included_files.h"
#include "hosting/lines.h"

namespace backscan::hosting {
namespace {

constexpr std::size_t kMaxServers = 500'000;
constexpr std::size_t kMaxDepth = 200;
constexpr std::size_t kMaxWords = 10'000;  // of one directive

class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) {}

  /// The next word, or ";", "{", "}" with `is_sign`; false at the end.
  bool next(std::string& word, bool& is_sign) {
    skip_blanks();
    word.clear();
    is_sign = false;
    if (at_ >= text_.size()) return false;
    const char c = text_[at_];
    if (c == ';' || c == '{' || c == '}') {
      take(word);
      is_sign = true;
      return true;
    }
    if (c == '"' || c == '\'') return quoted(word, c);
    while (at_ < text_.size()) {
      const char inner = text_[at_];
      if (inner == ' ' || inner == '\t' || inner == '\n' || inner == '\r' || inner == ';') break;
      // "${name}" is part of a word; other braces are not.
      if (inner == '{' && !word.ends_with('$')) break;
      if (inner == '\\' && at_ + 1 < text_.size()) take(word);
      take(word);
    }
    return true;
  }
  [[nodiscard]] std::size_t line() const { return line_; }

 private:
  void take(std::string& word) {
    if (text_[at_] == '\n') ++line_;
    word += text_[at_++];
  }
  void skip_blanks() {
    std::string ignored;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#')
        while (at_ < text_.size() && text_[at_] != '\n') ++at_;
      else if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
        take(ignored);
      else
        return;
    }
  }
  bool quoted(std::string& word, char quote) {
    ++at_;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      take(word);
    }
    if (at_ < text_.size()) ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

struct Block {
  std::string kind;  // "http", "server", "location", "upstream", …
  std::string name;
  std::string root;  // in force here
  bool is_in_server = false;
};

class NginxReader {
 public:
  explicit NginxReader(const FollowInclude& follow) : follow_(follow) {
    blocks_.push_back({.kind = "main"});
  }

  void read(std::string_view text, const std::string& path, int depth) {
    Tokens tokens(text);
    std::vector<std::string> words;
    std::string word;
    bool is_sign = false;
    const std::size_t outside = blocks_.size();
    while (tokens.next(word, is_sign)) {
      if (!is_sign) {
        if (words.size() < kMaxWords) words.push_back(word);
        continue;
      }
      if (word == ";")
        directive(words, depth);
      else if (word == "{")
        open(words, place_of(path, tokens.line()));
      else if (blocks_.size() > outside)
        close();
      words.clear();
    }
    // A file closes what it opened: a torn one must not swallow the next.
    while (blocks_.size() > outside) close();
  }

  std::vector<VirtualHost> finish() {
    for (VirtualHost& host : hosts_) {
      const auto upstream = upstreams_.find(host.php_handler);
      if (upstream != upstreams_.end()) host.php_handler = upstream->second;
    }
    return std::move(hosts_);
  }

 private:
  void open(const std::vector<std::string>& words, const std::string& place) {
    if (blocks_.size() > kMaxDepth) {
      ++too_deep_;
      return;
    }
    Block block = blocks_.back();
    block.kind = words.empty() ? "" : words.front();
    block.name = words.size() > 1 ? words[1] : "";
    if (block.kind == "server" && !block.is_in_server) {
      block.is_in_server = true;
      host_ = VirtualHost{};
      host_.site.source = place;
    }
    blocks_.push_back(std::move(block));
  }

  void close() {
    if (too_deep_ > 0) {
      --too_deep_;
      return;
    }
    const Block block = std::move(blocks_.back());
    blocks_.pop_back();
    if (block.kind != "server" || !block.is_in_server || blocks_.back().is_in_server) return;
    host_.site.docroot = block.root;
    if (host_.site.docroot.empty() && !host_.more_docroots.empty()) {
      host_.site.docroot = host_.more_docroots.front();
      host_.more_docroots.erase(host_.more_docroots.begin());
    }
    if (!host_.site.docroot.empty() && hosts_.size() < kMaxServers)
      hosts_.push_back(std::move(host_));
  }

  void directive(const std::vector<std::string>& words, int depth) {
    if (words.size() < 2) return;
    const std::string& name = words[0];
    Block& block = blocks_.back();
    if (name == "include") {
      if (depth < IncludedFiles::kMaxDepth) include(words[1], depth);
    } else if (block.kind == "upstream" && name == "server") {
      upstreams_.emplace(block.name, words[1]);
    } else if (name == "root" || name == "alias") {
      set_root(fixed_part(words[1]), name == "alias");
    } else if (block.is_in_server && name == "server_name") {
      add_names(words);
    } else if (block.is_in_server && name == "fastcgi_pass") {
      host_.php_handler = words[1];
    }
  }

  void add_names(const std::vector<std::string>& words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i].starts_with('~')) continue;  // a pattern, not a name
      if (host_.site.domain.empty())
        host_.site.domain = words[i];
      else
        host_.site.aliases.push_back(words[i]);
    }
  }

  void set_root(const std::string& path, bool is_alias) {
    if (path.empty()) return;
    Block& block = blocks_.back();
    if (block.kind != "location" && !is_alias)
      block.root = path;
    else if (block.is_in_server && path != block.root && !path.starts_with("/usr/"))
      host_.more_docroots.push_back(path);
  }

  /// "/var/www/$host/htdocs" → "/var/www".
  static std::string fixed_part(const std::string& path) {
    if (!path.starts_with('/')) return {};
    const std::size_t variable = path.find('$');
    if (variable == std::string::npos) return path;
    return path.substr(0, path.rfind('/', variable));
  }

  void include(const std::string& pattern, int depth) {
    follow_(pattern.starts_with('/') ? pattern : "/etc/nginx/" + pattern,
            [&](const std::string& path, const std::string& text) { read(text, path, depth + 1); });
  }

  const FollowInclude& follow_;
  std::vector<Block> blocks_;
  std::size_t too_deep_ = 0;
  VirtualHost host_;
  std::vector<VirtualHost> hosts_;
  std::map<std::string, std::string> upstreams_;
};

}  // namespace

std::vector<VirtualHost> parse_nginx(std::string_view text, const std::string& path,
                                     const FollowInclude& follow) {
  NginxReader reader(follow);
  reader.read(text, path, 0);
  return reader.finish();
}

}  // namespace backscan::hosting
