// The order of the stages and what decides each. A stage is a function here and a call in `scan`.
#include "scan/file_scan.h"

#include <fmt/format.h>
#include <algorithm>
#include <iterator>
#include <utility>

#include "model/fact_names.h"
#include "php/ast.h"
#include "php/carriers.h"
#include "php/second_reading.h"
#include "php/unpack.h"
#include "rules/triggers.h"
#include "scan/file_choice.h"

namespace backscan::scan {
namespace {

// Beyond it tokens and tree would take hundreds of megabytes; no program is written that long.
constexpr std::size_t kMaxFlowBytes = std::size_t{4} << 20;
// Views of a huge file are given back; those of ordinary ones are reused (FileReader says why).
constexpr std::size_t kMaxKeptViewBytes = std::size_t{1} << 20;
constexpr std::size_t kMaxKeptTokens = std::size_t{128} << 10;

}  // namespace

FileScanner::FileScanner(const rules::RuleSet& rules, const ScanOptions& options)
    : options_(options), matcher_(rules, options.rule_counts), external_(options), limit_(options.file_time_limit) {}

void FileScanner::begin(const FileInput& input) {
  input_ = &input;
  verdict_.triggers = {};
  verdict_.matches.clear();
  verdict_.external.clear();
  verdict_.layers.clear();
  verdict_.facts.clear();
  verdict_.failures.clear();
  verdict_.is_interesting = false;
  verdict_.is_repeatable = true;
  second_.reset();
  layer_sources_.clear();
  groups_ = 0;
  views_used_ = 0;
  const bool is_first_huge = !views_.empty() && views_.front().code.capacity() > kMaxKeptViewBytes;
  if (views_.size() > 1 || is_first_huge) views_.resize(is_first_huge ? 0 : 1);
  if (tokens_.capacity() > kMaxKeptTokens) tokens_ = {};
  matcher_.begin(input.relative_path, input.size_bytes);
}

void FileScanner::append_circumstances(std::string& to) {
  const auto append = [&to](const auto& value) {
    to.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  append(input_->size_bytes);
  append(input_->tail_offset);
  append(input_->place);
  append(input_->tail.size());
  to.append(input_->tail).append(input_->name).push_back('\0');
  matcher_.append_path_signature(to);
  external_.append_circumstances(*input_, to);
}

const FileVerdict& FileScanner::scan() {
  limit_ = CpuLimit(options_.file_time_limit);
  const rules::Signs signs = scan_raw();
  add_carrier_facts();
  verdict_.facts.insert(verdict_.facts.end(), input_->known_facts.begin(), input_->known_facts.end());
  if (rules::stages_of(signs).php_tag && !is_prose(input_->name, input_->bytes)) scan_php(signs);
  judge();
  external_.look(*input_, verdict_);
  if (!verdict_.failures.empty()) verdict_.is_repeatable = false;
  return verdict_;
}

const FileVerdict& FileScanner::judge_unread(std::vector<Fact> facts) {
  verdict_.facts = std::move(facts);
  judge();
  return verdict_;
}

rules::Signs FileScanner::scan_raw() {
  rules::Signs signs = matcher_.scan({.kind = ViewKind::kRaw, .text = input_->bytes});
  if (input_->tail.empty()) return signs;
  tail_map_.clear();
  tail_map_.add(0, input_->tail_offset);
  signs |= matcher_.scan({.kind = ViewKind::kRaw, .text = input_->tail, .map = &tail_map_});
  return signs;
}

void FileScanner::scan_php(rules::Signs signs) {
  signs |= scan_views(input_->bytes, 0, {});
  // Where the tags leave two readings open, both count, and the server of today unpacks.
  second_ = php::without_short_tags(input_->bytes);
  if (second_ && !is_out_of_time()) signs |= scan_views(*second_, 0, {});
  const rules::Triggers stages = stages_of(signs);
  verdict_.triggers = stages;
  verdict_.is_interesting = stages.sinks || stages.packed || matcher_.has_candidates();
  add_place_facts();
  if (stages.sinks && !is_out_of_time()) follow_flow(input_->bytes, 0, {});
  if (second_ && stages.sinks && !is_out_of_time()) follow_flow(*second_, 0, {});
  if (stages.packed && !is_out_of_time()) open_layers(second_ ? *second_ : input_->bytes);
  parsed_.reset();
}

rules::Triggers FileScanner::stages_of(rules::Signs signs) const {
  if (!options_.use_triggers) return {.php_tag = true, .sinks = true, .packed = true};
  return rules::stages_of(signs);
}

void FileScanner::add_carrier_facts() {
  for (Fact& fact : php::carrier_facts(input_->relative_path, input_->bytes, input_->tail,
                                       input_->tail_offset)) {
    verdict_.facts.push_back(std::move(fact));
  }
}

void FileScanner::add_place_facts() {
  PlaceMarks place = input_->place;
  if (verdict_.is_interesting && input_->is_newer_than_neighbours &&
      input_->is_newer_than_neighbours()) {
    place |= kNewerThanNeighbours;
    verdict_.is_repeatable = false;
  }
  for (Fact& fact : place_facts(place, input_->bytes)) verdict_.facts.push_back(std::move(fact));
}

rules::Signs FileScanner::scan_views(std::string_view source, std::uint32_t layer, Span origin) {
  if (views_used_ == views_.size()) views_.emplace_back();
  php::CodeViews& views = views_[views_used_++];
  php::build_views(source, php::LexOptions{}, views);
  return matcher_.scan({.kind = ViewKind::kCode, .text = views.code, .map = &views.code_map}, layer,
                       origin) |
         matcher_.scan({.kind = ViewKind::kText, .text = views.text, .map = &views.text_map}, layer,
                       origin);
}

void FileScanner::open_layers(std::string_view bytes) {
  php::Unpacked unpacked =
      php::unpack(bytes, input_->name, options_.unpack, std::exchange(parsed_, std::nullopt));
  std::ranges::move(unpacked.facts, std::back_inserter(verdict_.facts));
  verdict_.layers = std::move(unpacked.layers);
  for (std::size_t i = 0; i < verdict_.layers.size() && !is_out_of_time(); ++i) {
    const Layer& layer = verdict_.layers[i];
    const auto number = static_cast<std::uint32_t>(i + 1);
    matcher_.scan({.kind = ViewKind::kUnpacked, .text = layer.text}, number, layer.origin);
    // What eval runs has no open tag; what a file holds has.
    const std::string& source =
        layer_sources_.emplace_back(has_php_tag(layer.text) ? layer.text : "<?php " + layer.text);
    const rules::Signs signs = scan_views(source, number, layer.origin);
    if (stages_of(signs | rules::kSignTag).sinks) follow_flow(source, number, layer.origin);
  }
}

void FileScanner::follow_flow(std::string_view source, std::uint32_t layer, Span origin) {
  parsed_.reset();
  if (source.size() > kMaxFlowBytes) {
    verdict_.facts.push_back({.name = find_fact_name("flow.gave-up"), .layer = layer});
    return;
  }
  php::lex(source, {}, tokens_);
  parsed_ = php::parse(source, tokens_);
  const php::IncludeReader reader = [this](std::string_view path) {
    // Neighbours are no part of the memo's key.
    verdict_.is_repeatable = false;
    return input_->include_reader ? input_->include_reader(path) : std::nullopt;
  };
  std::uint32_t last_group = groups_;
  for (Fact& fact : php::mail_flow(source, *parsed_, {}, reader)) {
    if (fact.group != 0) fact.group += groups_;
    last_group = std::max(last_group, fact.group);
    fact.layer = layer;
    if (layer != 0) {
      fact.place = origin;
      for (TraceStep& step : fact.trace) step.offset = origin.begin;
    }
    verdict_.facts.push_back(std::move(fact));
  }
  groups_ = last_group;
}

bool FileScanner::is_out_of_time() {
  if (!limit_.is_over()) return false;
  verdict_.failures.push_back(
      {Stage::kMatch, fmt::format("not scanned in full: took longer than {} ms",
                                  options_.file_time_limit.count())});
  return true;
}

void FileScanner::judge() {
  matcher_.add_facts(verdict_.facts);
  const Result<void> finished = matcher_.finish(verdict_.matches);
  if (!finished) verdict_.failures.push_back({Stage::kMatch, finished.error().reason});
}

}  // namespace backscan::scan
