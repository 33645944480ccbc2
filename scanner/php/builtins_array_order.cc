// Built-ins that order arrays or step through them: sorts, the internal pointer.
#include <algorithm>

#include "php/builtins.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {
namespace {

struct Item {
  Key key;
  Value value;
};

std::vector<Item> items_of(const ArrayData& array) {
  std::vector<Item> items;
  items.reserve(array.size());
  for_each(array, [&](const Key& key, const Value& value) { items.push_back({key, value}); });
  return items;
}

// A merge sort, because it stays inside the list whatever `less` answers: a hostile callback need not
// be an ordering at all, and the standard sorts may run out of bounds then.
template <typename Less>
void merge_sort(std::vector<Item>& items, Less less) {
  std::vector<Item> merged;
  for (std::size_t width = 1; width < items.size(); width *= 2) {
    merged.clear();
    merged.reserve(items.size());
    for (std::size_t begin = 0; begin < items.size(); begin += 2 * width) {
      const std::size_t middle = std::min(begin + width, items.size());
      const std::size_t end = std::min(begin + 2 * width, items.size());
      std::size_t left = begin;
      std::size_t right = middle;
      while (left < middle || right < end) {
        const bool takes_right = left == middle || (right < end && less(items[right], items[left]));
        merged.push_back(std::move(takes_right ? items[right++] : items[left++]));
      }
    }
    items.swap(merged);
  }
}

template <typename Less>
Value sorted(Call& c, bool keeps_keys, Less less) {
  ArrayData* array = c.own_array(0);
  if (array == nullptr) return false;
  if (find_unknown(c.value(0)) != nullptr) return true;
  c.budget.step(array->slots() * 8);
  if (c.budget.is_spent()) return Why::kBudget;
  std::vector<Item> items = items_of(*array);
  merge_sort(items, less);
  ArrayRef made = c.heap.array();
  for (Item& item : items) {
    if (keeps_keys) made->set(item.key, std::move(item.value));
    else made->append(std::move(item.value));
  }
  c.assign(0, made);
  return true;
}

bool by_value(const Item& a, const Item& b) { return compare(a.value, b.value) < 0; }
bool by_value_down(const Item& a, const Item& b) { return compare(b.value, a.value) < 0; }
bool by_key(const Item& a, const Item& b) { return a.key < b.key; }
bool by_key_down(const Item& a, const Item& b) { return b.key < a.key; }

Value sort(Call& c) { return sorted(c, false, by_value); }
Value rsort(Call& c) { return sorted(c, false, by_value_down); }
Value asort(Call& c) { return sorted(c, true, by_value); }
Value arsort(Call& c) { return sorted(c, true, by_value_down); }
Value ksort(Call& c) { return sorted(c, true, by_key); }
Value krsort(Call& c) { return sorted(c, true, by_key_down); }

enum class Compared : std::uint8_t { kValues, kKeys };

// usort() and its kin are also a way to call a function with chosen arguments: the callback is called
// even where the elements are not known.
Value user_sorted(Call& c, bool keeps_keys, Compared what) {
  const Value callback = c.value(1);
  ArrayData* array = c.array(0);
  if (array == nullptr || array->size() < 2) {
    return array == nullptr ? c.evaluator.call(callback, {Value{Why::kRequest}, Value{Why::kRequest}}, c.site)
                            : Value{true};
  }
  const auto call = [&](const Item& a, const Item& b) {
    return what == Compared::kKeys
               ? c.evaluator.call(callback, {key_value(c.heap, a.key), key_value(c.heap, b.key)}, c.site)
               : c.evaluator.call(callback, {a.value, b.value}, c.site);
  };
  if (find_unknown(c.value(0)) != nullptr) {
    const std::vector<Item> items = items_of(*array);
    call(items[0], items[1]);
    return true;
  }
  return sorted(c, keeps_keys, [&](const Item& a, const Item& b) {
    if (c.budget.is_spent()) return false;
    const Value order = call(a, b);
    return !order.is_unknown() && to_int(order) < 0;
  });
}
Value usort(Call& c) { return user_sorted(c, false, Compared::kValues); }
Value uasort(Call& c) { return user_sorted(c, true, Compared::kValues); }
Value uksort(Call& c) { return user_sorted(c, true, Compared::kKeys); }

std::size_t skip_holes(const ArrayData& array, std::size_t slot) {
  while (slot < array.slots() && !array.is_live(slot)) ++slot;
  return slot;
}

Value at_cursor(ArrayData& array) {
  array.cursor = skip_holes(array, array.cursor);
  return array.cursor < array.slots() ? array.value_at(array.cursor).target() : Value{false};
}

Value current(Call& c) {
  ArrayData* array = c.array(0);
  return array == nullptr ? Value{false} : at_cursor(*array);
}

Value key(Call& c) {
  ArrayData* array = c.array(0);
  if (array == nullptr || at_cursor(*array).is_null()) return {};
  return array->cursor < array->slots() ? key_value(c.heap, array->key_at(array->cursor)) : Value{};
}

Value next(Call& c) {
  ArrayData* array = c.own_array(0);
  if (array == nullptr) return false;
  if (array->cursor < array->slots()) ++array->cursor;
  return at_cursor(*array);
}

Value previous(Call& c) {
  ArrayData* array = c.own_array(0);
  if (array == nullptr) return false;
  std::size_t slot = array->cursor;
  while (slot > 0 && !array->is_live(slot - 1)) --slot;
  array->cursor = slot == 0 ? array->slots() : slot - 1;
  return at_cursor(*array);
}

Value reset(Call& c) {
  ArrayData* array = c.own_array(0);
  if (array == nullptr) return false;
  array->cursor = 0;
  return at_cursor(*array);
}

Value end(Call& c) {
  ArrayData* array = c.own_array(0);
  if (array == nullptr || array->size() == 0) return false;
  array->cursor = array->slots() - 1;
  while (array->cursor > 0 && !array->is_live(array->cursor)) --array->cursor;
  return at_cursor(*array);
}

Value each(Call& c) {
  ArrayData* array = c.own_array(0);
  if (array == nullptr) return false;
  const Value value = at_cursor(*array);
  if (array->cursor >= array->slots()) return false;
  const Value name = key_value(c.heap, array->key_at(array->cursor++));
  ArrayRef pair = c.heap.array();
  pair->set(Key{std::int64_t{1}}, value);
  pair->set(Key{std::string{"value"}}, value);
  pair->set(Key{std::int64_t{0}}, name);
  pair->set(Key{std::string{"key"}}, name);
  return pair;
}

constexpr Builtin kArrayOrderRows[] = {
    {"sort", sort, 1, kRefFirst}, {"rsort", rsort, 1, kRefFirst},
    {"asort", asort, 1, kRefFirst}, {"arsort", arsort, 1, kRefFirst},
    {"ksort", ksort, 1, kRefFirst}, {"krsort", krsort, 1, kRefFirst},
    {"usort", usort, 2, kRefFirst | kTakesUnknown},
    {"uasort", uasort, 2, kRefFirst | kTakesUnknown},
    {"uksort", uksort, 2, kRefFirst | kTakesUnknown},
    {"current", current}, {"pos", current}, {"key", key},
    {"next", next, 1, kRefFirst}, {"prev", previous, 1, kRefFirst},
    {"reset", reset, 1, kRefFirst}, {"end", end, 1, kRefFirst}, {"each", each, 1, kRefFirst},
};

}  // namespace

std::span<const Builtin> array_order_builtins() { return kArrayOrderRows; }

}  // namespace backscan::php::eval
