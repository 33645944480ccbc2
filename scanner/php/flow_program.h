// An index of one file (and its includes) made before the flow analysis runs: functions, classes,
// assigned names, form fields. Its own file, because the interpreter only asks it questions.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "php/ast.h"

namespace backscan::php::flow {

struct ClassInfo;

struct FunctionInfo {
  const Node* node = nullptr;  // Function, Method, Closure or ArrowFn
  const ClassInfo* in_class = nullptr;
  const void* file = nullptr;  // which source its offsets are in
  mutable std::uint32_t runs = 0;

  [[nodiscard]] std::span<const Node* const> params() const {
    return node->kid(0) != nullptr ? node->kid(0)->kids : std::span<const Node* const>{};
  }
  [[nodiscard]] const Node* body() const { return node->kid(2); }
};

struct ClassInfo {
  const Node* node = nullptr;
  std::string name;    // lower case, last segment
  std::string parent;  // likewise
  std::vector<std::string> traits;
  std::map<std::string_view, FunctionInfo> methods;
  std::map<std::string_view, const Node*> properties;  // Property nodes
  std::map<std::string_view, const Node*> constants;   // ConstDecl nodes
  bool is_mailer = false;  // has methods that add recipients, and send
};

/// The last segment of a class name, lower-cased: `\PHPMailer\PHPMailer\SMTP` is "smtp".
[[nodiscard]] std::string class_key(std::string_view name);

/// Adds the names of inputs that stand in `html`: name="field".
void collect_fields(std::string_view html, std::vector<std::string_view>& fields);

class Program {
 public:
  /// Adds a file's declarations; the main file first. `source` and the tree must outlive this.
  void add(std::string_view source, const Node* root);

  [[nodiscard]] const FunctionInfo* function(std::string_view lower_name) const;
  [[nodiscard]] const ClassInfo* find_class(std::string_view name) const;
  /// Looks through parents and traits.
  [[nodiscard]] const FunctionInfo* method(const ClassInfo* in, std::string_view lower_name) const;
  [[nodiscard]] const Node* property(const ClassInfo* in, std::string_view name) const;
  [[nodiscard]] const Node* constant(const ClassInfo* in, std::string_view name) const;
  /// The class that `name` stands for after `use … as name`.
  [[nodiscard]] std::string resolve_class(std::string_view name) const;

  [[nodiscard]] bool is_assigned(std::string_view variable) const {
    return std::ranges::binary_search(assigned_, variable);
  }
  /// True where the file's own HTML has an input of that name.
  [[nodiscard]] bool is_form_field(std::string_view name) const { return std::ranges::binary_search(fields_, name); }
  [[nodiscard]] bool is_called(std::string_view lower_name) const {
    return std::ranges::binary_search(called_, lower_name);
  }
  [[nodiscard]] const std::vector<const FunctionInfo*>& functions_in_order() const {
    return order_;
  }
  [[nodiscard]] const std::vector<const ClassInfo*>& classes_in_order() const { return classes_; }
  [[nodiscard]] std::size_t node_count() const { return nodes_; }

 private:
  void index(const Node* node);
  void index_class(const Node* node);
  void index_assignment(const Node* target);

  std::map<std::string, FunctionInfo, std::less<>> functions_;
  std::map<std::string, ClassInfo, std::less<>> class_map_;
  std::map<std::string, std::string, std::less<>> aliases_;
  // Sorted, once a file was added.
  std::vector<std::string_view> assigned_;
  std::vector<std::string_view> fields_;
  std::vector<std::string_view> called_;
  std::vector<const FunctionInfo*> order_;
  std::vector<const ClassInfo*> classes_;
  const void* file_ = nullptr;
  std::size_t nodes_ = 0;
};

}  // namespace backscan::php::flow
