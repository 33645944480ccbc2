// `rules explain` as text and as JSON.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/rules_explain_report.h"
#include "scan/line_index.h"

namespace backscan::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxRules = 8;  // that did not fire; JSON has them all

std::vector<std::string> stages_of(const Readings& readings) {
  const rules::Triggers& triggers = readings.verdict().triggers;
  std::vector<std::string> stages = {"raw"};
  if (triggers.php_tag) stages.insert(stages.end(), {"code", "text"});
  if (triggers.php_tag && triggers.sinks) stages.emplace_back("flow");
  if (triggers.php_tag && triggers.packed) stages.emplace_back("unpacked");
  return stages;
}

std::string name_of_reading(const Reading& reading) {
  std::string name{name_of(reading.view.kind)};
  if (reading.layer != 0) name += fmt::format(" of layer {}", reading.layer);
  return name;
}

std::string text_of(const Fact& fact) {
  std::string out{fact.name};
  if (!fact.sink.empty()) out += " " + fact.sink;
  if (!fact.source.empty()) out += " from " + fact.source;
  if (fact.layer != 0) out += fmt::format(", in layer {}", fact.layer);
  return escape_controls(out);
}

std::string lines_of(const std::vector<Span>& places, const scan::LineIndex& lines) {
  std::string out;
  std::size_t last = 0;
  for (const Span& place : places) {
    const std::size_t line = lines.position(place.begin).line;
    if (line != last) out += fmt::format("{}{}", out.empty() ? "" : ", ", line);
    last = line;
  }
  return out;
}

void print_condition(const Explanation& one, const scan::LineIndex& lines, std::size_t indent,
                     std::ostream& out) {
  out << fmt::format("{:{}}{}  {}", "", indent, one.holds ? "yes" : "no ", escape_controls(one.what));
  if (!one.why.empty()) out << " (" << truncate_utf8(escape_controls(one.why), 160) << ')';
  if (!one.places.empty()) out << " line " << lines_of(one.places, lines);
  out << '\n';
  for (const Explanation& child : one.children) print_condition(child, lines, indent + 2, out);
}

Json condition_json(const Explanation& one, const scan::LineIndex& lines) {
  Json out = {{"holds", one.holds}, {"condition", to_utf8(one.what)}, {"why", to_utf8(one.why)}};
  auto places = Json::array();
  for (const Span& place : one.places) {
    const Position at = lines.position(place.begin);
    places.push_back({{"line", at.line}, {"column", at.column}});
  }
  out["places"] = std::move(places);
  out["children"] = Json::array();
  for (const Explanation& child : one.children)
    out["children"].push_back(condition_json(child, lines));
  return out;
}

void print_fired(const Explained& explained, std::ostream& out) {
  for (const bool is_here : {true, false}) {
    bool is_first = true;
    for (const Explained::Fired& fired : explained.fired) {
      if (fired.is_here != is_here) continue;
      if (std::exchange(is_first, false))
        out << (is_here && explained.line != 0 ? "fired here\n" : is_here ? "fired\n" : "fired elsewhere\n");
      out << fmt::format("  {} ({}){}\n", fired.rule, fired.severity,
                         fired.line == 0 ? ", about the file as a whole"
                                         : fmt::format(", line {}", fired.line));
    }
    if (is_here && is_first) out << "nothing fired here\n";
  }
}

}  // namespace

void print_explained(const Explained& explained, std::ostream& out) {
  const Readings& readings = *explained.readings;
  const scan::LineIndex lines(readings.input().bytes);
  out << escape_controls(explained.path);
  if (explained.line != 0) out << ':' << explained.line;
  out << fmt::format("\nopened: {}; {} layers unpacked\n", fmt::join(stages_of(readings), ", "),
                     readings.verdict().layers.size());
  if (!explained.seen.empty()) out << "read as\n";
  for (const Explained::Seen& seen : explained.seen)
    out << fmt::format("  {}: {}\n", name_of_reading(*seen.reading), seen.text);
  if (!explained.facts.empty()) out << "facts\n";
  for (const Fact* fact : explained.facts)
    out << "  " << text_of(*fact) << (fact->place == Span{} ? " (the file as a whole)" : "") << '\n';
  print_fired(explained, out);
  for (const bool has_fired : {true, false}) {
    std::size_t told = 0;
    for (const Explained::Silent& rule : explained.judged) {
      if (rule.has_fired != has_fired) continue;
      if (told++ == 0) out << (has_fired ? "why they fired\n" : "did not fire, nearest first\n");
      if (told > kMaxRules) continue;
      out << "  " << rule.rule << '\n';
      print_condition(rule.when, lines, 4, out);
    }
    if (told > kMaxRules)
      out << fmt::format("  and {} more: ask with --rule ID or --json\n", told - kMaxRules);
  }
}

void print_explained_json(const Explained& explained, std::ostream& out) {
  const Readings& readings = *explained.readings;
  const scan::LineIndex lines(readings.input().bytes);
  Json document = {{"schema_version", 1},
                   {"path", to_utf8(explained.path)},
                   {"line", explained.line == 0 ? Json() : Json(explained.line)},
                   {"opened", stages_of(readings)},
                   {"layers", readings.verdict().layers.size()},
                   {"seen", Json::array()},
                   {"facts", Json::array()},
                   {"fired", Json::array()},
                   {"judged", Json::array()}};
  for (const Explained::Seen& seen : explained.seen)
    document["seen"].push_back({{"view", name_of(seen.reading->view.kind)},
                                {"layer", seen.reading->layer},
                                {"text", seen.text}});
  for (const Fact* fact : explained.facts)
    document["facts"].push_back({{"fact", fact->name},
                                 {"line", fact->place == Span{} ? Json() : Json(lines.position(fact->place.begin).line)},
                                 {"group", fact->group},
                                 {"layer", fact->layer},
                                 {"sink", to_utf8(fact->sink)},
                                 {"source", to_utf8(fact->source)}});
  for (const Explained::Fired& fired : explained.fired)
    document["fired"].push_back({{"rule", fired.rule},
                                 {"severity", fired.severity},
                                 {"line", fired.line == 0 ? Json() : Json(fired.line)},
                                 {"here", fired.is_here}});
  for (const Explained::Silent& rule : explained.judged)
    document["judged"].push_back({{"rule", rule.rule},
                                  {"fired", rule.has_fired},
                                  {"when", condition_json(rule.when, lines)}});
  out << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace backscan::cli
