// Merging what was seen at one sink, and the order in which facts are told.
#include "php/sinks_report.h"

#include <algorithm>
#include <set>

#include "php/sinks_facts.h"

namespace backscan::php::flow {

VisitId Report::open(const Node* node, Span place, std::uint64_t context, SinkKind kind,
                     std::string_view sink, std::uint32_t guards) {
  const auto known = index_.find({node, context});
  if (known != index_.end()) {
    visits_[known->second].guards &= guards;  // a way that skips a guard undoes it
    return known->second;
  }
  std::size_t& contexts = contexts_[node];
  if (contexts >= kMaxContexts) {
    const auto last = std::ranges::find_if(visits_, [&](const Visit& v) { return v.node == node; });
    last->guards &= guards;
    return static_cast<VisitId>(last - visits_.begin());
  }
  ++contexts;
  const auto id = static_cast<VisitId>(visits_.size());
  Visit visit;
  visit.node = node;
  visit.place = place;
  visit.context = context;
  visit.kind = kind;
  visit.sink = std::string(sink);
  visit.guards = guards;
  visits_.push_back(std::move(visit));
  values_.charge(sizeof(Visit));
  index_.emplace(std::pair{node, context}, id);
  return id;
}

void Report::add_role(VisitId id, Role role, const Value& value) {
  Value& known = visits_[id].roles[static_cast<std::size_t>(role)];
  known = values_.merge(known, value);
}

void Report::add_file_fact(std::string_view name, Span place) {
  const auto is_same = [&](const FileFact& fact) { return fact.name == name; };
  if (std::ranges::none_of(file_facts_, is_same)) file_facts_.push_back({name, place});
}

bool Report::has_visits_besides_mail() const {
  return std::ranges::any_of(visits_, [](const Visit& visit) { return !is_mail(visit.kind); });
}

namespace {

std::string shape_of(const Visit& visit, const std::vector<Fact>& facts) {
  std::string shape = std::to_string(visit.place.begin);
  for (const Fact& fact : facts)
    shape.append(" ").append(fact.name).append("=").append(fact.source);
  return shape;
}

}  // namespace

std::vector<Fact> Report::facts(std::string_view source, std::uint32_t max_trace) const {
  std::vector<const Visit*> order;
  order.reserve(visits_.size());
  for (const Visit& visit : visits_) order.push_back(&visit);
  std::ranges::stable_sort(order, {}, [](const Visit* visit) { return visit->place.begin; });

  std::vector<Fact> all;
  for (const FileFact& fact : file_facts_) {
    all.push_back(Fact{.name = find_fact_name(fact.name), .place = fact.place});
  }
  const auto runs_request = [](const Visit& visit) {
    const Value& code = visit.roles[static_cast<std::size_t>(Role::kCode)];
    return visit.kind == SinkKind::kCode && std::ranges::any_of(code.pieces, is_chosen);
  };
  const auto code = std::ranges::find_if(visits_, runs_request);
  const bool sends = std::ranges::any_of(visits_, [](const Visit& v) { return is_mail(v.kind); });
  if (sends && code != visits_.end()) {
    all.push_back(Fact{.name = find_fact_name("mail.code-from-request"), .place = code->place});
  }
  std::set<std::string> shapes;  // callers that say the same of a sink say it once
  std::uint32_t group = 0;
  for (const Visit* visit : order) {
    std::vector<Fact> facts = facts_of(*visit, source, max_trace);
    if (facts.empty() || !shapes.insert(shape_of(*visit, facts)).second) continue;
    ++group;
    for (Fact& fact : facts) {
      fact.group = group;
      all.push_back(std::move(fact));
    }
  }
  return all;
}

}  // namespace backscan::php::flow
