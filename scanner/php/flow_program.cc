// Builds the index in one walk over the tree.
#include "php/flow_program.h"

#include <algorithm>

#include "base/text.h"

namespace backscan::php::flow {

namespace {

constexpr int kMaxParents = 16;  // of a class chain: hostile files extend in circles

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '[' || c == ']';
}

// Built-in functions that assign to an argument.
bool writes_arguments(std::string_view name) {
  return name == "preg_match" || name == "preg_match_all" || name == "parse_str" ||
         name == "exec" || name == "getmxrr" || name == "ereg" || name == "eregi" ||
         name == "mb_parse_str" || name == "fsockopen" || name == "openssl_sign";
}

}  // namespace

std::string class_key(std::string_view name) {
  const std::size_t cut = name.rfind('\\');
  return ascii_lower(cut == std::string_view::npos ? name : name.substr(cut + 1));
}

void Program::add(std::string_view source, const Node* root) {
  file_ = source.data();
  index(root);
  for (auto* names : {&assigned_, &fields_, &called_}) {
    std::ranges::sort(*names);
    const auto repeated = std::ranges::unique(*names);
    names->erase(repeated.begin(), repeated.end());
  }
}

// In inline HTML and in strings that print HTML.
void collect_fields(std::string_view html, std::vector<std::string_view>& fields) {
  constexpr std::string_view kAttribute = "name=";
  for (std::size_t at = html.find(kAttribute); at != std::string_view::npos;
       at = html.find(kAttribute, at + 1)) {
    std::size_t begin = at + kAttribute.size();
    while (begin < html.size() &&
           (html[begin] == '"' || html[begin] == '\'' || html[begin] == '\\')) {
      ++begin;
    }
    std::size_t end = begin;
    while (end < html.size() && is_name_byte(html[end])) ++end;
    std::string_view name = html.substr(begin, end - begin);
    name = name.substr(0, name.find('['));
    if (!name.empty()) fields.push_back(name);
  }
}

void Program::index_assignment(const Node* target) {
  if (target == nullptr) return;
  switch (target->kind) {
    case NodeKind::Variable: assigned_.push_back(target->name); break;
    case NodeKind::Index: index_assignment(target->kid(0)); break;
    case NodeKind::List: case NodeKind::Array: case NodeKind::ArrayItem:
      for (const Node* kid : target->kids) index_assignment(kid);
      break;
    default: break;
  }
}

void Program::index_class(const Node* node) {
  // An anonymous class is known by where it stands.
  const std::string key =
      node->name.empty() ? "class@" + std::to_string(node->begin) : std::string(node->name);
  const auto [it, is_new] = class_map_.try_emplace(key);
  ClassInfo& info = it->second;
  if (!is_new) return;
  info.node = node;
  info.name = key;
  if (const Node* parent = node->kid(0)) info.parent = class_key(parent->name);
  for (const Node* member : node->kids.subspan(node->kids.empty() ? 0 : 1)) {
    if (member == nullptr) continue;
    switch (member->kind) {
      case NodeKind::Method:
        info.methods.try_emplace(member->name, FunctionInfo{member, &info, file_});
        break;
      case NodeKind::Property: info.properties.emplace(member->name, member); break;
      case NodeKind::ConstDecl: info.constants.emplace(member->name, member); break;
      case NodeKind::UseDecl: info.traits.push_back(class_key(member->name)); break;
      default: break;
    }
  }
  const auto has = [&](std::string_view method) { return info.methods.contains(method); };
  info.is_mailer = (has("addaddress") || has("addto") || has("addrecipient") || has("addbcc")) &&
                   (has("send") || has("sendmail") || has("smtpsend"));
  classes_.push_back(&info);
}

void Program::index(const Node* node) {
  if (node == nullptr) return;
  ++nodes_;
  switch (node->kind) {
    case NodeKind::Function: {
      const auto [it, is_new] =
          functions_.try_emplace(std::string(node->name), FunctionInfo{node, nullptr, file_});
      if (is_new) order_.push_back(&it->second);
      break;
    }
    case NodeKind::Class: index_class(node); break;
    case NodeKind::Assign: index_assignment(node->kid(0)); break;
    case NodeKind::Foreach:
      index_assignment(node->kid(1));
      index_assignment(node->kid(2));
      break;
    case NodeKind::Param: case NodeKind::Catch: assigned_.push_back(node->name); break;
    case NodeKind::Global: case NodeKind::StaticVar:
      for (const Node* kid : node->kids) index_assignment(kid);
      break;
    case NodeKind::Call:
      called_.push_back(node->name);
      if (writes_arguments(node->name)) {
        for (const Node* kid : node->kids) index_assignment(kid);
      }
      break;
    case NodeKind::MethodCall: case NodeKind::StaticCall: case NodeKind::New:
      called_.push_back(node->name);
      break;
    case NodeKind::UseDecl:
      if (!node->value.empty()) aliases_[ascii_lower(node->value)] = class_key(node->name);
      break;
    case NodeKind::InlineHtml: case NodeKind::String: collect_fields(node->value, fields_); break;
    default: break;
  }
  for (const Node* kid : node->kids) index(kid);
}

const FunctionInfo* Program::function(std::string_view lower_name) const {
  if (const auto it = functions_.find(lower_name); it != functions_.end()) return &it->second;
  const std::size_t cut = lower_name.rfind('\\');
  return cut == std::string_view::npos ? nullptr : function(lower_name.substr(cut + 1));
}

std::string Program::resolve_class(std::string_view name) const {
  const std::string key = class_key(name);
  const auto it = aliases_.find(key);
  return it == aliases_.end() ? key : it->second;
}

const ClassInfo* Program::find_class(std::string_view name) const {
  const auto it = class_map_.find(resolve_class(name));
  return it == class_map_.end() ? nullptr : &it->second;
}

const FunctionInfo* Program::method(const ClassInfo* in, std::string_view lower_name) const {
  for (int i = 0; in != nullptr && i < kMaxParents; ++i) {
    if (const auto it = in->methods.find(lower_name); it != in->methods.end()) return &it->second;
    for (const std::string& trait : in->traits) {
      const auto info = class_map_.find(trait);
      if (info == class_map_.end()) continue;
      const auto it = info->second.methods.find(lower_name);
      if (it != info->second.methods.end()) return &it->second;
    }
    in = in->parent.empty() ? nullptr : find_class(in->parent);
  }
  return nullptr;
}

const Node* Program::property(const ClassInfo* in, std::string_view name) const {
  for (int i = 0; in != nullptr && i < kMaxParents; ++i) {
    if (const auto it = in->properties.find(name); it != in->properties.end()) return it->second;
    in = in->parent.empty() ? nullptr : find_class(in->parent);
  }
  return nullptr;
}

const Node* Program::constant(const ClassInfo* in, std::string_view name) const {
  for (int i = 0; in != nullptr && i < kMaxParents; ++i) {
    if (const auto it = in->constants.find(name); it != in->constants.end()) return it->second;
    in = in->parent.empty() ? nullptr : find_class(in->parent);
  }
  return nullptr;
}

}  // namespace backscan::php::flow
