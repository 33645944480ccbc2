// Lets bits run along the edges of the taint graph until nothing changes.
#include "php/flow_taint.h"

#include <algorithm>
#include <array>

namespace backscan::php::flow {

namespace {

constexpr unsigned kCarriesBits = 4;

constexpr std::uint32_t kTaintData =
    kTaintForeign | kTaintRequest | kTaintUndefined | kTaintNameless;

std::uint32_t carried_text(std::uint32_t bits, Carries carries) {
  constexpr std::uint32_t kParts = kTaintData | kTaintRemote | kTaintCode | kTaintHidden |
                                   kTaintMailWord | kTaintRecipient | kTaintEvalFlag |
                                   kTaintLetters;
  const auto where = [bits](int any, int what) {
    return static_cast<std::uint32_t>((bits & any) != 0 ? what : 0);
  };
  switch (carries) {
    case Carries::kParts:
      return bits & kParts;
    case Carries::kData:
      return bits & kTaintData;
    case Carries::kSafe:
      return bits & (kTaintData & ~kTaintTelling);
    case Carries::kOtherText:
      return (bits & kParts) | where(kTaintSpelled, kTaintComposed);
    case Carries::kContents:
      return where(kTaintOutside | kTaintRemote, kTaintForeign) |
             where(kTaintOutside, kTaintRequest);
    case Carries::kDecoded:
      return (bits & (kTaintData | kTaintRecipient | kTaintLetters)) |
             where(kTaintSpelled, kTaintHidden | kTaintComposed);
    case Carries::kMade:
      return (bits & kTaintData) |
             where(kTaintSpelled, kTaintHidden | kTaintComposed | kTaintLetters);
    default:
      return bits;
  }
}

}  // namespace

TaintGraph::Bits TaintGraph::carried(Bits bits, Carries carries) {
  const Bits any = bits & kMask;
  const Bits own = bits >> kOwnShift & kMask;
  const Bits rest = bits >> kRestShift;
  switch (carries) {
    case Carries::kAll:
      return bits;
    case Carries::kItem:
      return any | rest << kRestShift;
    case Carries::kUnnamed:
      return any | (own | rest) << kRestShift;
    case Carries::kRest:
      return itself(rest | (own & (kTaintData | kTaintFile | kTaintOwn))) | rest << kRestShift;
    case Carries::kElements:
      return itself(any) | rest << kRestShift;
    default:
      return itself(carried_text(static_cast<std::uint32_t>(any), carries));
  }
}

void TaintGraph::compose(std::span<const Place> parts, Place whole) {
  compositions_.push_back({static_cast<std::uint32_t>(parts_.size()),
                           static_cast<std::uint32_t>(parts.size()), whole, false});
  parts_.insert(parts_.end(), parts.begin(), parts.end());
}

void TaintGraph::combine(std::span<const Place> parts, Place whole) {
  compose(parts, whole);
  compositions_.back().is_bits = true;
}

void TaintGraph::arrange() {
  first_edge_.assign(bits_.size() + 1, 0);
  for (const Edge& edge : edges_) ++first_edge_[edge.from + 1];
  for (std::size_t i = 1; i < first_edge_.size(); ++i) first_edge_[i] += first_edge_[i - 1];
  sorted_edges_.resize(edges_.size());
  std::vector<std::uint32_t> next(first_edge_.begin(), first_edge_.end() - 1);
  for (const Edge& edge : edges_) {
    sorted_edges_[next[edge.from]++] =
        edge.to << kCarriesBits | static_cast<std::uint32_t>(edge.carries);
  }
  // In the order of the source first, for most data goes that way.
  for (Place place = 1; place < bits_.size(); ++place) {
    if (bits_[place] != 0) hand_on(place, place);
  }
}

/// Tells whatever `from` leads to; those behind `known` will be looked at anyway.
void TaintGraph::hand_on(Place from, Place known) {
  const Bits bits = bits_[from];
  for (std::uint32_t i = first_edge_[from]; i < first_edge_[from + 1]; ++i) {
    const Place to = sorted_edges_[i] >> kCarriesBits;
    const auto carries = static_cast<Carries>(sorted_edges_[i] & ((1U << kCarriesBits) - 1));
    const Bits news = carried(bits, carries) & ~bits_[to];
    if (news == 0) continue;
    bits_[to] |= news;
    if (to < known) waiting_.push_back(to);
  }
}

void TaintGraph::run() {
  while (!waiting_.empty()) {
    const Place from = waiting_.back();
    waiting_.pop_back();
    hand_on(from, static_cast<Place>(bits_.size()));
  }
}

// Of several texts another is made; where all but one are nothing, that one is all there is.
bool TaintGraph::close_compositions() {
  bool is_changed = false;
  for (const Composition& composition : compositions_) {
    std::uint32_t texts = 0;
    std::uint32_t spelled = 0;
    bool is_text = true;
    for (std::uint32_t i = 0; i < composition.count && is_text; ++i) {
      const auto bits = static_cast<std::uint32_t>(bits_[parts_[composition.first + i]]);
      const int wanted = composition.is_bits ? int{kTaintSpelled} : kTaintSpelled | kTaintEmpty;
      is_text = (bits & wanted) != 0;
      if ((bits & (kTaintSpelled | kTaintNumber)) != 0) ++texts;
      spelled |= bits & kTaintSpelled;
    }
    if (!is_text || spelled == 0) continue;
    constexpr std::uint32_t kPacked = kTaintForeign | kTaintHidden | kTaintComposed | kTaintLetters;
    const Bits bits = itself(composition.is_bits ? std::uint32_t{kPacked}
                             : texts > 1         ? std::uint32_t{kTaintComposed}
                                                 : spelled);
    if ((bits & ~bits_[composition.whole]) == 0) continue;
    add(composition.whole, bits);
    is_changed = true;
  }
  return is_changed;
}

}  // namespace backscan::php::flow
