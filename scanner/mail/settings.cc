// The readers of line-oriented formats; Exim's, with its sections and ACLs, has a file of its own.
#include "mail/settings.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace backscan::mail {
namespace {

/// Calls `visit(line, number)` for each line, without its line end; numbers count from 1.
template <typename Visit>
void for_each_line(std::string_view text, Visit visit) {
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    visit(line, ++number);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
}

std::string_view unquote(std::string_view value) {
  value = trim(value);
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') &&
      value.back() == value.front())
    return value.substr(1, value.size() - 2);
  return value;
}

/// Splits "name = value" at the first '='; an empty name where there is none.
std::pair<std::string_view, std::string_view> split_assignment(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return {};
  return {trim(line.substr(0, equals)), trim(line.substr(equals + 1))};
}

bool is_loopback_service(std::string_view service) {
  return service.starts_with("127.") || service.starts_with("localhost:") ||
         service.starts_with("[::1]") || service.starts_with("::1");
}

/// What stands between m4 quotes, or the bare word: `LUSER_RELAY' -> LUSER_RELAY.
std::string_view unquote_m4(std::string_view word) {
  word = trim(word);
  if (word.starts_with('`')) word.remove_prefix(1);
  if (word.ends_with('\'')) word.remove_suffix(1);
  return trim(word);
}

}  // namespace

void read_postfix_main(std::string_view text, const std::string& file, Settings& settings) {
  bool in_setting = false;
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    if (trim(line).empty() || trim(line).starts_with('#')) return;
    if (line.front() == ' ' || line.front() == '\t') {
      if (in_setting) {
        std::string& value = settings.back().value;
        if (!value.empty()) value += ' ';
        value += trim(line);
      }
      return;
    }
    const auto [name, value] = split_assignment(line);
    in_setting = !name.empty();
    if (in_setting)
      settings.push_back({"postfix", std::string(name), std::string(value), file, number});
  });
}

void read_postfix_master(std::string_view text, const std::string& file, Settings& settings) {
  std::string service;
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    if (trim(line).empty() || trim(line).starts_with('#')) return;
    if (line.front() != ' ' && line.front() != '\t')
      service = std::string(line.substr(0, line.find_first_of(" \t")));
    if (is_loopback_service(service)) return;
    for (std::size_t at = line.find("-o"); at != std::string_view::npos;
         at = line.find("-o", at + 2)) {
      std::string_view rest = trim(line.substr(at + 2));
      // "{ name = value }" is the spelling for values with white space (Postfix 3.0).
      rest = rest.starts_with('{') ? rest.substr(1, rest.find('}') - 1)
                                   : rest.substr(0, rest.find_first_of(" \t"));
      const auto [name, value] = split_assignment(rest);
      if (!name.empty())
        settings.push_back({"postfix", std::string(name), std::string(value), file, number});
    }
  });
}

void read_alias_table(std::string_view text, const std::string& file, Settings& settings) {
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    line = trim(line);
    if (line.empty() || line.front() == '#') return;
    if (line.find("vacation") != std::string_view::npos && line.find('|') != std::string_view::npos)
      settings.push_back({"alias", "alias.vacation", std::string(line), file, number});
    const bool is_star = line.starts_with("*:") || line.starts_with("\"*:") || line.starts_with("* ");
    if (!is_star && line.front() != '@') return;
    const std::size_t gap = is_star ? line.find(':') : line.find_first_of(" \t:");
    if (gap == std::string_view::npos) return;
    const std::string_view target = unquote(trim(line.substr(gap + 1)));
    // A reject or a drop is not a delivery: `:fail:` answers at RCPT, error:nouser likewise.
    if (target.starts_with(":fail:") || target.starts_with(":blackhole:") ||
        target.starts_with("error:") || target.starts_with("REJECT") || target.starts_with("5"))
      return;
    const char* kind = target.find('|') != std::string_view::npos   ? "alias.catch-all-pipe"
                       : target.find('@') != std::string_view::npos ? "alias.catch-all-remote"
                                                                    : "alias.catch-all-local";
    settings.push_back({"alias", kind, std::string(line), file, number});
  });
}

void read_sendmail(std::string_view text, const std::string& file, Settings& settings) {
  const auto add = [&](std::string_view name, std::string_view value, std::size_t number) {
    settings.push_back({"sendmail", std::string(name), std::string(value), file, number});
  };
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    line = trim(line);
    if (line.starts_with("dnl") || line.starts_with('#')) return;
    if (line.starts_with("define(") || line.starts_with("FEATURE(")) {
      const std::size_t open = line.find('(');
      const std::size_t close = line.rfind(')');
      if (close == std::string_view::npos || close < open) return;
      const std::string_view inside = line.substr(open + 1, close - open - 1);
      const std::size_t comma = inside.find(',');
      const std::string_view name = unquote_m4(inside.substr(0, comma));
      const std::string_view value =
          comma == std::string_view::npos ? "" : unquote_m4(inside.substr(comma + 1));
      if (line.front() == 'F')
        add("FEATURE." + std::string(name), value, number);
      else
        add(name, value, number);
    } else if (line.starts_with("O ")) {
      const auto [name, value] = split_assignment(line.substr(2));
      if (!name.empty()) add(name, value, number);
    } else if (line.starts_with("DL") && line.size() > 2) {
      add("LUSER_RELAY", line.substr(2), number);
    }
  });
}

void read_dovecot(std::string_view text, const std::string& file, Settings& settings) {
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    line = trim(line);
    if (line.empty() || line.front() == '#') return;
    const auto [name, value] = split_assignment(line);
    if (!name.empty() && name.find_first_of(" \t{") == std::string_view::npos)
      settings.push_back({"dovecot", std::string(name), std::string(unquote(value)), file, number});
  });
}

void read_amavis(std::string_view text, const std::string& file, Settings& settings) {
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    line = trim(line);
    if (!line.starts_with('$')) return;
    auto [name, value] = split_assignment(line.substr(1));
    if (name.empty()) return;
    value = trim(value.substr(0, value.find(';')));
    settings.push_back({"amavis", std::string(name), std::string(unquote(value)), file, number});
  });
}

void read_php_ini(std::string_view text, const std::string& file, Settings& settings) {
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    line = trim(line);
    if (line.empty() || line.front() == ';' || line.front() == '[') return;
    auto [name, value] = split_assignment(line);
    const std::size_t bracket = name.find('[');
    if (name.starts_with("php_") && bracket != std::string_view::npos && name.ends_with(']'))
      name = name.substr(bracket + 1, name.size() - bracket - 2);
    if (const std::size_t comment = value.find(" ;"); comment != std::string_view::npos)
      value = trim(value.substr(0, comment));
    if (!name.empty())
      settings.push_back({"php", std::string(name), std::string(unquote(value)), file, number});
  });
}

void read_key_values(std::string_view text, const std::string& component, const std::string& file,
                     Settings& settings) {
  for_each_line(text, [&](std::string_view line, std::size_t number) {
    if (trim(line).starts_with('#')) return;
    const auto [name, value] = split_assignment(line);
    if (!name.empty())
      settings.push_back({component, std::string(name), std::string(value), file, number});
  });
}

const Setting* find_setting(const Settings& settings, std::string_view component,
                            std::string_view name) {
  for (auto it = settings.rbegin(); it != settings.rend(); ++it)
    if (it->component == component && it->name == name) return &*it;
  return nullptr;
}

std::optional<double> parse_duration(std::string_view text, double unit_seconds) {
  constexpr std::array<std::pair<char, double>, 5> kUnits = {
      {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}}};
  text = trim(text);
  if (text.empty()) return std::nullopt;
  double total = 0;
  while (!text.empty()) {
    double count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || count < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    double unit = unit_seconds;
    if (!text.empty()) {
      const char letter = ascii_lower(text.front());
      bool known = false;
      for (const auto& [name, seconds] : kUnits)
        if (name == letter) {
          unit = seconds;
          known = true;
        }
      if (!known) return std::nullopt;
      text.remove_prefix(1);
    }
    total += count * unit;
  }
  return total;
}

}  // namespace backscan::mail
