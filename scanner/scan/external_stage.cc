// See external_stage.h.
#include "scan/external_stage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "scan/file_scan.h"
#include "scan/file_type.h"

namespace backscan::scan {
namespace {

using Clock = std::chrono::steady_clock;

external::YaraPlace place_of(const FileInput& input) {
  const std::size_t dot = input.name.rfind('.');
  return {.filename = std::string(input.name),
          .filepath = input.path,
          .extension = dot == std::string_view::npos ? std::string()
                                                     : ascii_lower(input.name.substr(dot)),
          .filetype = std::string(file_type(input.all_bytes)),
          .owner = input.owner};
}

}  // namespace

ExternalStage::ExternalStage(const ScanOptions& options) : options_(options) {
  if (options.external != nullptr && options.external->yara) yara_.emplace(*options.external->yara);
}

void ExternalStage::append_circumstances(const FileInput& input, std::string& to) const {
  if (options_.external == nullptr) return;
  to.append(input.all_tail).push_back('\0');
  if (options_.external->looks_at_place())
    to.append(input.path).append(1, '\0').append(input.owner).push_back('\0');
}

void ExternalStage::look(const FileInput& input, FileVerdict& verdict) {
  if (options_.external == nullptr) return;
  facts_.clear();
  if (!options_.external->hash_lists.empty()) look_by_hash(input, verdict);
  if (yara_) look_by_yara(input, verdict);
}

void ExternalStage::look_by_hash(const FileInput& input, FileVerdict& verdict) {
  if (input.all_bytes.size() != input.size_bytes) {
    if (options_.external->lists_size(input.size_bytes))
      verdict.failures.push_back(
          {Stage::kMatch, "not hashed although its size is listed: larger than --max-filesize, or "
                          "changed while it was read"});
    return;
  }
  std::array<std::string, kHashKinds.size()> digests;
  for (const external::HashList& list : options_.external->hash_lists)
    for (const HashKind kind : kHashKinds) {
      if (!list.lists_size(kind, input.size_bytes) && !list.lists_any_size(kind)) continue;
      std::string& digest = digests[index_of(kind)];
      if (digest.empty()) digest = digest_of(kind, input.all_bytes);
      const auto name = list.find(kind, digest, input.size_bytes);
      if (!name) continue;
      facts_.push_back({.sink = std::string(kHashNames[index_of(kind)]),
                        .source = to_utf8(*name)});
      verdict.external.push_back({.rule = &list.rule(), .match = {.fact = &facts_.back()}});
      break;
    }
}

void ExternalStage::tell_troubles(const external::YaraVerdict& seen, FileVerdict& verdict) const {
  if (seen.is_out_of_time)
    verdict.failures.push_back({Stage::kMatch, fmt::format("not scanned by yara: took longer than {} ms",
                                                           options_.file_time_limit.count())});
  else if (!seen.failure.empty())
    verdict.failures.push_back({Stage::kMatch, "not scanned by yara: " + seen.failure});
  for (const std::string& string : seen.limited)
    verdict.failures.push_back(
        {Stage::kMatch, fmt::format("not scanned in full by yara: too many matches of {}", string)});
}

void ExternalStage::look_by_yara(const FileInput& input, FileVerdict& verdict) {
  const Clock::time_point begin = Clock::now();
  const external::YaraRules& rules = *options_.external->yara;
  if (rules.looks_at_place()) yara_->set_place(place_of(input));
  const external::YaraVerdict& seen = yara_->scan({.bytes = input.all_bytes,
                                                   .tail = input.all_tail,
                                                   .tail_offset = input.tail_offset,
                                                   .size_bytes = input.size_bytes},
                                                  options_.file_time_limit);
  tell_troubles(seen, verdict);
  has_hit_.assign(rules.rules().size(), false);
  for (const external::YaraHit& hit : seen.hits) {
    has_hit_[hit.rule] = true;
    const bool in_tail = hit.offset >= input.all_bytes.size();
    const std::uint64_t base = in_tail ? input.tail_offset : 0;
    const auto span = [&](std::uint64_t from) {
      return Span{static_cast<Offset>(hit.offset - from),
                  static_cast<Offset>(hit.offset - from + hit.length)};
    };
    ExternalMatch match{.rule = &rules.rules()[hit.rule], .match = {}};
    if (hit.has_place) {
      match.match.place = span(0);
      match.match.excerpt_text = in_tail ? input.all_tail : input.all_bytes;
      match.match.excerpt_place = span(base);
    }
    verdict.external.push_back(match);
  }
  const auto used = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
  if (seen.failure.empty()) look_at_layers(verdict, options_.file_time_limit - used);
}

void ExternalStage::look_at_layers(FileVerdict& verdict, std::chrono::milliseconds left) {
  const external::YaraRules& rules = *options_.external->yara;
  const Clock::time_point end = Clock::now() + left;
  std::string source;
  for (std::size_t i = 0; i < verdict.layers.size(); ++i) {
    const Layer& layer = verdict.layers[i];
    // What eval runs has no open tag, and rules on PHP ask for one.
    constexpr std::string_view kTag = "<?php ";
    const std::size_t added = has_php_tag(layer.text) ? 0 : kTag.size();
    source.assign(kTag.substr(0, added)).append(layer.text);
    const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    const external::YaraVerdict& seen =
        yara_->scan({.bytes = source, .size_bytes = source.size()}, rest);
    tell_troubles(seen, verdict);
    for (const external::YaraHit& hit : seen.hits) {
      if (has_hit_[hit.rule]) continue;
      has_hit_[hit.rule] = true;
      ExternalMatch match{.rule = &rules.rules()[hit.rule],
                          .match = {.place = layer.origin,
                                    .view = ViewKind::kUnpacked,
                                    .layer = static_cast<std::uint32_t>(i + 1)}};
      if (hit.has_place) {
        // A match may begin, or even end, in the tag that stands only here.
        const auto in_layer = [added](std::uint64_t at) {
          return static_cast<Offset>(std::max<std::uint64_t>(at, added) - added);
        };
        match.match.excerpt_text = layer.text;
        match.match.excerpt_place = {in_layer(hit.offset), in_layer(hit.offset + hit.length)};
      }
      verdict.external.push_back(match);
    }
    if (!seen.failure.empty()) return;
  }
}

}  // namespace backscan::scan
