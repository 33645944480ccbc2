// Walks a file once for calls that lead out of it. See sinks_foreign.h.
#include "php/sinks_foreign.h"

#include <set>
#include <string>

#include "base/text.h"

namespace backscan::php::flow {

namespace {

constexpr std::size_t kEnough = 2;  // one may be a typing error, or a function lost on the way

class ForeignNames {
 public:
  explicit ForeignNames(const Program& program) : program_(program) {}

  [[nodiscard]] bool is_enough() const { return names_.size() >= kEnough; }

  // The parser bounds the height, so that recursion is safe.
  void visit(const Node* node) {
    if (node == nullptr || is_enough()) return;
    switch (node->kind) {
      case NodeKind::Call: note_function(*node); break;
      case NodeKind::StaticCall: case NodeKind::ClassConst: case NodeKind::New:
        note_class(node->kid(0));
        break;
      case NodeKind::Class: note_class(node->kid(0)); break;
      default: break;
    }
    for (const Node* kid : node->kids) visit(kid);
  }

 private:
  void note_function(const Node& call) {
    if (call.name.empty() || program_.function(call.name) != nullptr) return;
    const std::size_t cut = call.name.rfind('\\');
    const std::string_view name =
        cut == std::string_view::npos ? call.name : call.name.substr(cut + 1);
    if (!is_function_of_php(name)) names_.insert("f " + std::string(name));
  }

  void note_class(const Node* name) {
    if (name == nullptr || !name->is(NodeKind::Name) || program_.find_class(name->name) != nullptr) {
      return;
    }
    const std::string key = class_key(name->name);
    if (!is_class_of_php(key)) names_.insert("c " + key);
  }

  const Program& program_;
  std::set<std::string> names_;
};

}  // namespace

bool needs_application(const Program& program, const Node* root) {
  ForeignNames names(program);
  names.visit(root);
  return names.is_enough();
}

}  // namespace backscan::php::flow
