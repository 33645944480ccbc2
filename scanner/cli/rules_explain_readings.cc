// See rules_explain_readings.h.
#include "cli/rules_explain_readings.h"

#include <algorithm>

#include "scan/file_choice.h"

namespace backscan::cli {

Span Reading::on_disk(const Span& place) const {
  if (layer != 0) return origin;
  if (view.map == nullptr || place.end <= place.begin) return place;
  const Offset begin = view.map->to_source(place.begin);
  return {begin, std::max(begin, view.map->to_source(place.end - 1)) + 1};
}

Readings::Readings(const scan::FileInput& input, const scan::FileVerdict& verdict)
    : input_(input), verdict_(verdict) {
  readings_.push_back({.view = {.kind = ViewKind::kPath, .text = input.relative_path}});
  readings_.push_back({.view = {.kind = ViewKind::kRaw, .text = input.bytes}});
  add_views(input.bytes, 0, {}, verdict.triggers.php_tag);
  for (std::size_t i = 0; i < verdict.layers.size(); ++i) {
    const Layer& layer = verdict.layers[i];
    const auto number = static_cast<std::uint32_t>(i + 1);
    readings_.push_back({.view = {.kind = ViewKind::kUnpacked, .text = layer.text},
                         .layer = number,
                         .origin = layer.origin});
    sources_.push_back(scan::has_php_tag(layer.text) ? layer.text : "<?php " + layer.text);
    add_views(sources_.back(), number, layer.origin, true);
  }
}

void Readings::add_views(std::string_view source, std::uint32_t layer, Span origin, bool is_open) {
  php::CodeViews& views = views_.emplace_back();
  php::build_views(source, php::LexOptions{}, views);
  readings_.push_back({.view = {.kind = ViewKind::kCode, .text = views.code, .map = &views.code_map},
                       .layer = layer,
                       .origin = origin,
                       .is_open = is_open});
  readings_.push_back({.view = {.kind = ViewKind::kText, .text = views.text, .map = &views.text_map},
                       .layer = layer,
                       .origin = origin,
                       .is_open = is_open});
}

}  // namespace backscan::cli
