// Statements of the flow interpreter: branches, returns, and the order things run in.
#include <algorithm>

#include "base/text.h"
#include "php/flow_interpreter.h"
#include "php/sinks.h"

namespace backscan::php::flow {

namespace {

constexpr std::size_t kMaxConditions = 64;  // kept of an elseif chain

const Node* find_label(std::span<const Node* const> statements, std::string_view name,
                       std::size_t* position) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Node* node = statements[i];
    if (node != nullptr && node->is(NodeKind::Label) && node->name == name) {
      *position = i;
      return node;
    }
  }
  return nullptr;
}

void add_conditions(std::vector<Guard>& to, const Value& value, bool is_true) {
  if (value.implied == nullptr) return;
  const auto guards = is_true ? value.implied->when_true : value.implied->when_false;
  for (const Guard& guard : guards) {
    if (to.size() >= kMaxConditions) return;
    if (std::ranges::find(to, guard) == to.end()) to.push_back(guard);
  }
}

}  // namespace

// Follows goto inside one list, each label once: packers shuffle statements this way. Where a
// branch jumped and another did not, the jump is taken when the straight way ends.
Ends Interpreter::run_list(std::span<const Node* const> statements) {
  const auto jump = [&](std::string_view label, std::size_t* i) {
    std::size_t position = 0;
    const Node* target = find_label(statements, label, &position);
    if (target == nullptr || !labels_taken_.insert(target).second) return false;
    *i = position;
    return true;
  };
  Ends ends = Ends::kNo;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (gave_up_) return Ends::kNo;
    ends = run_statement(statements[i]);
    if (ends == Ends::kNo && i + 1 < statements.size()) continue;
    if (ends == Ends::kGoto && jump(goto_label_, &i)) continue;
    bool is_jumping = false;
    for (std::size_t p = 0; p < pending_gotos_.size() && !is_jumping;) {
      std::size_t position = 0;
      if (find_label(statements, pending_gotos_[p], &position) == nullptr) {
        ++p;
        continue;
      }
      const std::string_view label = pending_gotos_[p];
      pending_gotos_.erase(pending_gotos_.begin() + static_cast<std::ptrdiff_t>(p));
      is_jumping = jump(label, &i);
    }
    if (is_jumping) continue;
    if (ends >= Ends::kReturn) run_dead(statements.subspan(i + 1));
    return ends;
  }
  return ends;
}

// What stands behind an exit is looked at, too, and then forgotten: broken and edited files leave
// whole programs there.
void Interpreter::run_dead(std::span<const Node* const> statements) {
  const bool has_label = std::ranges::any_of(statements, [](const Node* node) {
    return node != nullptr && node->is(NodeKind::Label);
  });
  if (statements.empty() || has_label) return;
  const std::size_t returns = returned_.size();
  const State::Mark mark = state.begin_way({});
  for (const Node* node : statements) (void)run_statement(node);
  (void)state.end_way(mark, Ends::kExit);
  returned_.resize(returns);
  exits_ = false;
}

Ends Interpreter::run_body(const Node* node) {
  if (node == nullptr) return Ends::kNo;
  return node->is(NodeKind::Block) ? run_list(node->kids) : run_statement(node);
}

Ends Interpreter::take_exit(Ends ends) {
  if (!exits_) return ends;
  exits_ = false;
  return Ends::kExit;
}

// Goes on after branches: guards that every branch still running has passed hold from here on.
Ends Interpreter::finish_ways(std::vector<Way>& ways) {
  state.join(ways);
  Ends ends = Ends::kExit;
  for (const Way& way : ways) ends = std::min(ends, way.ends);
  for (const Way& way : ways) {
    if (way.ends == Ends::kGoto && ends != Ends::kGoto) pending_gotos_.push_back(goto_label_);
  }
  if (ends != Ends::kNo) return ends;
  std::vector<Guard> common;
  bool is_first = true;
  for (const Way& way : ways) {
    if (way.ends != Ends::kNo) continue;
    if (is_first) common = way.guards;
    std::erase_if(common, [&](const Guard& guard) {
      return std::ranges::find(way.guards, guard) == way.guards.end();
    });
    is_first = false;
  }
  state.pass(common);
  return ends;
}

Ends Interpreter::run_if(const Node* node) {
  std::vector<Way> ways;
  std::vector<Guard> negated;
  const std::size_t pairs = node->kids.size() / 2;
  for (std::size_t i = 0; i < pairs && !gave_up_; ++i) {
    const std::size_t guards = state.guards().size();
    state.pass(negated);
    const Value value = condition(node->kid(2 * i));
    state.truncate_guards(guards);
    if (exits_) return take_exit(Ends::kNo);
    std::vector<Guard> conditions = negated;
    add_conditions(conditions, value, true);
    const State::Mark mark = state.begin_way(conditions);
    const Ends ends = run_body(node->kid(2 * i + 1));
    ways.push_back(state.end_way(mark, ends));
    add_conditions(negated, value, false);
  }
  const State::Mark mark = state.begin_way(negated);
  const Ends ends = run_body(node->kid(2 * pairs));
  ways.push_back(state.end_way(mark, ends));
  return finish_ways(ways);
}

// A case that ends without break falls through: its way goes on with the next case's statements.
Ends Interpreter::run_switch(const Node* node) {
  const Value subject = condition(node->kid(0));
  std::vector<Way> ways;
  bool has_default = false;
  const auto cases = node->kids.subspan(std::min<std::size_t>(1, node->kids.size()));
  for (std::size_t i = 0; i < cases.size() && !gave_up_; ++i) {
    if (cases[i] == nullptr || !cases[i]->is(NodeKind::Case)) continue;
    std::vector<Guard> conditions;
    if (const Node* label = cases[i]->kid(0); label == nullptr) {
      has_default = true;
    } else if (const Value value = eval(label); subject.implied != nullptr) {
      add_conditions(conditions, subject, truth_of(value) != Truth::kFalse);  // switch (true)
    } else if (is_constant_text(value)) {
      for (const Piece& piece : subject.pieces) {
        if (piece.source != nullptr) conditions.push_back({GuardKind::kAllowList, piece.source});
      }
    }
    const State::Mark mark = state.begin_way(conditions);
    Ends ends = run_body(cases[i]->kid(1));
    if (ends == Ends::kNo && i + 1 < cases.size()) ends = run_body(cases[i + 1]->kid(1));
    ways.push_back(state.end_way(mark, ends == Ends::kLoopControl ? Ends::kNo : ends));
  }
  if (!has_default) ways.push_back(Way{});
  return finish_ways(ways);
}

Ends Interpreter::run_try(const Node* node) {
  std::vector<Way> ways;
  const State::Mark mark = state.begin_way({});
  const Ends ends = run_body(node->kid(0));
  const Way tried = state.end_way(mark, ends);
  ways.push_back(tried);
  const Node* last = nullptr;
  for (const Node* part : node->kids.subspan(std::min<std::size_t>(1, node->kids.size()))) {
    if (part->is(NodeKind::Finally)) {
      last = part;
      continue;
    }
    const State::Mark caught = state.begin_way({});
    for (const auto& [cell, value] : tried.changed) {  // it may have thrown at any point
      state.set(cell, values.join(state.get(cell), value));
    }
    if (!part->name.empty()) assign_variable(part->name, values.unknown());
    const Ends catch_ends = run_body(part->kid(0));
    ways.push_back(state.end_way(caught, catch_ends));
  }
  const Ends after = finish_ways(ways);
  if (last == nullptr) return after;
  const Ends finally_ends = run_body(last->kid(0));
  return std::max(after, finally_ends);
}

Ends Interpreter::run_return(const Node* node) {
  const Value value = node->kid(0) != nullptr ? condition(node->kid(0)) : Value{};
  if (exits_) return take_exit(Ends::kNo);
  const auto guards = state.guards();
  returned_.push_back({value, {guards.begin(), guards.end()}});
  return Ends::kReturn;
}

void Interpreter::run_echo(const Node* node) {
  for (const Node* kid : node->kids) {
    if (kid == nullptr) continue;
    const Value value = eval(kid);
    if (state.path_sinks.empty()) continue;
    for (const Piece& piece : value.pieces) note_redirect(*this, piece.text);
  }
}

void Interpreter::run_static(const Node* node) {
  for (const Node* kid : node->kids) {
    if (kid == nullptr) continue;
    const Node* name = kid->is(NodeKind::Assign) ? kid->kid(0) : kid;
    const Value value = kid->is(NodeKind::Assign) ? eval(kid->kid(1)) : Value{};
    if (!name->is(NodeKind::Variable)) continue;
    const void* owner = calls_.empty() ? nullptr : calls_.back().second;
    const auto [it, is_new] = statics_.try_emplace({owner, name->name}, Cell{0});
    if (is_new) it->second = state.new_cell(value);
    scope().names.assign(name->name, it->second);
  }
}

void Interpreter::run_global(const Node* node) {
  for (const Node* kid : node->kids) {
    if (kid != nullptr && kid->is(NodeKind::Variable)) {
      scope().names.assign(kid->name, global_cell(kid->name));
    }
  }
}

Ends Interpreter::run_unset(const Node* node) {
  for (const Node* kid : node->kids) {
    if (kid != nullptr && kid->is(NodeKind::Variable)) assign_variable(kid->name, Value{});
  }
  return Ends::kNo;
}

Ends Interpreter::run_statement(const Node* node) {
  if (node == nullptr || !step()) return Ends::kNo;
  switch (node->kind) {
    case NodeKind::Block: return run_list(node->kids);
    case NodeKind::ExprStmt:
      (void)eval(node->kid(0));
      return take_exit(Ends::kNo);
    case NodeKind::Echo: run_echo(node); return take_exit(Ends::kNo);
    case NodeKind::InlineHtml:
      if (!state.path_sinks.empty()) note_redirect(*this, node->value);
      return Ends::kNo;
    case NodeKind::If: return run_if(node);
    case NodeKind::While: case NodeKind::DoWhile: return run_while(node);
    case NodeKind::For: return run_for(node);
    case NodeKind::Foreach: return run_foreach(node);
    case NodeKind::Switch: return run_switch(node);
    case NodeKind::Try: return run_try(node);
    case NodeKind::Return: return run_return(node);
    case NodeKind::Break: case NodeKind::Continue: return Ends::kLoopControl;
    case NodeKind::Goto: goto_label_ = node->name; return Ends::kGoto;
    case NodeKind::Global: run_global(node); return Ends::kNo;
    case NodeKind::StaticVar: run_static(node); return Ends::kNo;
    case NodeKind::Unset: return run_unset(node);
    case NodeKind::Namespace: case NodeKind::Declare: return run_body(node->kid(0));
    case NodeKind::ConstDecl:
      define_constant(node->name, eval(node->kid(0)));
      return Ends::kNo;
    case NodeKind::HaltCompiler: return Ends::kExit;
    default: return Ends::kNo;
  }
}

}  // namespace backscan::php::flow
