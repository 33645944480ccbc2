// Concatenation, joining and marking of abstract values. All of it is bounded by the number of
// pieces a value may have, so that a loop of a million appends costs a million small steps.
#include "php/flow_value.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <vector>

namespace backscan::php::flow {

std::uint16_t Value::origins() const {
  std::uint16_t bits = 0;
  for (const Piece& piece : pieces) bits |= piece.origins;
  if (array != nullptr) {
    for (const Entry& entry : array->entries) bits |= entry.value.origins();
    bits |= array->rest.origins();
  }
  return bits;
}

std::uint16_t Value::marks() const {
  std::uint16_t bits = 0;
  for (const Piece& piece : pieces) bits |= piece.marks;
  return bits;
}

std::string_view Values::keep(std::string_view kept) {
  if (kept.empty()) return {};
  charge(kept.size());
  auto* bytes = static_cast<char*>(arena_.allocate(kept.size(), 1));
  std::memcpy(bytes, kept.data(), kept.size());
  return {bytes, kept.size()};
}

std::string_view Values::keep_joined(std::string_view head, std::string_view tail) {
  charge(head.size() + tail.size());
  auto* bytes = static_cast<char*>(arena_.allocate(head.size() + tail.size(), 1));
  std::memcpy(bytes, head.data(), head.size());
  std::memcpy(bytes + head.size(), tail.data(), tail.size());
  return {bytes, head.size() + tail.size()};
}

std::vector<Piece>& Values::scratch(std::span<const Piece> pieces) {
  scratch_.assign(pieces.begin(), pieces.end());
  return scratch_;
}

Value Values::from(std::span<const Piece> pieces) { return Value{.pieces = make_span(pieces)}; }

Value Values::text(std::string_view kept) {
  const Piece piece{.text = kept};
  return from({&piece, 1});
}

Value Values::own_text(std::string_view copied) { return text(keep(copied)); }

Value Values::hole(std::uint16_t origins, const Source* source, std::uint16_t marks) {
  const Piece piece{.source = source, .origins = origins, .marks = marks};
  return from({&piece, 1});
}

// Keeps both ends, which hold the headers and the newest text, and sums up the middle.
void Values::collapse(std::vector<Piece>& pieces) {
  if (pieces.size() <= kMaxPieces) return;
  constexpr std::size_t kEnd = kMaxPieces / 2 - 1;
  Piece middle;
  middle.safety = 0xFFFF;
  for (std::size_t i = kEnd; i < pieces.size() - kEnd; ++i) {
    const Piece& piece = pieces[i];
    if (piece.is_alternative) continue;
    middle.origins |= piece.origins;
    middle.marks |= piece.marks;
    if (piece.is_text()) continue;
    middle.safety &= piece.safety;
    if (middle.source == nullptr || (piece.has(kRequest) && !piece.has(kHeader))) {
      middle.source = piece.source != nullptr ? piece.source : middle.source;
      middle.trace = piece.trace != nullptr ? piece.trace : middle.trace;
    }
  }
  if (middle.is_text()) middle.safety = 0;
  pieces[kEnd] = middle;
  pieces.erase(pieces.begin() + kEnd + 1, pieces.end() - kEnd);
}

Value Values::concat(const Value& a_in, const Value& b_in) {
  const Value a = flat(a_in);
  const Value b = flat(b_in);
  if (a.pieces.empty()) return Value{.pieces = b.pieces};
  if (b.pieces.empty()) return Value{.pieces = a.pieces};
  std::vector<Piece>& pieces = scratch(a.pieces);
  auto rest = b.pieces;
  if (pieces.back().is_text() && rest.front().is_text()) {
    Piece& last = pieces.back();
    if (rest.front().text.empty()) {
      rest = rest.subspan(1);
    } else if (last.text.empty()) {
      pieces.pop_back();
    } else if (last.text.size() + rest.front().text.size() <= kMaxText) {
      last.text = keep_joined(last.text, rest.front().text);
      last.origins |= rest.front().origins;
      rest = rest.subspan(1);
    }
  }
  for (const Piece& piece : rest) {
    const bool is_behind_seam = !pieces.empty() && pieces.back().is_alternative;
    pieces.push_back(piece);
    if (is_behind_seam) pieces.back().marks |= kInside;
  }
  collapse(pieces);
  return from(pieces);
}

namespace {

// True where `tail` stands in `pieces` as one of its ways already.
bool has_way(std::span<const Piece> pieces, std::span<const Piece> tail) {
  if (tail.size() > pieces.size()) return false;
  return std::search(pieces.begin(), pieces.end(), tail.begin(), tail.end()) != pieces.end();
}

}  // namespace

namespace {

// True where `pieces` are many and hold the data of `tail` already, none of it from outside, if not
// its texts: without this a loop would go on to tell the same story in other words.
bool has_data(std::span<const Piece> pieces, std::span<const Piece> tail) {
  if (pieces.size() < Values::kMaxPieces / 2) return false;
  return std::ranges::all_of(tail, [&](const Piece& piece) {
    if (piece.is_alternative || piece.is_text()) return true;
    return !piece.has(kOutside) && std::ranges::any_of(pieces, [&](const Piece& known) {
      return !known.is_alternative && known.source == piece.source &&
             (piece.origins & ~known.origins) == 0 && (piece.marks & ~known.marks) == 0 &&
             (known.safety & ~piece.safety) == 0;
    });
  });
}

}  // namespace

void Values::merge_into(std::vector<Piece>& pieces, std::span<const Piece> way) {
  if (way.empty() || has_way(pieces, way) || has_data(pieces, way)) return;
  if (!pieces.empty()) pieces.push_back(Piece{.is_alternative = true});
  pieces.insert(pieces.end(), way.begin(), way.end());
  collapse(pieces);
}

Value Values::merge(const Value& a, const Value& b) {
  if (a.pieces.empty()) return Value{.pieces = b.pieces};
  if (b.pieces.empty() || has_way(a.pieces, b.pieces) || has_data(a.pieces, b.pieces))
    return Value{.pieces = a.pieces};
  std::vector<Piece>& pieces = scratch(a.pieces);
  merge_into(pieces, b.pieces);
  return from(pieces);
}

Value Values::join(const Value& a, const Value& b) {
  Value joined;
  const std::size_t shorter = std::min(a.pieces.size(), b.pieces.size());
  std::size_t same = a.pieces.data() == b.pieces.data() ? shorter : 0;
  while (same < shorter && a.pieces[same] == b.pieces[same]) ++same;
  if (same == 0 && a.pieces.empty() != b.pieces.empty()) {
    // One side is unset: the seam says that the text need not be there.
    const auto& only = a.pieces.empty() ? b.pieces : a.pieces;
    if (only.front().is_alternative) {
      joined.pieces = only;
    } else {
      std::vector<Piece>& pieces = scratch({});
      pieces.push_back(Piece{.is_alternative = true});
      pieces.insert(pieces.end(), only.begin(), only.end());
      collapse(pieces);
      joined = from(pieces);
    }
  } else if (same == b.pieces.size()) {
    joined.pieces = a.pieces;
  } else if (same == a.pieces.size()) {
    joined.pieces = b.pieces;
  } else {
    joined = merge(a, Value{.pieces = b.pieces.subspan(same)});
  }
  joined.object = a.object != nullptr ? a.object : b.object;
  joined.array = join_arrays(a.array, b.array);
  return joined;
}

namespace {

bool is_same(const Value& a, const Value& b) {
  return a.pieces.data() == b.pieces.data() && a.pieces.size() == b.pieces.size() &&
         a.array == b.array && a.object == b.object;
}

}  // namespace

// Where `b` has nothing to add, `a` itself: loops join the same arrays over and over.
const ArrayData* Values::join_arrays(const ArrayData* a, const ArrayData* b) {
  if (a == b || b == nullptr) return a;
  if (a == nullptr) return b;
  std::vector<Entry> entries(a->entries.begin(), a->entries.end());
  bool is_changed = false;
  for (const Entry& entry : b->entries) {
    const auto it = std::ranges::find(entries, entry.key, &Entry::key);
    if (it == entries.end()) {
      entries.push_back(entry);
      is_changed = true;
      continue;
    }
    const Value joined = join(it->value, entry.value);
    is_changed |= !is_same(joined, it->value);
    it->value = joined;
  }
  const Value rest = join(a->rest, b->rest);
  const bool is_complete = a->is_complete && b->is_complete;
  const bool is_nonempty = a->is_nonempty && b->is_nonempty;
  if (!is_changed && is_same(rest, a->rest) && is_complete == a->is_complete &&
      is_nonempty == a->is_nonempty)
    return a;
  return array(entries, rest, is_complete, is_nonempty).array;
}

Value Values::array(std::span<const Entry> entries, const Value& rest, bool is_complete,
                    bool is_nonempty) {
  ArrayData data{.rest = rest, .is_complete = is_complete, .is_nonempty = is_nonempty};
  if (entries.size() > kMaxEntries) {
    for (const Entry& entry : entries.subspan(kMaxEntries)) {
      data.rest = merge(data.rest, flat(entry.value));
    }
    entries = entries.first(kMaxEntries);
    data.is_complete = false;
  }
  data.entries = make_span(entries);
  return Value{.array = make(data)};
}

void Values::flatten_into(std::vector<Piece>& pieces, const ArrayData& array) {
  for (const Entry& entry : array.entries) merge_into(pieces, flat(entry.value).pieces);
  merge_into(pieces, flat(array.rest).pieces);
}

Value Values::flat(const Value& value) {
  if (value.array == nullptr) return Value{.pieces = value.pieces};
  const ArrayData& array = *value.array;
  if (!array.has_flat) {
    std::vector<Piece> pieces;
    flatten_into(pieces, array);
    array.flat = make_span(std::span<const Piece>(pieces));
    array.has_flat = true;
  }
  if (value.pieces.empty()) return Value{.pieces = array.flat};
  std::vector<Piece> pieces(value.pieces.begin(), value.pieces.end());
  flatten_into(pieces, array);
  return from(pieces);
}

Value Values::with(const Value& value, std::uint16_t origins, std::uint16_t marks,
                   std::uint16_t safety) {
  const Value plain = flat(value);
  const auto has_all = [&](const Piece& piece) {
    return piece.is_alternative || ((piece.origins & origins) == origins &&
                                    (piece.marks & marks) == marks &&
                                    (piece.safety & safety) == safety);
  };
  if (std::ranges::all_of(plain.pieces, has_all)) return plain;
  std::vector<Piece>& pieces = scratch(plain.pieces);
  for (Piece& piece : pieces) {
    if (piece.is_alternative) continue;
    piece.origins |= origins;
    piece.marks |= marks;
    piece.safety |= safety;
  }
  return from(pieces);
}

Value Values::holes(const Value& value) {
  const Value plain = flat(value);
  if (std::ranges::none_of(plain.pieces, &Piece::is_text)) return plain;
  std::vector<Piece>& pieces = scratch({});
  for (const Piece& piece : plain.pieces) {
    if (!piece.is_text()) pieces.push_back(piece);
  }
  return from(pieces);
}

Value Values::without_numbers(const Value& value) {
  const auto is_number = [](const Piece& piece) { return (piece.safety & kSafeNumber) != 0; };
  if (std::ranges::none_of(value.pieces, is_number)) return value;
  std::vector<Piece>& pieces = scratch({});
  std::ranges::remove_copy_if(value.pieces, std::back_inserter(pieces), is_number);
  Value rest = from(pieces);
  rest.array = value.array;
  rest.object = value.object;
  return rest.is_nothing() ? unknown() : rest;
}

Value Values::traced(const Value& value, Offset begin, Offset end, std::uint32_t max_length) {
  const auto needs_step = [&](const Piece& piece) {
    return piece.origins != kConstant && piece.origins != kUnknown && !piece.is_alternative &&
           (piece.trace == nullptr ||
            (piece.trace->begin != begin && piece.trace->length < max_length));
  };
  if (std::ranges::none_of(value.pieces, needs_step)) return value;
  std::vector<Piece>& pieces = scratch(value.pieces);
  for (Piece& piece : pieces) {
    if (!needs_step(piece)) continue;
    const std::uint32_t length = piece.trace == nullptr ? 1 : piece.trace->length + 1;
    piece.trace = make(Trace{begin, end, piece.trace, length});
  }
  Value traced = value;
  traced.pieces = make_span(std::span<const Piece>(pieces));
  return traced;
}

bool is_constant_text(const Value& value) {
  return !value.pieces.empty() && value.array == nullptr && value.object == nullptr &&
         std::ranges::all_of(value.pieces, &Piece::is_text);
}

std::string constant_text(const Value& value) {
  std::string out;
  if (!is_constant_text(value)) return out;
  for (const Piece& piece : value.pieces) out += piece.text;
  return out;
}

Truth truth_of(const Value& value) {
  if (value.object != nullptr) return Truth::kTrue;
  if (value.array != nullptr) {
    if (value.array->is_nonempty) return Truth::kTrue;
    return value.array->is_complete && value.array->entries.empty() ? Truth::kFalse
                                                                    : Truth::kUnknown;
  }
  bool has_seam = false;
  bool has_text = false;
  for (const Piece& piece : value.pieces) {
    has_seam |= piece.is_alternative;
    has_text |= piece.is_text() && !piece.text.empty() && piece.text != "0";
  }
  if (has_seam) return Truth::kUnknown;
  if (has_text) return Truth::kTrue;
  return is_constant_text(value) ? Truth::kFalse : Truth::kUnknown;
}

}  // namespace backscan::php::flow
