// The small syntax tree that mail flow and the unpacker walk: one uniform node, laid out by kind as
// the table below says. Uniform, because both walkers visit every kind in the same few ways.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/arena.h"
#include "model/view.h"
#include "php/token.h"

namespace backscan::php {

// kind            name                    kids (null where left out in the source)
// --------------- ----------------------- -------------------------------------------------------
// Expressions
//  String         value = decoded bytes   -              constant string, heredoc without variables
//  Int, Float     value = source text     -
//  Interpolated   -                       parts          String and expression nodes in order
//  ShellExec      -                       parts          backticks
//  Variable       name without '$'        -
//  VarVar         -                       [expr]         $$x, ${expr}
//  Const          name (source case)      -              true, null, __FILE__, FOO, Ns\FOO
//  Name           name                    -              a function or class name in a call or new
//  Index          -                       [base, index|null]
//  Prop           name or ""              [object, name-expr|null]   flag kNullsafe
//  StaticProp     name or ""              [class, name-expr|null]
//  ClassConst     name                    [class]
//  Call           lower-cased name or ""  [callee, args...]          callee: Name or expression;
//                                         no leading '\\' in name
//  MethodCall     lower-cased name or ""  [object, name-expr|null, args...]
//  StaticCall     lower-cased name or ""  [class, name-expr|null, args...]
//  New            class name or ""        [class Name|expr|Class, args...]
//  NamedArg       name                    [value]
//  Spread         -                       [value|null]   null: first-class callable f(...)
//  Array, List    -                       ArrayItem...   (null for a hole in list(,$a)); a short
//                                         list [$a, [$b]] = is a List, nested ones stay Array
//  ArrayItem      -                       [key|null, value]          flag kByRef
//  Assign         -                       [target, value]            op '=' or compound; kByRef
//  Binary         -                       [left, right, more...]     op; a chain of one operator is
//                                         flat: a . b . c is [a, b, c], applied from the left
//                                         (op ** and ?? are right-associative: always two kids)
//  Unary          -                       [operand]                  op ('!','-','+','~','@','&')
//  IncDec         -                       [operand]                  op Inc/Dec; flag kPrefix
//  Cast           -                       [operand]                  op (IntCast, ...)
//  Ternary        -                       [cond, then|null, else]
//  Coalesce is Binary with op Coalesce; Instanceof is Binary with op Instanceof
//  Isset          -                       exprs
//  Empty, Eval, Print, Clone, Throw, Yield  [expr|null]
//  Include        -                       [expr]                     op Include/IncludeOnce/...
//  Exit           -                       [expr|null]
//  Closure        -                       [Params, Uses, Body Block]   flags kStatic, kByRef
//  ArrowFn        -                       [Params, null, expr]
//  Match          -                       [subject, MatchArm...]
//  MatchArm       -                       [value, conditions...]     no condition: default
// Statements
//  Block          -                       statements     also the root of a file
//  ExprStmt       -                       [expr]
//  Echo           -                       exprs
//  InlineHtml     value = bytes           -
//  If             -                       [cond, then, cond, then, ..., else|null]  odd count
//  While, DoWhile -                       [cond, body]
//  For            -                       [init Block, cond Block, step Block, body]
//  Foreach        -                       [subject, key|null, value, body]   flag kByRef on value
//  Switch         -                       [subject, Case...]
//  Case           -                       [expr|null (default), Block]
//  Break,Continue -                       [expr|null]
//  Return         -                       [expr|null]
//  Global, StaticVar, Unset               exprs (StaticVar: Assign or Variable)
//  Try            -                       [Block, Catch..., Finally...]
//  Catch          variable name or ""     [Block];   Finally [Block]
//  Function       lower-cased name        [Params, null, Body Block|null]
//  Class          lower-cased name        [parent Name|null, members...]  op: Class/Interface/
//                                         Trait/Enum; members: Method, Property, ConstDecl, UseDecl
//  Method         lower-cased name        [Params, null, Body|null]  flags kStatic ...
//  Property       name                    [default|null]
//  ConstDecl      name                    [value]
//  Params, Uses   -                       Param...
//  Param          name                    [default|null]             flags kByRef, kVariadic,
//                                         kPromoted (a constructor's property)
//  Namespace      name                    [Block|null]
//  UseDecl        name                    -              alias in value
//  Goto, Label    name                    -
//  Declare        -                       [Block|null]
//  HaltCompiler   value = bytes after it  -
//  Error          -                       whatever could still be made of the skipped tokens
#define BACKSCAN_PHP_NODES(X) \
  X(String) X(Int) X(Float) X(Interpolated) X(ShellExec) X(Variable) X(VarVar) X(Const) X(Name) \
  X(Index) X(Prop) X(StaticProp) X(ClassConst) X(Call) X(MethodCall) X(StaticCall) X(New) \
  X(NamedArg) X(Spread) X(Array) X(List) X(ArrayItem) X(Assign) X(Binary) X(Unary) X(IncDec) \
  X(Cast) X(Ternary) X(Isset) X(Empty) X(Eval) X(Print) X(Clone) X(Throw) X(Yield) X(Include) \
  X(Exit) X(Closure) X(ArrowFn) X(Match) X(MatchArm) X(Block) X(ExprStmt) X(Echo) X(InlineHtml) \
  X(If) X(While) X(DoWhile) X(For) X(Foreach) X(Switch) X(Case) X(Break) X(Continue) X(Return) \
  X(Global) X(StaticVar) X(Unset) X(Try) X(Catch) X(Finally) X(Function) X(Class) X(Method) \
  X(Property) X(ConstDecl) X(Params) X(Uses) X(Param) X(Namespace) X(UseDecl) X(Goto) X(Label) \
  X(Declare) X(HaltCompiler) X(Error)

enum class NodeKind : std::uint8_t {
#define X(name) name,
  BACKSCAN_PHP_NODES(X)
#undef X
};

enum NodeFlag : std::uint8_t {
  kByRef = 1, kNullsafe = 2, kPrefix = 4, kVariadic = 8, kStatic = 16, kPromoted = 32,
};

struct Node {
  NodeKind kind = NodeKind::Error;
  TokenKind op = TokenKind::Char;  // the operator's token; for one-byte operators see op_char
  char op_char = 0;
  std::uint8_t flags = 0;
  Offset begin = 0;  // bytes [begin, end) of the source
  Offset end = 0;
  std::uint32_t height = 1;  // 1 for a leaf; bounded by ParseLimits, so that walkers may recurse
  std::string_view name;
  std::string_view value;
  std::span<const Node* const> kids;

  [[nodiscard]] const Node* kid(std::size_t i) const {
    return i < kids.size() ? kids[i] : nullptr;
  }
  [[nodiscard]] bool is(NodeKind k) const { return kind == k; }
  [[nodiscard]] bool has(NodeFlag f) const { return (flags & f) != 0; }
};

/// Owns the nodes and decoded strings of one file; views into the source outlive it by contract.
class SyntaxTree {
 public:
  [[nodiscard]] const Node* root() const { return root_; }
  /// True where the budget of nodes or nesting ended before the file did.
  [[nodiscard]] bool is_truncated() const { return is_truncated_; }
  /// How many nodes were made, those that nothing holds any more among them.
  [[nodiscard]] std::uint32_t size() const { return size_; }

 private:
  friend class Parser;
  std::unique_ptr<Arena> arena_ = std::make_unique<Arena>();
  const Node* root_ = nullptr;
  std::uint32_t size_ = 0;
  bool is_truncated_ = false;
};

struct ParseLimits {
  std::uint32_t max_depth = 400;    // of brackets, blocks and prefix operators; beyond: Error nodes
  std::uint32_t max_height = 1200;  // of the tree: adds chains such as $a->b()->c()
  std::uint32_t max_nodes = 1'500'000;
};

/// The tree as one s-expression, for tests and people: (Assign = (Variable a) (String "x")).
[[nodiscard]] std::string dump(const Node* node);

/// Builds the tree of a token list; tolerant: always returns a tree, in linear time. A place that
/// does not parse becomes an Error node and parsing resumes at the next statement.
[[nodiscard]] SyntaxTree parse(std::string_view source, std::span<const Token> tokens,
                               const ParseLimits& limits = {});

}  // namespace backscan::php
