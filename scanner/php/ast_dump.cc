// The tree as an s-expression: what parser tests compare and people read. Its own file, because the
// scan never needs it.
#include <string>

#include "base/text.h"
#include "php/ast.h"

namespace backscan::php {

namespace {

std::string_view kind_name(NodeKind kind) {
  switch (kind) {
#define X(name) \
  case NodeKind::name: return #name;
    BACKSCAN_PHP_NODES(X)
#undef X
  }
  return "";
}

bool has_operator(const Node& node) {
  switch (node.kind) {
    case NodeKind::Assign: case NodeKind::Binary: case NodeKind::Unary: case NodeKind::IncDec:
    case NodeKind::Cast: case NodeKind::Include: case NodeKind::Class:
      return true;
    default: return false;
  }
}

void append(const Node* node, std::string& out) {
  if (node == nullptr) {
    out += "-";
    return;
  }
  out += "(";
  out += kind_name(node->kind);
  if (has_operator(*node)) {
    out += ' ';
    if (node->op == TokenKind::Char) out += node->op_char;
    else out += php_name(node->op);
  }
  if (node->has(kByRef)) out += " &";
  if (node->has(kNullsafe)) out += " ?";
  if (node->has(kPrefix)) out += " prefix";
  if (node->has(kVariadic)) out += " ...";
  if (node->has(kStatic)) out += " static";
  if (node->has(kPromoted)) out += " promoted";
  if (!node->name.empty()) out.append(" ").append(node->name);
  if (!node->value.empty()) out.append(" \"").append(escape_controls(node->value)).append("\"");
  for (const Node* kid : node->kids) {
    out += ' ';
    append(kid, out);
  }
  out += ')';
}

}  // namespace

std::string dump(const Node* node) {
  std::string out;
  append(node, out);
  return out;
}

}  // namespace backscan::php
