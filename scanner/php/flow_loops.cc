// Loops of the flow interpreter: two passes show what one round hands to the next.
#include <algorithm>
#include <string>
#include <vector>

#include "php/flow_interpreter.h"

namespace backscan::php::flow {

namespace {

constexpr std::uint32_t kMaxDoublePasses = 3;  // nested deeper, one pass has to do
constexpr std::string_view kEach = "[…]";      // an element of a superglobal, by foreach

}  // namespace

template <typename Body>
Ends Interpreter::run_loop(bool is_list, bool is_surely_entered, const Body& body) {
  Ends ends = Ends::kNo;
  const int passes = loops_ < kMaxDoublePasses ? 2 : 1;
  for (int pass = 0; pass < passes && !gave_up_; ++pass) {
    ++loops_;
    if (is_list) ++list_loops_;
    const State::Mark mark = state.begin_way({});
    ends = body();
    Way way = state.end_way(mark, ends);
    --loops_;
    if (is_list) --list_loops_;
    const bool has_changed = !way.changed.empty();
    loop_guards_ = way.guards;
    way.guards.clear();  // nobody says that the loop ran
    std::vector<Way> ways;
    ways.push_back(std::move(way));
    if (!is_surely_entered || ends >= Ends::kReturn) ways.push_back(Way{});
    state.join(ways);
    if (!has_changed) break;
  }
  return is_surely_entered && ends >= Ends::kReturn ? ends : Ends::kNo;
}

bool Interpreter::is_list_condition(const Value& value) const { return value.has(kList); }

Ends Interpreter::run_while(const Node* node) {
  const bool is_do = node->is(NodeKind::DoWhile);
  bool is_list = false;
  if (!is_do) is_list = is_list_condition(condition(node->kid(0)));
  if (exits_) return take_exit(Ends::kNo);
  const Ends ends = run_loop(is_list, is_do, [&] {
    std::vector<Guard> conditions;
    if (!is_do) {
      const Value value = condition(node->kid(0));
      if (value.implied != nullptr) state.pass(value.implied->when_true);
    }
    const Ends body_ends = run_body(node->kid(1));
    if (is_do && node->kid(0) != nullptr) (void)condition(node->kid(0));
    return body_ends;
  });
  return take_exit(ends);
}

Ends Interpreter::run_for(const Node* node) {
  const auto eval_all = [&](const Node* list) {
    bool is_list = false;
    if (list == nullptr) return is_list;
    for (const Node* kid : list->kids) {
      const Value value = condition(kid);
      is_list |= is_list_condition(value);
    }
    return is_list;
  };
  eval_all(node->kid(0));
  const bool is_list = eval_all(node->kid(1));
  const Ends ends = run_loop(is_list, false, [&] {
    eval_all(node->kid(1));
    const Ends body_ends = run_body(node->kid(3));
    eval_all(node->kid(2));
    return body_ends;
  });
  return take_exit(ends);
}

void Interpreter::bind_foreach(const Node* node, const Value& subject) {
  if (const Node* key = node->kid(1)) {
    // A key of the request is as free as a value; a key of the site's own array is its own.
    Value keys = values.holes(Value{.pieces = subject.pieces});
    if (subject.array != nullptr) {
      for (const Entry& entry : subject.array->entries) {
        keys = values.merge(keys, values.text(entry.key));
      }
    }
    assign(key, keys.pieces.empty() ? values.unknown() : keys);
  }
  if (node->kid(2) != nullptr) assign(node->kid(2), each_of(subject));
}

// An element of a superglobal is a source of its own: a check of it says nothing of its siblings
// until the loop has passed them all.
Value Interpreter::each_of(const Value& subject) {
  const Value items = items_of(subject);
  std::vector<Piece> pieces(items.pieces.begin(), items.pieces.end());
  for (Piece& piece : pieces) {
    const Source* whole = piece.source;
    if (whole == nullptr || whole->whole != nullptr ||
        superglobal_origins(whole->text.substr(1)) == 0) {
      continue;
    }
    const std::string text = std::string(whole->text) + std::string(kEach);
    piece.source = sources.intern(text, {}, whole, whole->begin, whole->end);
  }
  Value each = items;
  each.pieces = values.from(pieces).pieces;
  return each;
}

Ends Interpreter::run_foreach(const Node* node) {
  const Node* subject_node = node->kid(0);
  const Value subject = eval(subject_node);
  const bool is_list = items_of(subject).has(kList);
  const bool by_reference = node->kid(2) != nullptr && node->kid(2)->has(kByRef);
  const Ends ends = run_loop(is_list, false, [&] {
    bind_foreach(node, by_reference ? eval(subject_node) : subject);
    const Ends body_ends = run_body(node->kid(3));
    if (by_reference && node->kid(2)->is(NodeKind::Variable)) {
      const Value item = read_variable(node->kid(2)->name, node);
      const Value before = eval(subject_node);
      Value after = values.array({}, values.join(items_of(before), item), false, false);
      after.pieces = before.pieces;
      assign(subject_node, after);
    }
    return body_ends;
  });
  // A check of every element has checked them all.
  std::vector<Guard> lasting;
  for (const Guard& guard : loop_guards_) {
    if (guard.target == nullptr || !guard.target->text.ends_with(kEach)) continue;
    for (const Piece& piece : subject.pieces) {
      if (guard.target->whole == piece.source) lasting.push_back({guard.kind, piece.source});
    }
  }
  state.pass(lasting);
  return take_exit(ends);
}

}  // namespace backscan::php::flow
