// The walk of flow_suspects.h over statements and expressions: where data goes.
#include "php/flow_suspects.h"

#include <algorithm>
#include <cstring>

namespace backscan::php::flow {

namespace {

constexpr std::size_t kFirstNameSlots = 1024;

// The first and the last bytes of a name; all of one that has up to 16.
struct NameWords {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  bool operator==(const NameWords&) const = default;
};

template <typename Word>
std::uint64_t word_at(const char* bytes) {
  Word word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

NameWords name_words(std::string_view text) {
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  if (text.size() >= 8) return {word_at<std::uint64_t>(begin), word_at<std::uint64_t>(end - 8)};
  if (text.size() >= 4) return {word_at<std::uint32_t>(begin), word_at<std::uint32_t>(end - 4)};
  NameWords words;
  for (const char c : text) words.head = words.head << 8U | static_cast<unsigned char>(c);
  return words;
}

bool is_same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  return a.size() <= 16 ? name_words(a) == name_words(b) : a == b;
}

std::uint32_t name_hash(std::string_view text) {
  const NameWords words = name_words(text);
  const std::uint64_t mixed = (words.head ^ (words.tail * 0x9E3779B97F4A7C15U)) + text.size();
  return static_cast<std::uint32_t>((mixed * 0xD6E8FEB86659FD93U) >> 32U);
}

}  // namespace

void Suspects::grow_names() {
  const std::vector<Slot> before = std::move(name_slots_);
  name_slots_.assign(std::max(kFirstNameSlots, before.size() * 2), {});
  const std::size_t mask = name_slots_.size() - 1;
  for (const Slot& slot : before) {
    if (slot.name == 0) continue;
    std::size_t at = slot.hash & mask;
    while (name_slots_[at].name != 0) at = (at + 1) & mask;
    name_slots_[at] = slot;
  }
}

std::size_t Suspects::slot_of(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = name_slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; name_slots_[at].name != 0; at = (at + 1) & mask) {
    const Slot& slot = name_slots_[at];
    if (slot.hash == hash && is_same_name(names_[slot.name].text, text)) break;
  }
  return at;
}

Suspects::Name Suspects::known_name(std::string_view text) const {
  if (name_slots_.empty() || text.empty()) return 0;
  return name_slots_[slot_of(text, name_hash(text))].name;
}

Suspects::Name Suspects::name_of(std::string_view text) {
  if (names_.size() * 2 >= name_slots_.size()) grow_names();
  const std::uint32_t hash = name_hash(text);
  Slot& slot = name_slots_[slot_of(text, hash)];
  if (slot.name == 0) {
    slot = {hash, static_cast<Name>(names_.size())};
    names_.push_back(NameInfo{.text = text});
  }
  return slot.name;
}

Model Suspects::model_of(Name name) {
  if (names_[name].model == Model::kUnread) {
    names_[name].model = model_of_function(names_[name].text);
  }
  return names_[name].model;
}

void Suspects::look(const Node* root, const IncludeReader& reader) {
  graph_.expect(root->end / 24);
  number_ = graph_.make(kTaintEmpty | kTaintNumber);
  empty_ = graph_.make(kTaintEmpty);
  path_ = graph_.make(kTaintText | kTaintNameless);
  outside_ = graph_.make(kTaintForeign | kTaintNameless);
  made_ =
      graph_.make(kTaintForeign | kTaintNameless | kTaintComposed | kTaintHidden | kTaintLetters);
  request_ = graph_.make(kTaintForeign | kTaintRequest);
  any_spelled_property_ = graph_.make(0);
  any_property_ = graph_.make(0);
  any_spelled_element_ = graph_.make(0);
  any_element_ = graph_.make(0);
  own_object_ = graph_.make(kTaintEmpty | kTaintOwn);
  this_ = graph_.make(kTaintEmpty | kTaintOwn | kTaintNameless);
  all_properties_ = graph_.make(0);
  any_constant_ = graph_.make(0);
  closure_args_ = graph_.make(0);
  closure_results_ = graph_.make(0);
  function_args_ = graph_.make(0);
  function_results_ = graph_.make(0);
  shared_params_ = graph_.make(0);
  visit_all(root->kids);
  const bool has_sinks = !sinks_.empty() || !writes_.empty() || has_curl_ || has_senders_ ||
                         !replaces_.empty() || !includes_.empty();
  if (has_any_ || !has_sinks) return;
  for (const auto& [name, instance] : instances_) {
    if (names_[name].is_class) graph_.mark(instance, kTaintOwn);
  }
  link_calls();
  judge_literals();
  link_dynamic(false);
  judge_variables();
  const auto passes_name = [this](Name name) { return passes(name); };
  graph_.spread(passes_name);
  const bool is_any_called = std::ranges::any_of(sinks_, [this](const Sink& sink) {
    return (sink.bits & kTaintFunction) != 0 && (graph_.bits(sink.place) & kTaintComposed) != 0;
  });
  if (is_any_called) {
    link_dynamic(true);
    graph_.spread(passes_name);
  }
  judge_includes(reader);
  if (!has_any_) judge_sinks();
}

bool has_suspects(const Node* root, const IncludeReader& reader) {
  Suspects suspects;
  suspects.look(root, reader);
  return suspects.any();
}

void Suspects::visit_all(std::span<const Node* const> nodes) {
  for (const Node* node : nodes) (void)visit(node);
}

Place Suspects::either(Place a, Place b) {
  if (a == kNowhere || a == b) return b;
  if (b == kNowhere) return a;
  const Place both = graph_.make(0);
  graph_.connect(a, both);
  graph_.connect(b, both);
  return both;
}

// Where one of the ways is a value of which nothing is known, that stays so.
Place Suspects::choice(Place a, Place b) {
  if (a == b) return a;
  if (a != kNowhere && b != kNowhere) return either(a, b);
  const Place both = graph_.make(kTaintNameless);
  graph_.connect(a == kNowhere ? b : a, both);
  return both;
}

Place Suspects::passed(Place from, Carries carries) {
  if (from == kNowhere) return kNowhere;
  const Place to = graph_.make(0);
  graph_.connect(from, to, carries);
  return to;
}

Place Suspects::literal(const Node* node) {
  if (node->value.empty() && node->is(NodeKind::String)) return empty_;
  const Place place = graph_.make(kTaintText);
  literals_.push_back({node, place});
  return place;
}

// Whether every part may be text decides whether the whole may name a file or a function.
Place Suspects::concat(std::span<const Node* const> parts) {
  std::vector<Place> places;
  bool is_text = true;
  for (const Node* part : parts) {
    const Place place = visit(part);
    is_text &= place != kNowhere;
    if (place != kNowhere) places.push_back(place);
  }
  return joined_text(places, is_text);
}

Place Suspects::joined_text(std::span<const Place> parts, bool is_text) {
  if (parts.empty()) return is_text ? number_ : kNowhere;
  const Place whole = graph_.make(0);
  for (const Place part : parts) graph_.connect(part, whole, Carries::kParts);
  if (is_text)
    graph_.compose(parts, whole);
  else
    graph_.mark(whole, kTaintNameless);
  return whole;
}

}  // namespace backscan::php::flow
