// Where text becomes code: eval, assert, create_function, include. Each opens a layer, which is then
// parsed and run in the scope of its caller, as PHP does.
#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "php/eval_evaluator.h"
#include "php/unpack_readable.h"

namespace backscan::php::eval {

// Parsed texts stay in memory to the end: bounds what trees they may add up to, about 60 MB.
constexpr std::size_t kMinNodes = 1000;

Span Evaluator::place_on_disk(const Node* site) const {
  const Unit& unit = *frame_->unit;
  if (unit.layer != 0) return unit.origin;
  return site == nullptr ? Span{} : Span{site->begin, site->end};
}

std::uint32_t Evaluator::line_of(const Node& node) {
  Unit& unit = *frame_->unit;
  if (unit.line_starts.empty()) {
    unit.line_starts.push_back(0);
    for (std::size_t i = 0; i < unit.source.size(); ++i)
      if (unit.source[i] == '\n') unit.line_starts.push_back(static_cast<Offset>(i + 1));
  }
  const auto it = std::ranges::upper_bound(unit.line_starts, node.begin);
  return static_cast<std::uint32_t>(it - unit.line_starts.begin());
}

Unit* Evaluator::unit_of(std::string text, std::string file, const Unit& parent, std::uint32_t layer,
                         Span origin) {
  auto made = std::make_unique<Unit>();
  Unit& unit = *made;
  unit.owned = std::move(text);
  unit.source = unit.owned;
  unit.file = std::move(file);
  unit.layer = layer;
  unit.depth = parent.depth + 1;
  unit.origin = origin;
  units_.push_back(std::move(made));
  budget_.bytes(unit.source.size() * 8);
  if (nodes_left_ < kMinNodes || budget_.is_spent()) return nullptr;
  tokenise(unit.source);
  const auto most = static_cast<std::uint32_t>(nodes_left_);
  unit.tree = parse(unit.source, tokens_, {.max_nodes = most});
  nodes_left_ -= std::min<std::size_t>(nodes_left_, unit.tree.size());
  unit.statements = Marks{unit.source.size()};
  unit.calls = Marks{unit.source.size()};
  return &unit;
}

Value Evaluator::tell_too_deep() {
  layers_.add_fact("unpack.gave-up", {}, 0, "", "layers nested too deeply");
  return Why::kBudget;
}

bool Evaluator::is_too_deep(const Unit& parent) {
  if (parent.depth < budget_.limits().max_depth) return false;
  tell_too_deep();
  return true;
}

Value Evaluator::run_unit(Unit& unit) {
  const Nesting nesting{*this};
  if (unit.tree.root() == nullptr || abrupt_ != Flow::kNormal) return {};
  // The same text may run inside itself without being a new layer.
  if (open_layers_ >= budget_.limits().max_depth) return tell_too_deep();
  Frame frame{.scope = frame_->scope,
              .unit = &unit,
              .function = frame_->function,
              .type = frame_->type,
              .called = frame_->called,
              .self = frame_->self};
  Frame* const caller = std::exchange(frame_, &frame);
  ++open_layers_;
  const Flow flow = run_all(*unit.tree.root());
  --open_layers_;
  frame_ = caller;
  if (flow == Flow::kExit || flow == Flow::kThrow || flow == Flow::kStop) abrupt_ = flow;
  return frame.result;
}

Value Evaluator::open_and_run(std::string_view sink, std::string text, const Value& code,
                              const Node* site, bool is_include) {
  const StringData* source = code.string();
  const Provenance provenance = source == nullptr ? Provenance{} : source->provenance;
  const Unit& parent = *frame_->unit;
  const Span origin = parent.layer != 0                 ? parent.origin
                      : provenance.origin == Span{}     ? place_on_disk(site)
                                                        : provenance.origin;
  if (const auto it = units_by_text_.find(text); it != units_by_text_.end()) return run_unit(*it->second);
  if (text == units_.front()->source) return {};  // the file includes itself
  if (is_too_deep(parent)) return Why::kBudget;
  const std::uint32_t layer = layers_.open(text, steps_of(sink, provenance), origin, parent);
  if (layer == 0) return Why::kBudget;
  std::string file = parent.file;
  if (!is_include && site != nullptr)
    file = fmt::format("{}({}) : eval()'d code", parent.file, line_of(*site));
  Unit* unit = unit_of(text, std::move(file), parent, layer, origin);
  if (unit == nullptr) return Why::kBudget;
  units_by_text_.emplace(std::move(text), unit);
  return run_unit(*unit);
}

Value Evaluator::run_code(std::string_view sink, const Value& code, const Node* site) {
  const Value& v = code.target();
  if (abrupt_ != Flow::kNormal) return {};
  if (const Unknown* unknown = v.unknown()) {
    if (unknown->had_data)
      layers_.add_fact("unpack.gave-up", place_on_disk(site), frame_->unit->layer,
                       std::string{sink} + "()", std::string{describe(unknown->why)});
    return v;
  }
  const std::string_view text = v.bytes();
  if (trim(text).empty()) return {};
  // A layer is shown and scanned as a file of its own: it starts outside PHP.
  std::string as_file;
  if (trim(text).starts_with("?>"))
    as_file = text.substr(text.find("?>") + 2);
  else
    as_file = "<?php " + std::string{text};
  return open_and_run(sink, std::move(as_file), v, site, false);
}

Value Evaluator::run_file(std::string_view sink, const Value& content, const Node* site) {
  const Value& v = content.target();
  if (v.bytes().empty() || abrupt_ != Flow::kNormal) return {};
  return open_and_run(sink, std::string{v.bytes()}, v, site, true);
}

Value Evaluator::include(std::string_view sink, const Value& path, const Node* site) {
  const Value& v = path.target();
  if (!v.is_string() || abrupt_ != Flow::kNormal) return Why::kFile;
  if (files_.is_self(v.bytes())) return {};
  const Value content = files_.read(heap_, v.bytes());
  if (!content.is_string()) return content;
  return run_file(sink, content, site);
}

std::string Evaluator::name_anonymous_function() {
  return fmt::format("__lambda_{}", ++anonymous_functions_);
}

void Evaluator::echo(const Value& text) {
  const Value& v = text.target();
  if (abrupt_ != Flow::kNormal) return;
  if (v.is_unknown()) {
    output_.write_unknown();
    return;
  }
  if (v.is_string()) {
    budget_.bytes(v.bytes().size());
    note_decoded(v, nullptr);
    output_.write(v.bytes(), v.string()->provenance, heap_.max_value_bytes());
  } else {
    output_.write(to_text(v), {}, heap_.max_value_bytes());
  }
}

void Evaluator::end_buffer(bool writes_on, const Node* site) {
  auto buffer = output_.end();
  if (!buffer) return;
  Value text = buffer->is_known ? heap_.string(std::move(buffer->text), buffer->provenance)
                                : Value{Why::kUnsupported};
  if (!buffer->callback.is_null()) {
    Value changed = call(buffer->callback, {text, Value{std::int64_t{8}}}, site);
    if (!changed.is_unknown()) text = std::move(changed);
  }
  if (writes_on) echo(text);
}

void Evaluator::note_self_reading(const Node* site) {
  layers_.add_fact("unpack.self-reading", place_on_disk(site), frame_->unit->layer, "",
                   "the file reads itself");
}

void Evaluator::add_shutdown(Value callable, Arguments arguments) {
  constexpr std::size_t kMost = 64;
  if (shutdown_.size() < kMost) shutdown_.emplace_back(std::move(callable), std::move(arguments));
}

}  // namespace backscan::php::eval
