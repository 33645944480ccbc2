// Apache directives as far as they make files run as PHP, change PHP's settings, or send some
// visitors elsewhere (httpd.apache.org, "Directive index"; "mod_rewrite").
#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "php/carriers_settings.h"

namespace backscan::php {
namespace {

constexpr std::size_t kMaxLine = 8192;
constexpr std::size_t kMaxArguments = 64;
constexpr std::size_t kMaxActions = 64;

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  return ascii_lower(text).find(word) != std::string::npos;
}

/// Extensions that pages have anyway: sites hand them to PHP for their own reasons.
bool is_page_extension(std::string_view extension) {
  static constexpr auto kPages = std::to_array<std::string_view>({"htm", "html", "shtml", "xhtml", "phps"});
  const std::string lowered = ascii_lower(extension.substr(0, 8));
  return std::ranges::find(kPages, lowered) != kPages.end();
}

bool is_odd_extension(std::string_view extension) {
  while (extension.starts_with('.')) extension.remove_prefix(1);
  return !extension.empty() && !is_php_extension(extension) && !is_page_extension(extension);
}

/// Handlers and types that run PHP; the highlighter of sources does not.
bool runs_php(std::string_view handler) {
  const std::string lowered = ascii_lower(handler);
  if (lowered.find("php-source") != std::string::npos) return false;
  return lowered.find("php") != std::string::npos || lowered.find("lsapi") != std::string::npos ||
         lowered == "fcgid-script" || lowered.find("fastcgi") != std::string::npos;
}

bool is_search_engine(std::string_view pattern) {
  static constexpr auto kEngines = std::to_array<std::string_view>(
      {"google", "bing", "yahoo", "yandex", "baidu", "duckduck", "msn", "aol", "ask\\.", "altavista",
       "rambler", "slurp", "crawl", "spider", "bot"});
  const std::string lowered = ascii_lower(pattern);
  return std::ranges::any_of(kEngines, [&](std::string_view engine) {
    return lowered.find(engine) != std::string::npos;
  });
}

/// The host of an absolute URL; empty for a relative one or one that the request names.
std::string_view foreign_host(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos || scheme > 5) return {};
  std::string_view host = url.substr(scheme + 3);
  host = host.substr(0, host.find_first_of("/?#:$"));
  return host.find('%') == std::string_view::npos && host.find('.') != std::string_view::npos
             ? host
             : std::string_view{};
}

/// One pass over the directives; remembers the open section and the conditions of the next rule.
class HtaccessReader {
 public:
  explicit HtaccessReader(std::vector<Fact>& facts) : facts_(facts) {}

  void read(std::string_view bytes) {
    for (std::size_t begin = 0; begin < bytes.size();) {
      std::size_t end = line_end(bytes, begin);
      // A backslash joins the next line; the words of both are read as one directive.
      while (end < bytes.size() && end > begin && end - begin < kMaxLine && bytes[end - 1] == '\\') {
        end = line_end(bytes, end + 1);
      }
      if (end - begin <= kMaxLine) read_line(bytes.substr(begin, end - begin), begin);
      begin = end + 1;
    }
  }

 private:
  static std::size_t line_end(std::string_view bytes, std::size_t from) {
    return std::min(bytes.find('\n', from), bytes.size());
  }

  /// Splits into words; quotes keep blanks together.
  void split(std::string_view line) {
    words_.clear();
    std::size_t at = 0;
    while (words_.size() < kMaxArguments) {
      at = line.find_first_not_of(" \t\r\n\\", at);
      if (at == std::string_view::npos) return;
      const char quote = line[at];
      if (quote == '"' || quote == '\'') {
        const std::size_t close = std::min(line.find(quote, at + 1), line.size());
        words_.push_back(line.substr(at + 1, close - at - 1));
        at = close + 1;
      } else {
        const std::size_t stop = std::min(line.find_first_of(" \t\r\n", at), line.size());
        words_.push_back(line.substr(at, stop - at));
        at = stop;
      }
      if (at >= line.size()) return;
    }
  }

  void read_line(std::string_view line, std::size_t begin) {
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || line[first] == '#') return;
    place_ = {static_cast<Offset>(begin + first), static_cast<Offset>(begin + line.size())};
    split(line);
    if (words_.empty()) return;
    const std::string directive = ascii_lower(words_[0]);
    if (directive[0] == '<') return section(directive, line.substr(first));
    if (directive == "php_value" || directive == "php_admin_value" || directive == "php_flag" ||
        directive == "php_admin_flag") {
      if (words_.size() < 2) return;
      const std::string_view value = words_.size() > 2 ? words_[2] : std::string_view{};
      return add_setting_facts(SettingsFile::kHtaccess, words_[1], value, place_, facts_);
    }
    if (directive == "addhandler" || directive == "addtype") return add_handler();
    if (directive == "sethandler" || directive == "forcetype") return set_handler();
    if (directive == "action" && words_.size() > 1 && actions_.size() < kMaxActions) {
      actions_.emplace_back(words_[1]);
    }
    if (directive == "rewritecond") return condition();
    if (directive == "rewriterule") return rule();
  }

  void section(std::string_view directive, std::string_view line) {
    const bool is_files = directive.starts_with("<files") || directive.starts_with("<locationmatch");
    if (is_files) files_ = line.substr(0, line.rfind('>'));
    if (directive.starts_with("</files") || directive.starts_with("</location")) files_ = {};
  }

  [[nodiscard]] bool is_program(std::string_view handler) const {
    return runs_php(handler) || equals_ignoring_case(handler, "cgi-script") ||
           std::ranges::any_of(actions_, [&](const std::string& action) {
             return equals_ignoring_case(action, handler);
           });
  }

  /// `AddHandler application/x-httpd-php .jpg .png`
  void add_handler() {
    if (words_.size() < 3 || !is_program(words_[1])) return;
    const bool is_php = !equals_ignoring_case(words_[1], "cgi-script");
    for (std::size_t i = 2; i < words_.size(); ++i) {
      if (is_php ? is_odd_extension(words_[i]) : is_document(words_[i])) {
        return add("htaccess.handler-odd-extension", words_[i]);
      }
    }
  }

  /// `SetHandler` in a section for some files, or for all of them.
  void set_handler() {
    if (words_.size() < 2 || !is_program(words_[1])) return;
    if (files_.empty()) return;
    // The words of the pattern: favicon.ico, \.(jpg|png)$
    for (std::size_t at = 0; at < files_.size();) {
      at = files_.find_first_of(".|(", at);
      if (at == std::string_view::npos) return;
      ++at;
      const std::size_t stop = std::min(files_.find_first_not_of(
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", at), files_.size());
      const std::string_view word = files_.substr(at, stop - at);
      if (is_document(word) || equals_ignoring_case(word, "htaccess") ||
          equals_ignoring_case(word, "ht")) {
        return add("htaccess.handler-odd-extension", word);
      }
      at = stop;
    }
  }

  static bool is_document(std::string_view extension) {
    static constexpr auto kDocuments = std::to_array<std::string_view>(
        {"jpg", "jpeg", "png", "gif", "ico", "bmp", "webp", "svg", "txt", "log", "css", "js", "dat",
         "tmp", "bak", "pdf", "zip", "mp3", "mp4", "xml", "woff", "ttf", "doc", "csv", "suspected"});
    while (extension.starts_with('.')) extension.remove_prefix(1);
    const std::string lowered = ascii_lower(extension.substr(0, 12));
    return std::ranges::find(kDocuments, lowered) != kDocuments.end();
  }

  /// A condition counts if it asks for search engines' visitors; `!` asks for all others.
  void condition() {
    if (words_.size() < 3 || words_[2].starts_with('!')) return;
    const bool is_visitor = contains_ignoring_case(words_[1], "http_referer") ||
                            contains_ignoring_case(words_[1], "http_user_agent");
    if (is_visitor && is_search_engine(words_[2])) is_for_search_ = true;
  }

  void rule() {
    const bool is_conditional = is_for_search_;
    is_for_search_ = false;  // conditions hold for one rule
    if (!is_conditional || words_.size() < 3) return;
    if (!foreign_host(words_[2]).empty()) add("htaccess.redirect-foreign", words_[2]);
  }

  void add(std::string_view fact, std::string_view value) {
    facts_.push_back(carrier_fact(fact, place_, words_[0], value));
  }

  std::vector<Fact>& facts_;
  std::vector<std::string_view> words_;
  std::vector<std::string> actions_;  // handlers that an Action of this file runs
  std::string_view files_;            // the open <Files> section's pattern
  bool is_for_search_ = false;
  Span place_;
};

}  // namespace

void add_htaccess_facts(std::string_view bytes, std::vector<Fact>& facts) {
  HtaccessReader(facts).read(bytes);
}

}  // namespace backscan::php
