// Strict reading of a YAML mapping (yaml_source.h).
#include "rules/yaml_source.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>

namespace backscan::rules {
namespace {

class NoEvents : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}
};

/// 0, 1, or 2 for more. YAML::LoadAll never ends where a comma follows the first (`'a',`).
int count_documents(const std::string& text) {
  std::istringstream in(text);
  YAML::Parser parser(in);
  NoEvents ignored;
  int count = 0;
  while (count < 2 && parser.HandleNextDocument(ignored)) ++count;
  return count;
}

}  // namespace

std::size_t YamlSource::line_of(const YAML::Node& node) {
  if (!node.IsDefined()) return 1;  // a key that is not there has no place, and says so by throwing
  const YAML::Mark mark = node.Mark();
  return mark.is_null() ? 1 : static_cast<std::size_t>(mark.line) + 1;
}

void YamlSource::complain_at_line(std::size_t line, std::string reason) {
  errors_.push_back({fmt::format("{}:{}", file_, line), std::move(reason)});
}

void YamlSource::complain(const YAML::Node& at, std::string reason) {
  complain_at_line(line_of(at), std::move(reason));
}

std::optional<YAML::Node> YamlSource::parse(const std::string& text) {
  try {
    const int documents = count_documents(text);
    if (documents == 1) return YAML::Load(text);
    complain_at_line(1, documents == 0 ? "the file is empty" : "one document a file, please");
  } catch (const YAML::Exception& bad) {
    const bool is_placed = !bad.mark.is_null();
    complain_at_line(is_placed ? static_cast<std::size_t>(bad.mark.line) + 1 : 1,
                     "not YAML: " + bad.msg);
  }
  return std::nullopt;
}

bool YamlSource::check_keys(const YAML::Node& node, std::string_view what,
                            std::span<const std::string_view> known) {
  if (!node.IsMap()) {
    complain(node, fmt::format("{} must be a mapping", what));
    return false;
  }
  std::set<std::string> seen;
  for (const auto& entry : node) {
    const YAML::Node& key = entry.first;
    if (!key.IsScalar()) {
      complain(key, fmt::format("{}: a key must be a word", what));
    } else if (std::ranges::find(known, key.Scalar()) == known.end()) {
      complain(key, fmt::format("{}: unknown key '{}'", what, key.Scalar()));
    } else if (!seen.insert(key.Scalar()).second) {
      complain(key, fmt::format("{}: key '{}' stands twice", what, key.Scalar()));
    }
  }
  return true;
}

std::optional<std::string> YamlSource::text(const YAML::Node& map, const char* key,
                                            bool is_required) {
  const YAML::Node value = map[key];
  if (!value.IsDefined()) {
    if (is_required) complain(map, fmt::format("missing key '{}'", key));
    return std::nullopt;
  }
  if (!value.IsScalar() || value.Scalar().empty()) {
    complain(value, fmt::format("'{}' must be a text", key));
    return std::nullopt;
  }
  return value.Scalar();
}

std::vector<std::string> YamlSource::texts(const YAML::Node& map, const char* key) {
  std::vector<std::string> list;
  const YAML::Node value = map[key];
  if (!value.IsDefined()) return list;
  if (!value.IsSequence()) {
    complain(value, fmt::format("'{}' must be a list of texts", key));
    return list;
  }
  for (const YAML::Node& item : value) {
    if (item.IsScalar() && !item.Scalar().empty())
      list.push_back(item.Scalar());
    else
      complain(item, fmt::format("'{}' must be a list of texts", key));
  }
  return list;
}

bool YamlSource::boolean(const YAML::Node& map, const char* key) {
  const YAML::Node value = map[key];
  if (!value.IsDefined()) return false;
  if (value.IsScalar() && value.Scalar() == "true") return true;
  if (!value.IsScalar() || value.Scalar() != "false")
    complain(value, fmt::format("'{}' must be true or false", key));
  return false;
}

std::optional<std::uint64_t> YamlSource::number(const YAML::Node& map, const char* key,
                                                std::uint64_t min, std::uint64_t max,
                                                bool is_required) {
  const YAML::Node value = map[key];
  if (!value.IsDefined()) {
    if (is_required) complain(map, fmt::format("missing key '{}'", key));
    return std::nullopt;
  }
  std::uint64_t number = 0;
  if (value.IsScalar()) {
    const std::string& digits = value.Scalar();
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error == std::errc{} && end == digits.data() + digits.size() && number >= min &&
        number <= max)
      return number;
  }
  complain(value, fmt::format("'{}' must be a number from {} to {}", key, min, max));
  return std::nullopt;
}

}  // namespace backscan::rules
