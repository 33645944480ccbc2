// Exim's configuration (specification chapters 6, 14 and 43): macros, conditionals, sections, ACLs,
// transports. Only as much of it as the audit asks about.
#include <map>
#include <set>

#include "base/text.h"
#include "mail/settings.h"

namespace backscan::mail {
namespace {

/// A logical line: continuations joined, comments and conditional blocks gone.
struct Line {
  std::string text;
  std::size_t number = 0;
};

bool is_macro_name(std::string_view word) {
  if (word.empty() || word.front() < 'A' || word.front() > 'Z') return false;
  return word.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") ==
         std::string_view::npos;
}

/// Follows .ifdef/.ifndef/.else/.endif over the macros that the file itself defines.
class Preprocessor {
 public:
  std::vector<Line> run(std::string_view text) {
    std::size_t number = 0;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      take(text.substr(0, end), ++number);
      if (end == std::string_view::npos) break;
      text.remove_prefix(end + 1);
    }
    return std::move(lines_);
  }

 private:
  void take(std::string_view raw, std::size_t number) {
    const std::string_view line = trim(raw);
    if (line.empty() || line.front() == '#') return;
    if (line.front() == '.' && conditional(line)) return;
    if (!is_live()) return;
    const bool continues = line.ends_with('\\');
    const std::string_view body = continues ? trim(line.substr(0, line.size() - 1)) : line;
    if (is_open_)
      lines_.back().text.append(body);
    else
      lines_.push_back({std::string(body), number});
    is_open_ = continues;
    if (!is_open_) finish_line();
  }

  void finish_line() {
    const std::string_view line = lines_.back().text;
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return;
    std::string_view name = line.substr(0, equals);
    if (name.ends_with('=')) name.remove_suffix(1);
    if (is_macro_name(trim(name))) {
      macros_.insert(std::string(trim(name)));
      lines_.pop_back();
    }
  }

  bool conditional(std::string_view line) {
    const auto argument = trim(line.substr(std::min(line.find_first_of(" \t"), line.size())));
    if (line.starts_with(".ifdef")) {
      live_.push_back(macros_.contains(std::string(argument)));
    } else if (line.starts_with(".ifndef")) {
      live_.push_back(!macros_.contains(std::string(argument)));
    } else if (line.starts_with(".elif") && !live_.empty()) {
      live_.back() = false;
    } else if (line.starts_with(".else") && !live_.empty()) {
      live_.back() = !live_.back();
    } else if (line.starts_with(".endif") && !live_.empty()) {
      live_.pop_back();
    } else {
      return line.starts_with(".include");
    }
    return true;
  }

  [[nodiscard]] bool is_live() const {
    for (const bool live : live_)
      if (!live) return false;
    return true;
  }

  std::set<std::string> macros_;
  std::vector<bool> live_;
  std::vector<Line> lines_;
  bool is_open_ = false;
};

std::pair<std::string_view, std::string_view> split(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return {trim(line), {}};
  return {trim(line.substr(0, equals)), trim(line.substr(equals + 1))};
}

/// One ACL statement: verb and the conditions that follow it.
struct Statement {
  std::string verb;
  std::size_t number = 0;
  std::vector<std::pair<std::string, std::string>> conditions;

  [[nodiscard]] bool has(std::string_view name) const {
    for (const auto& [key, value] : conditions)
      if (key == name) return true;
    return false;
  }
  [[nodiscard]] bool verifies_recipient() const {
    for (const auto& [key, value] : conditions)
      if (key == "verify" && value.starts_with("recipient")) return true;
    return false;
  }
};

bool is_verb(std::string_view word) {
  return word == "accept" || word == "deny" || word == "require" || word == "warn" ||
         word == "defer" || word == "discard" || word == "drop";
}

class Reader {
 public:
  Reader(const std::string& file, Settings& settings) : file_(file), settings_(settings) {}

  void run(const std::vector<Line>& lines) {
    for (const Line& line : lines) {
      const std::string_view text = line.text;
      if (text.starts_with("begin ")) {
        section_ = std::string(trim(text.substr(6)));
        finish_block();
      } else if (section_ == "acl") {
        acl_line(text, line.number);
      } else if (section_ == "transports" || section_ == "routers") {
        driver_line(text, line.number);
      } else if (section_.empty()) {
        main_line(text, line.number);
      }
    }
    finish_block();
    judge_acls();
  }

 private:
  void add(std::string name, std::string value, std::size_t number) {
    settings_.push_back({"exim", std::move(name), std::move(value), file_, number});
  }

  void main_line(std::string_view text, std::size_t number) {
    auto [name, value] = split(text);
    if (name.find(' ') != std::string_view::npos) return;  // domainlist and the like
    if (name == "acl_smtp_rcpt") rcpt_acl_ = std::string(value);
    add(std::string(name), std::string(value), number);
  }

  void acl_line(std::string_view text, std::size_t number) {
    if (text.ends_with(':') && text.find_first_of(" =") == std::string_view::npos) {
      acl_ = std::string(text.substr(0, text.size() - 1));
      return;
    }
    std::string_view word = text.substr(0, text.find_first_of(" \t"));
    if (is_verb(word)) {
      acls_[acl_].push_back({std::string(word), number, {}});
      text = trim(text.substr(word.size()));
      if (text.empty()) return;
    }
    if (acls_[acl_].empty()) return;
    bool is_negated = false;
    if (text.starts_with('!')) {
      is_negated = true;
      text = trim(text.substr(1));
    }
    const auto [name, value] = split(text);
    Statement& statement = acls_[acl_].back();
    if (name == "verify") note_callout(statement, value, number);
    // "deny !verify = recipient" lets nothing unverified pass, as "require verify = recipient" does.
    if (is_negated && name == "verify" && value.starts_with("recipient") &&
        (statement.verb == "deny" || statement.verb == "drop"))
      statement.verb = "require";
    statement.conditions.emplace_back(name, value);
  }

  /// Callouts for a list of addresses or domains that somebody wrote down (Debian's
  /// local_sender_callout) are not sent to whoever spam names.
  static bool is_for_a_list(const Statement& statement, std::string_view what) {
    for (const auto& [key, value] : statement.conditions) {
      const bool is_about_it = what == "recipient" ? key == "recipients" || key == "domains"
                                                   : key == "senders" || key == "sender_domains";
      if (is_about_it && !value.starts_with('!') && !value.starts_with('*')) return true;
    }
    return false;
  }

  void note_callout(const Statement& statement, std::string_view value, std::size_t number) {
    const std::size_t slash = value.find('/');
    if (slash == std::string_view::npos || value.find("callout", slash) == std::string_view::npos)
      return;
    const std::string_view what = trim(value.substr(0, slash));
    if (is_for_a_list(statement, what)) return;
    if (what == "sender" || what == "header_sender")
      add("acl.sender-callout", "verify = " + std::string(value), number);
    else if (what == "recipient")
      add("acl.recipient-callout", "verify = " + std::string(value), number);
  }

  void driver_line(std::string_view text, std::size_t number) {
    if (text.ends_with(':') && text.find_first_of(" =") == std::string_view::npos) {
      finish_block();
      driver_ = std::string(text.substr(0, text.size() - 1));
      driver_number_ = number;
      return;
    }
    const auto [name, value] = split(text);
    options_[std::string(name)] = std::string(value);
    if (name == "interface") add("transport.interface", std::string(value), number);
  }

  void finish_block() {
    const auto driver = options_.find("driver");
    // One without words of its own only carries what users' filters say, which have their own limit.
    const bool has_words = options_.contains("text") || options_.contains("file") ||
                           options_.contains("subject") || options_.contains("to");
    if (driver != options_.end() && driver->second == "autoreply" && has_words &&
        !options_.contains("once"))
      add("transport.autoreply-every-message", driver_, driver_number_);
    options_.clear();
    driver_.clear();
  }

  /// An accept for our own domains that no recipient verification precedes takes mail for users who
  /// do not exist, and bounces it later to a forged sender.
  void judge_acls() {
    const auto found = acls_.find(rcpt_acl_);
    if (found == acls_.end()) return;
    for (const Statement& statement : found->second) {
      if (statement.verb == "require" && statement.verifies_recipient()) return;
      if (statement.verb != "accept" || statement.verifies_recipient()) continue;
      const bool is_for_known_clients = statement.has("hosts") || statement.has("authenticated");
      const bool is_for_one_name = statement.has("local_parts");
      if (is_for_known_clients || is_for_one_name) continue;
      add("acl.accepts-unverified-recipient", rcpt_acl_, statement.number);
      return;
    }
  }

  const std::string& file_;
  Settings& settings_;
  std::string section_;
  std::string rcpt_acl_;
  std::string acl_;
  std::map<std::string, std::vector<Statement>> acls_;
  std::string driver_;
  std::size_t driver_number_ = 0;
  std::map<std::string, std::string> options_;
};

}  // namespace

void read_exim(std::string_view text, const std::string& file, Settings& settings) {
  Reader(file, settings).run(Preprocessor().run(text));
}

}  // namespace backscan::mail
