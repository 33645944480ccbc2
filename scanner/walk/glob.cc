// Translation of a glob to a regular expression, byte by byte (names are bytes: Latin-1).
#include "walk/glob.h"

namespace backscan::walk {
namespace {

std::string quoted(char c) { return re2::RE2::QuoteMeta(std::string_view(&c, 1)); }

/// Translates the bracket expression at `glob[at]`; returns the offset after it, or `at` where no
/// bracket closes it (then '[' stands for itself).
std::size_t append_class(std::string_view glob, std::size_t at, std::string& regex) {
  std::size_t i = at + 1;
  const bool is_negated = i < glob.size() && (glob[i] == '!' || glob[i] == '^');
  if (is_negated) ++i;
  std::string body;
  for (const std::size_t first = i; i < glob.size(); ++i) {
    const char c = glob[i];
    if (c == ']' && i > first) {
      regex += is_negated ? "[^/" : "[";
      regex += body;
      regex += ']';
      return i + 1;
    }
    if (c == '[' && i + 1 < glob.size() && glob[i + 1] == ':') {
      const std::size_t end = glob.find(":]", i + 2);
      if (end == std::string_view::npos) return at;
      body += glob.substr(i, end + 2 - i);
      i = end + 1;
    } else if (c == '\\' && i + 1 < glob.size()) {
      body += quoted(glob[++i]);
    } else if (c == '-') {
      body += c;
    } else if (c != '/') {
      body += quoted(c);
    }
  }
  return at;
}

/// Translates the star or stars at `glob[at]`; returns the offset after them.
std::size_t append_stars(std::string_view glob, std::size_t at, std::string& regex) {
  std::size_t end = at;
  while (end < glob.size() && glob[end] == '*') ++end;
  const bool starts_part = at == 0 || glob[at - 1] == '/';
  if (end - at == 2 && starts_part) {
    if (end == glob.size()) {
      regex += at == 0 ? ".*" : ".+";
      return end;
    }
    if (glob[end] == '/') {
      regex += "(?:.*/)?";
      return end + 1;
    }
  }
  regex += "[^/]*";
  return end;
}

std::string to_regex(std::string_view glob) {
  std::string regex;
  for (std::size_t i = 0; i < glob.size();) {
    const char c = glob[i];
    if (c == '*') {
      i = append_stars(glob, i, regex);
    } else if (c == '?') {
      regex += "[^/]";
      ++i;
    } else if (c == '[') {
      const std::size_t after = append_class(glob, i, regex);
      if (after == i) regex += "\\[";
      i = after == i ? i + 1 : after;
    } else {
      if (c == '\\' && i + 1 < glob.size()) ++i;
      regex += quoted(glob[i++]);
    }
  }
  return regex;
}

}  // namespace

Result<Glob> Glob::compile(std::string_view pattern) {
  Glob glob;
  std::string_view rest = pattern;
  if (rest.ends_with('/')) {
    glob.directories_only_ = true;
    rest.remove_suffix(1);
  }
  // `**/name` says no more than `name`, and needs no path.
  if (rest.starts_with("**/") && rest.find('/', 3) == std::string_view::npos && rest != "**/**")
    rest.remove_prefix(3);
  glob.needs_path_ = rest.find('/') != std::string_view::npos;
  if (rest.starts_with('/')) rest.remove_prefix(1);
  if (rest.empty()) return std::unexpected(Error{std::string(pattern), "an empty glob"});

  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_dot_nl(true);
  options.set_log_errors(false);
  options.set_max_mem(std::int64_t{1} << 20);
  glob.regex_ = std::make_unique<const re2::RE2>(to_regex(rest), options);
  if (!glob.regex_->ok())
    return std::unexpected(Error{std::string(pattern), "not a glob: " + glob.regex_->error()});
  return glob;
}

bool Glob::matches(std::string_view path, std::string_view name, bool is_directory) const {
  if (directories_only_ && !is_directory) return false;
  return re2::RE2::FullMatch(needs_path_ ? path : name, *regex_);
}

}  // namespace backscan::walk
