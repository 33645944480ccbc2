// The resolved layer: a program's own text with the names and strings put in that its tables and
// little decoders hide. For obfuscation that never evals anything this is all there is to open.
#include <algorithm>

#include "base/text.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {

using enum NodeKind;

namespace {

bool is_identifier(std::string_view text) {
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::ranges::all_of(text, [](char c) {
    return c == '_' || c == '\\' || (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
  });
}

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\r' || c == '\t';
  });
}

std::string quoted_string(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  out.push_back('\'');
  return out;
}

struct Substitution {
  Offset begin;
  Offset end;
  std::string text;
};

class Resolver {
 public:
  explicit Resolver(const Unit& unit) : unit_(unit) {}

  void visit(const Node& node) {
    if (node.is(Interpolated) || node.is(ShellExec)) return;  // text between quotes
    const auto it = unit_.resolutions.find(&node);
    if (it != unit_.resolutions.end() && !it->second.is_ambiguous && takes(node, it->second)) return;
    for (const Node* kid : node.kids)
      if (kid != nullptr) visit(*kid);
  }

  // Enough was hidden to be worth a layer: one name, or a table of strings.
  [[nodiscard]] bool is_worth_it() const { return hidden_names_ > 0 || hidden_texts_ >= 3; }

  [[nodiscard]] std::string text() {
    std::ranges::sort(substitutions_, {}, &Substitution::begin);
    std::string out;
    Offset at = 0;
    for (const Substitution& each : substitutions_) {
      if (each.begin < at) continue;
      out += unit_.source.substr(at, each.begin - at);
      out += each.text;
      at = each.end;
    }
    out += unit_.source.substr(at);
    return out;
  }

 private:
  bool takes(const Node& node, const Resolution& resolution) {
    if (resolution.is_name ? !is_identifier(resolution.text) : !is_plain(resolution.text)) return false;
    if (is_hidden(resolution.text)) ++(resolution.is_name ? hidden_names_ : hidden_texts_);
    substitutions_.push_back({node.begin, node.end,
                              resolution.is_name ? resolution.text : quoted_string(resolution.text)});
    return true;
  }

  bool is_hidden(std::string_view text) {
    constexpr int kMaxSearches = 200;  // through the whole source each
    if (++searches_ > kMaxSearches) return false;
    return find_bytes(unit_.source, text, 0) == std::string_view::npos;
  }

  const Unit& unit_;
  std::vector<Substitution> substitutions_;
  int hidden_names_ = 0;
  int hidden_texts_ = 0;
  int searches_ = 0;
};

}  // namespace

void Evaluator::resolve_layers() {
  for (const auto& unit : units_) {
    if (unit->resolutions.empty() || unit->tree.root() == nullptr || budget_.spent() == Spent::kOutput) continue;
    Resolver resolver{*unit};
    resolver.visit(*unit->tree.root());
    if (!resolver.is_worth_it()) continue;
    const Span whole{0, static_cast<Offset>(unit->source.size())};
    layers_.open(resolver.text(), {"resolve"}, unit->layer == 0 ? whole : unit->origin, *unit);
  }
}

}  // namespace backscan::php::eval
