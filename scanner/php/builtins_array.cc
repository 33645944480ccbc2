// Built-ins on arrays: making, joining, cutting, looking up.
#include <algorithm>

#include "base/text.h"
#include "php/builtins.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {
namespace {

constexpr std::size_t kMaxElements = 1'000'000;

// The array of an argument, its walk charged; null for anything else.
ArrayData* charged(Call& c, std::size_t i) {
  ArrayData* array = c.array(i);
  if (array != nullptr) c.budget.step(array->slots() / 4);
  return array;
}

void add(ArrayData& array, const Key& key, const Value& value) {
  if (std::holds_alternative<std::int64_t>(key)) array.append(value);
  else array.set(key, value);
}

Value count(Call& c) {
  const ArrayData* array = c.array(0);
  if (array == nullptr) return std::int64_t{c.value(0).is_null() ? 0 : 1};
  return static_cast<std::int64_t>(array->size());
}

Value range(Call& c) {
  ArrayRef made = c.heap.array();
  const auto is_letter = [&](std::size_t i) {
    return c.value(i).is_string() && c.value(i).bytes().size() >= 1 && !numeric(c.value(i).bytes());
  };
  const bool are_letters = is_letter(0) && is_letter(1);
  const auto bound = [&](std::size_t i) {
    return are_letters ? std::int64_t{static_cast<unsigned char>(c.value(i).bytes()[0])} : c.integer(i);
  };
  const std::int64_t first = bound(0);
  const std::int64_t last = bound(1);
  const std::int64_t step = std::max<std::int64_t>(1, std::abs(c.integer(2, 1)));
  const double length = (static_cast<double>(first < last ? last : first) - static_cast<double>(first < last ? first : last)) / static_cast<double>(step);
  if (length > static_cast<double>(kMaxElements)) return Why::kBudget;
  for (std::int64_t at = first; first <= last ? at <= last : at >= last; at += first <= last ? step : -step) {
    if (!c.budget.step()) break;
    made->append(are_letters ? c.heap.character(static_cast<unsigned char>(at)) : Value{at});
  }
  return made;
}

Value array_fill(Call& c) {
  const std::int64_t wanted = c.integer(1);
  if (wanted < 0 || std::cmp_greater(wanted, kMaxElements)) return Why::kBudget;
  ArrayRef made = c.heap.array();
  c.budget.step(static_cast<std::uint64_t>(wanted));
  for (std::int64_t i = 0; i < wanted && !c.heap.is_exhausted(); ++i)
    made->set(Key{static_cast<std::int64_t>(static_cast<std::uint64_t>(c.integer(0)) + static_cast<std::uint64_t>(i))}, c.value(2));
  return made;
}

Value array_fill_keys(Call& c) {
  ArrayRef made = c.heap.array();
  if (const ArrayData* keys = charged(c, 0))
    for_each(*keys, [&](const Key&, const Value& key) {
      if (const auto known = to_key(key)) made->set(*known, c.value(1));
    });
  return made;
}

Value array_pad(Call& c) {
  const ArrayData* array = charged(c, 0);
  const std::int64_t wanted = c.integer(1);
  if (array == nullptr || std::abs(wanted) > static_cast<std::int64_t>(kMaxElements)) return Why::kUnsupported;
  ArrayRef made = c.heap.array();
  const std::int64_t missing = std::abs(wanted) - static_cast<std::int64_t>(array->size());
  for (std::int64_t i = 0; wanted < 0 && i < missing; ++i) made->append(c.value(2));
  for_each(*array, [&](const Key& key, const Value& value) { add(*made, key, value); });
  for (std::int64_t i = 0; wanted > 0 && i < missing; ++i) made->append(c.value(2));
  return made;
}

Value array_merge(Call& c) {
  ArrayRef made = c.heap.array();
  for (std::size_t i = 0; i < c.count(); ++i) {
    const ArrayData* array = charged(c, i);
    if (array == nullptr || c.heap.is_exhausted()) return Why::kUnsupported;
    for_each(*array, [&](const Key& key, const Value& value) { add(*made, key, value); });
  }
  return made;
}

Value array_combine(Call& c) {
  const ArrayData* keys = charged(c, 0);
  const ArrayData* values = charged(c, 1);
  if (keys == nullptr || values == nullptr || keys->size() != values->size()) return false;
  std::vector<Value> list;
  for_each(*values, [&](const Key&, const Value& value) { list.push_back(value); });
  ArrayRef made = c.heap.array();
  std::size_t at = 0;
  for_each(*keys, [&](const Key&, const Value& key) {
    if (const auto known = to_key(key)) made->set(*known, list[at]);
    ++at;
  });
  return made;
}

Value array_keys(Call& c) {
  ArrayRef made = c.heap.array();
  const ArrayData* array = charged(c, 0);
  if (array == nullptr) return Why::kUnsupported;
  for_each(*array, [&](const Key& key, const Value& value) {
    if (c.count() < 2 || is_loosely_equal(value, c.value(1))) made->append(key_value(c.heap, key));
  });
  return made;
}

Value array_values(Call& c) {
  ArrayRef made = c.heap.array();
  const ArrayData* array = charged(c, 0);
  if (array == nullptr) return Why::kUnsupported;
  for_each(*array, [&](const Key&, const Value& value) { made->append(value); });
  return made;
}

Value array_flip(Call& c) {
  ArrayRef made = c.heap.array();
  const ArrayData* array = charged(c, 0);
  if (array == nullptr) return Why::kUnsupported;
  for_each(*array, [&](const Key& key, const Value& value) {
    if (const auto known = to_key(value)) made->set(*known, key_value(c.heap, key));
  });
  return made;
}

Value array_reverse(Call& c) {
  ArrayRef made = c.heap.array();
  ArrayData* array = charged(c, 0);
  if (array == nullptr) return Why::kUnsupported;
  for (std::size_t slot = array->slots(); slot > 0; --slot) {
    if (!array->is_live(slot - 1)) continue;
    const Value& value = array->value_at(slot - 1).target();
    if (c.flag(1)) made->set(array->key_at(slot - 1), value);
    else add(*made, array->key_at(slot - 1), value);
  }
  return made;
}

Value array_slice(Call& c) {
  const ArrayData* array = charged(c, 0);
  if (array == nullptr) return Why::kUnsupported;
  const auto size = static_cast<std::int64_t>(array->size());
  std::int64_t begin = c.integer(1);
  begin = begin < 0 ? std::max<std::int64_t>(0, begin < -size ? 0 : size + begin) : std::min(begin, size);
  const std::int64_t wanted = c.integer(2, size);
  const std::int64_t end = wanted < 0 ? (wanted < -size ? 0 : size + wanted) : (wanted > size - begin ? size : begin + wanted);
  ArrayRef made = c.heap.array();
  std::int64_t at = 0;
  for_each(*array, [&](const Key& key, const Value& value) {
    if (at >= begin && at < end) {
      if (c.flag(3)) made->set(key, value);
      else add(*made, key, value);
    }
    ++at;
  });
  return made;
}

Value array_splice(Call& c) {
  ArrayData* array = c.own_array(0);
  if (array == nullptr) return Why::kUnsupported;
  c.budget.step(array->slots());
  const auto size = static_cast<std::int64_t>(array->size());
  std::int64_t begin = c.integer(1);
  begin = begin < 0 ? std::max<std::int64_t>(0, begin < -size ? 0 : size + begin) : std::min(begin, size);
  const std::int64_t wanted = c.integer(2, size);
  const std::int64_t end = wanted < 0 ? std::max(begin, wanted < -size ? 0 : size + wanted) : (wanted > size - begin ? size : begin + wanted);
  ArrayRef removed = c.heap.array();
  ArrayRef kept = c.heap.array();
  const auto insert = [&] {
    if (const ArrayData* extra = c.array(3))
      for_each(*extra, [&](const Key&, const Value& value) { kept->append(value); });
    else if (c.has(3)) kept->append(c.value(3));
  };
  std::int64_t at = 0;
  for_each(*array, [&](const Key& key, const Value& value) {
    if (at == begin) insert();
    add(at >= begin && at < end ? *removed : *kept, key, value);
    ++at;
  });
  if (begin >= at) insert();
  c.assign(0, kept);
  return removed;
}

Value array_chunk(Call& c) {
  const ArrayData* array = charged(c, 0);
  const std::int64_t wanted = c.integer(1);
  if (array == nullptr || wanted < 1) return Why::kUnsupported;
  ArrayRef made = c.heap.array();
  ArrayRef chunk = c.heap.array();
  for_each(*array, [&](const Key& key, const Value& value) {
    if (c.flag(2)) chunk->set(key, value);
    else chunk->append(value);
    if (std::cmp_equal(chunk->size(), wanted)) {
      made->append(chunk);
      chunk = c.heap.array();
    }
  });
  if (chunk->size() > 0) made->append(chunk);
  return made;
}

Value array_pop(Call& c) {
  ArrayData* array = c.own_array(0);
  return array == nullptr ? Value{} : array->pop().target();
}

Value array_shift(Call& c) {
  ArrayData* array = c.own_array(0);
  if (array == nullptr) return {};
  c.budget.step(array->slots() / 64);
  return array->shift().target();
}

Value array_push(Call& c) {
  ArrayData* array = c.own_array(0);
  if (array == nullptr) return Why::kUnsupported;
  for (std::size_t i = 1; i < c.count(); ++i) array->append(c.value(i));
  return static_cast<std::int64_t>(array->size());
}

Value array_unshift(Call& c) {
  ArrayData* array = c.own_array(0);
  if (array == nullptr) return Why::kUnsupported;
  c.budget.step(array->slots());
  ArrayRef made = c.heap.array();
  for (std::size_t i = 1; i < c.count(); ++i) made->append(c.value(i));
  for_each(*array, [&](const Key& key, const Value& value) { add(*made, key, value); });
  c.assign(0, made);
  return static_cast<std::int64_t>(made->size());
}

Value find_value(Call& c, bool gives_key) {
  const ArrayData* array = charged(c, 1);
  if (array == nullptr) return Why::kUnsupported;
  const bool is_strict = c.flag(2);
  for (std::size_t slot = 0; slot < array->slots(); ++slot) {
    if (!array->is_live(slot)) continue;
    const Value& value = array->value_at(slot).target();
    if (value.is_unknown()) continue;
    if (is_strict ? is_identical(value, c.value(0)) : is_loosely_equal(value, c.value(0)))
      return gives_key ? key_value(c.heap, array->key_at(slot)) : Value{true};
  }
  if (const Unknown* unknown = find_unknown(c.value(1))) return *unknown;
  return false;
}
Value in_array(Call& c) { return find_value(c, false); }
Value array_search(Call& c) { return find_value(c, true); }

Value array_key_exists(Call& c) {
  ArrayData* array = c.value(1).is_object() ? c.value(1).object()->properties.get() : c.array(1);
  const auto key = to_key(c.value(0));
  return array != nullptr && key && array->find(*key) != nullptr;
}

Value array_key_last(Call& c, bool first) {
  const ArrayData* array = c.array(0);
  if (array == nullptr || array->size() == 0) return {};
  Value found;
  c.budget.step(array->slots() / 8);
  bool is_set = false;
  for_each(*array, [&](const Key& key, const Value&) {
    if (!first || !is_set) found = key_value(c.heap, key);
    is_set = true;
  });
  return found;
}
Value first_key(Call& c) { return array_key_last(c, true); }
Value last_key(Call& c) { return array_key_last(c, false); }

Value array_unique(Call& c) {
  const ArrayData* array = charged(c, 0);
  if (array == nullptr) return Why::kUnsupported;
  ArrayRef made = c.heap.array();
  ArrayRef seen = c.heap.array();
  for_each(*array, [&](const Key& key, const Value& value) {
    const Key text{to_text(value)};
    if (seen->find(text) != nullptr) return;
    seen->set(text, true);
    made->set(key, value);
  });
  return made;
}

Value array_total(Call& c, char op) {
  const ArrayData* array = charged(c, 0);
  if (array == nullptr) return Why::kUnsupported;
  if (const Unknown* unknown = find_unknown(c.value(0))) return *unknown;
  Value total = std::int64_t{op == '+' ? 0 : 1};
  for_each(*array, [&](const Key&, const Value& value) {
    total = apply_binary({c.heap, c.budget}, {TokenKind::Char, op}, total, value);
  });
  return total;
}
Value array_sum(Call& c) { return array_total(c, '+'); }
Value array_product(Call& c) { return array_total(c, '*'); }

Value array_diff_of(Call& c, bool by_key, bool keeps_common) {
  const ArrayData* array = charged(c, 0);
  ArrayData* other = charged(c, 1);
  if (array == nullptr || other == nullptr) return Why::kUnsupported;
  ArrayRef values = c.heap.array();
  for_each(*other, [&](const Key&, const Value& value) { values->set(Key{to_text(value)}, true); });
  ArrayRef made = c.heap.array();
  for_each(*array, [&](const Key& key, const Value& value) {
    const bool is_common = by_key ? other->find(key) != nullptr : values->find(Key{to_text(value)}) != nullptr;
    if (is_common == keeps_common) made->set(key, value);
  });
  return made;
}
Value array_diff(Call& c) { return array_diff_of(c, false, false); }
Value array_diff_key(Call& c) { return array_diff_of(c, true, false); }
Value array_intersect(Call& c) { return array_diff_of(c, false, true); }
Value array_intersect_key(Call& c) { return array_diff_of(c, true, true); }

Value array_change_key_case(Call& c) {
  const ArrayData* array = charged(c, 0);
  if (array == nullptr) return Why::kUnsupported;
  ArrayRef made = c.heap.array();
  for_each(*array, [&](const Key& key, const Value& value) {
    const auto* text = std::get_if<std::string>(&key);
    made->set(text == nullptr ? key : Key{ascii_lower(*text)}, value);
  });
  return made;
}

Value array_column(Call& c) {
  const ArrayData* array = charged(c, 0);
  const auto column = to_key(c.value(1));
  if (array == nullptr || !column) return Why::kUnsupported;
  ArrayRef made = c.heap.array();
  for_each(*array, [&](const Key&, const Value& row) {
    const Value* found = row.array() == nullptr ? nullptr : row.array()->find(*column);
    if (found != nullptr) made->append(found->target());
  });
  return made;
}

Value compact(Call& c) {
  ArrayRef made = c.heap.array();
  for (std::size_t i = 0; i < c.count(); ++i)
    made->set(Key{std::string{c.text(i)}}, c.evaluator.variable(c.text(i))->value);
  return made;
}

Value extract(Call& c) {
  Scope& scope = *c.evaluator.frame().scope;
  const ArrayData* array = c.array(0);
  if (array == nullptr) {
    scope.is_open = true;  // anything may be set now
    return c.value(0);
  }
  for_each(*array, [&](const Key& key, const Value& value) {
    if (const auto* name = std::get_if<std::string>(&key)) c.evaluator.variable(*name)->value = value;
  });
  return static_cast<std::int64_t>(array->size());
}

constexpr Builtin kArrayRows[] = {
    {"count", count}, {"sizeof", count}, {"range", range, 2}, {"array_fill", array_fill, 3},
    {"array_fill_keys", array_fill_keys, 2}, {"array_pad", array_pad, 3},
    {"array_merge", array_merge}, {"array_combine", array_combine, 2},
    {"array_keys", array_keys}, {"array_values", array_values}, {"array_flip", array_flip},
    {"array_reverse", array_reverse}, {"array_slice", array_slice, 2},
    {"array_splice", array_splice, 2, kRefFirst}, {"array_chunk", array_chunk, 2},
    {"array_pop", array_pop, 1, kRefFirst}, {"array_shift", array_shift, 1, kRefFirst},
    {"array_push", array_push, 1, kRefFirst | kTakesUnknown},
    {"array_unshift", array_unshift, 1, kRefFirst | kTakesUnknown},
    {"in_array", in_array, 2}, {"array_search", array_search, 2},
    {"array_key_exists", array_key_exists, 2}, {"key_exists", array_key_exists, 2},
    {"array_key_first", first_key}, {"array_key_last", last_key},
    {"array_unique", array_unique}, {"array_sum", array_sum}, {"array_product", array_product},
    {"array_diff", array_diff, 2}, {"array_diff_key", array_diff_key, 2},
    {"array_intersect", array_intersect, 2}, {"array_intersect_key", array_intersect_key, 2},
    {"array_change_key_case", array_change_key_case}, {"array_column", array_column, 2},
    {"compact", compact}, {"extract", extract, 1, kTakesUnknown},
};

}  // namespace

std::span<const Builtin> array_builtins() { return kArrayRows; }

}  // namespace backscan::php::eval
