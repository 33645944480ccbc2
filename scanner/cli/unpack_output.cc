// See unpack_output.h.
#include "cli/unpack_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "scan/line_index.h"

namespace backscan::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Lines are kept, everything else that moves a cursor is escaped.
void print_text(std::string_view text, const std::string& indent, std::ostream& out) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out << indent << "| " << escape_controls(line) << '\n';
    at = end + 1;
  }
}

std::string count_of(std::size_t number, std::string_view word) {
  return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

Json place_json(const scan::LineIndex& lines, const Span& place) {
  const Position begin = lines.position(place.begin);
  return {{"line", begin.line}, {"column", begin.column}, {"begin", place.begin}, {"end", place.end}};
}

Json layer_json(const UnpackedFile& file, std::size_t i, const scan::LineIndex& lines) {
  const Layer& layer = file.unpacked.layers[i];
  Json out = {{"layer", i + 1},
              {"parent", layer.parent},
              {"depth", layer.depth},
              {"steps", layer.steps},
              {"origin", place_json(lines, layer.origin)},
              {"size", layer.text.size()},
              {"text", to_utf8(layer.text)}};
  if (!is_utf8(layer.text)) out["text_base64"] = base64_encode(layer.text);
  if (i < file.written.size()) out["file"] = to_utf8(file.written[i]);
  return out;
}

std::string describe(const Fact& fact) {
  std::string out{fact.name};
  if (!fact.sink.empty()) out += " " + fact.sink;
  if (!fact.source.empty()) out += ": " + fact.source;
  return escape_controls(out);
}

}  // namespace

bool UnpackedFile::is_complete() const {
  return std::ranges::none_of(unpacked.facts,
                              [](const Fact& fact) { return fact.name == "unpack.gave-up"; });
}

void print_layers(const UnpackedFile& file, std::ostream& out) {
  const std::vector<Layer>& layers = file.unpacked.layers;
  const scan::LineIndex lines(file.source);
  out << fmt::format("{}: {}{}\n", escape_controls(file.path),
                     layers.empty() ? "nothing packed" : count_of(layers.size(), "layer"),
                     file.is_complete() ? "" : ", and something stayed closed");
  for (const Fact& fact : file.unpacked.facts)
    if (fact.name != "unpack.layer")
      out << fmt::format("  {}{}\n", describe(fact),
                         fact.place == Span{}
                             ? ""
                             : fmt::format(" (line {})", lines.position(fact.place.begin).line));
  // Depth first, so that what a layer holds stands below it.
  const auto print_below = [&](const auto& self, std::uint32_t parent) -> void {
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const Layer& layer = layers[i];
      if (layer.parent != parent) continue;
      const std::string indent(2 * std::size_t{layer.depth}, ' ');
      const Position at = lines.position(layer.origin.begin);
      out << fmt::format("{}layer {}: {}, {}, packed at {}:{}\n", indent, i + 1,
                         layer.steps.empty() ? "as it stands"
                                             : escape_controls(fmt::format("{}", fmt::join(layer.steps, " < "))),
                         count_of(layer.text.size(), "byte"), at.line, at.column);
      if (i < file.written.size())
        out << indent << "  written to " << escape_controls(file.written[i]) << '\n';
      else
        print_text(layer.text, indent + "  ", out);
      self(self, static_cast<std::uint32_t>(i + 1));
    }
  };
  print_below(print_below, 0);
}

void print_json(const UnpackedFile& file, std::ostream& out) {
  const scan::LineIndex lines(file.source);
  Json document = {{"schema_version", 1},
                   {"path", to_utf8(file.path)},
                   {"size", file.source.size()},
                   {"complete", file.is_complete()},
                   {"layers", Json::array()},
                   {"facts", Json::array()}};
  if (!is_utf8(file.path)) document["path_base64"] = base64_encode(file.path);
  for (std::size_t i = 0; i < file.unpacked.layers.size(); ++i)
    document["layers"].push_back(layer_json(file, i, lines));
  for (const Fact& fact : file.unpacked.facts)
    document["facts"].push_back({{"fact", fact.name},
                                 {"layer", fact.layer},
                                 {"place", fact.place == Span{} ? Json() : place_json(lines, fact.place)},
                                 {"sink", fact.sink},
                                 {"source", fact.source}});
  out << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace backscan::cli
