// The one place of dnsbl/ that meets yaml-cpp's exceptions: they end here as error values.
#include "dnsbl/yaml_list.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/unique_fd.h"

namespace backscan::dnsbl {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{4} << 20;

Result<std::string> read_whole(const std::string& file) {
  const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd.valid()) return system_error(file, errno);
  std::string text;
  while (text.size() <= kMaxFileBytes) {
    char chunk[16384];
    const ssize_t got = ::read(fd.get(), chunk, sizeof chunk);
    if (got == 0) return text;
    if (got > 0)
      text.append(chunk, static_cast<std::size_t>(got));
    else if (errno != EINTR)
      return system_error(file, errno);
  }
  return std::unexpected(Error{file, "larger than 4 MiB"});
}

void read_entries(const std::string& text, const char* list_key, YamlComplaints& complaints,
                  const std::function<void(const YamlEntry&)>& use) {
  const YAML::Node top = YAML::Load(text);
  if (!top.IsMap()) {
    complaints.add_whole_file(std::string("must be a map with the key \"") + list_key + '"');
    return;
  }
  YamlEntry(top, complaints).allow_only({list_key});
  const YAML::Node list = top[list_key];
  if (!list.IsDefined()) {
    complaints.add_whole_file(std::string("has no \"") + list_key + "\" list");
    return;
  }
  if (!list.IsSequence()) {
    complaints.add(list.Mark(), std::string("\"") + list_key + "\" must be a list");
    return;
  }
  for (const YAML::Node& node : list) {
    if (node.IsMap())
      use(YamlEntry(node, complaints));
    else
      complaints.add(node.Mark(), "each entry must be a map");
  }
}

}  // namespace

void YamlComplaints::add(const YAML::Mark& mark, std::string reason) {
  std::string place = file_;
  if (mark.line >= 0) place += ':' + std::to_string(mark.line + 1);
  errors_.push_back({std::move(place), std::move(reason)});
}

void YamlEntry::allow_only(std::initializer_list<std::string_view> keys) const {
  std::set<std::string> seen;
  for (const auto& pair : node_) {
    if (!pair.first.IsScalar()) {
      complain(pair.first.Mark(), "a key must be a word");
      continue;
    }
    const std::string& key = pair.first.Scalar();
    if (std::ranges::find(keys, key) == keys.end())
      complain(pair.first.Mark(), "unknown key \"" + key + '"');
    if (!seen.insert(key).second) complain(pair.first.Mark(), "repeated key \"" + key + '"');
  }
}

YAML::Node YamlEntry::find(const char* key) const {
  // Through a const reference: operator[] of a mutable node would insert the key.
  const YAML::Node& node = node_;
  return node[key];
}

YAML::Mark YamlEntry::mark(const char* key) const {
  const YAML::Node found = find(key);
  return found.IsDefined() ? found.Mark() : node_.Mark();
}

std::optional<std::string> YamlEntry::text(const char* key) const {
  const YAML::Node found = find(key);
  if (!found.IsDefined()) return std::nullopt;
  if (!found.IsScalar() || found.Scalar().empty()) {
    complain(found.Mark(), std::string("\"") + key + "\" must be text");
    return std::nullopt;
  }
  return found.Scalar();
}

bool YamlEntry::flag(const char* key, bool otherwise) const {
  const YAML::Node found = find(key);
  if (!found.IsDefined()) return otherwise;
  if (found.IsScalar() && found.Scalar() == "true") return true;
  if (found.IsScalar() && found.Scalar() == "false") return false;
  complain(found.Mark(), std::string("\"") + key + "\" must be true or false");
  return otherwise;
}

void YamlEntry::words(const char* key,
                      const std::function<void(const std::string&, const YAML::Mark&)>& use) const {
  const YAML::Node found = find(key);
  if (!found.IsDefined()) return;
  if (!found.IsSequence() || found.size() == 0) {
    complain(found.Mark(), std::string("\"") + key + "\" must be a list of words");
    return;
  }
  for (const YAML::Node& word : found) {
    if (word.IsScalar())
      use(word.Scalar(), word.Mark());
    else
      complain(word.Mark(), std::string("\"") + key + "\" must be a list of words");
  }
}

void YamlEntry::pairs(const char* key,
                      const std::function<void(const std::string&, const YAML::Node&)>& use) const {
  const YAML::Node found = find(key);
  if (!found.IsDefined()) return;
  if (!found.IsMap()) {
    complain(found.Mark(), std::string("\"") + key + "\" must be a map");
    return;
  }
  std::set<std::string> seen;
  for (const auto& pair : found) {
    if (!pair.first.IsScalar())
      complain(pair.first.Mark(), "a key must be a word");
    else if (!seen.insert(pair.first.Scalar()).second)
      complain(pair.first.Mark(), "repeated key \"" + pair.first.Scalar() + '"');
    else
      use(pair.first.Scalar(), pair.second);
  }
}

std::vector<Error> read_yaml_list(const std::string& file, const char* list_key,
                                  const std::function<void(const YamlEntry&)>& use) {
  YamlComplaints complaints(file);
  const auto text = read_whole(file);
  if (!text) return {text.error()};
  try {
    read_entries(*text, list_key, complaints, use);
  } catch (const YAML::Exception& error) {
    complaints.add(error.mark, error.msg);
  }
  return std::move(complaints.errors());
}

}  // namespace backscan::dnsbl
