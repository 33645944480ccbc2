// PHP's ordered array and the objects built on it.
#include "php/value_array.h"

#include <utility>

namespace backscan::php::eval {
namespace {
// A hash entry costs its slot, its key once more in the index, and the index node.
constexpr std::size_t kEntryBytes = 160;
}  // namespace

ArrayData::ArrayData(Heap& owner) : Container(owner) { account_growth(); }

void ArrayData::account_growth() {
  heap.account(*this, sizeof(ArrayData) + list_.capacity() * sizeof(Value) +
                          entries_.capacity() * kEntryBytes);
}

void ArrayData::clear() {
  list_.clear();
  entries_.clear();
  slot_of_.clear();
  is_list_ = true;
  live_ = 0;
  next_index_ = 0;
  cursor = 0;
}

void ArrayData::become_hash() {
  entries_.reserve(list_.size() + 1);
  for (std::size_t i = 0; i < list_.size(); ++i) {
    const Key key{static_cast<std::int64_t>(i)};
    slot_of_.emplace(key, static_cast<std::uint32_t>(i));
    entries_.push_back({key, std::move(list_[i])});
  }
  list_.clear();
  list_.shrink_to_fit();
  is_list_ = false;
  account_growth();
}

Value* ArrayData::find(const Key& key) {
  if (is_list_) {
    const auto* index = std::get_if<std::int64_t>(&key);
    if (index == nullptr || *index < 0 || std::cmp_greater_equal(*index, list_.size()))
      return nullptr;
    return &list_[static_cast<std::size_t>(*index)];
  }
  const auto it = slot_of_.find(key);
  return it == slot_of_.end() ? nullptr : &entries_[it->second].value;
}

Value& ArrayData::get_or_insert(const Key& key) {
  if (Value* const found = find(key)) return *found;
  const auto* index = std::get_if<std::int64_t>(&key);
  if (is_list_ && index != nullptr && std::cmp_equal(*index, list_.size())) return append(Value{});
  if (is_list_) become_hash();
  slot_of_.emplace(key, static_cast<std::uint32_t>(entries_.size()));
  entries_.push_back({key, Value{}});
  ++live_;
  if (index != nullptr && *index >= next_index_ && *index != INT64_MAX) next_index_ = *index + 1;
  account_growth();
  return entries_.back().value;
}

Value& ArrayData::append(Value value) {
  if (!is_list_) {
    Value& slot = get_or_insert(Key{next_index_});
    slot = std::move(value);
    return slot;
  }
  const std::size_t capacity = list_.capacity();
  list_.push_back(std::move(value));
  ++live_;
  ++next_index_;
  if (list_.capacity() != capacity) account_growth();
  return list_.back();
}

void ArrayData::erase(const Key& key) {
  if (find(key) == nullptr) return;
  if (is_list_) become_hash();
  const auto it = slot_of_.find(key);
  entries_[it->second].value = Value{};
  entries_[it->second].is_live = false;
  slot_of_.erase(it);
  --live_;
}

ArrayRef ArrayData::copy() const {
  ArrayRef made = heap.array();
  made->is_list_ = is_list_;
  made->next_index_ = next_index_;
  made->live_ = live_;
  made->list_ = list_;
  if (!is_list_) {
    made->entries_.reserve(live_);
    for (std::size_t slot = 0; slot < entries_.size(); ++slot) {
      if (slot == cursor) made->cursor = made->entries_.size();
      if (!entries_[slot].is_live) continue;
      made->slot_of_.emplace(entries_[slot].key, static_cast<std::uint32_t>(made->entries_.size()));
      made->entries_.push_back(entries_[slot]);
    }
    if (cursor >= entries_.size()) made->cursor = made->entries_.size();
  } else {
    made->cursor = cursor;
  }
  made->account_growth();
  return made;
}

Value ArrayData::pop() {
  if (live_ == 0) return {};
  if (is_list_) {
    Value last = std::move(list_.back());
    list_.pop_back();
    --live_;
    --next_index_;
    return last;
  }
  while (!entries_.back().is_live) entries_.pop_back();
  Entry last = std::move(entries_.back());
  entries_.pop_back();
  slot_of_.erase(last.key);
  --live_;
  const auto* index = std::get_if<std::int64_t>(&last.key);
  if (index != nullptr && *index == next_index_ - 1) --next_index_;
  return std::move(last.value);
}

Value ArrayData::shift() {
  if (live_ == 0) return {};
  if (is_list_) {
    Value first = std::move(list_.front());
    list_.erase(list_.begin());
    --live_;
    --next_index_;
    return first;
  }
  Value first;
  bool is_first = true;
  const ArrayRef old = copy();
  clear();
  for (std::size_t slot = 0; slot < old->slots(); ++slot) {
    Value& value = old->value_at(slot);
    const Key key = old->key_at(slot);
    if (is_first)
      first = std::move(value);
    else if (std::holds_alternative<std::int64_t>(key))
      append(std::move(value));
    else
      set(key, std::move(value));
    is_first = false;
  }
  account_growth();
  return first;
}

ObjectData::ObjectData(Heap& owner) : Container(owner), properties(owner.array()) {
  heap.account(*this, sizeof(ObjectData));
}

void ObjectData::clear() {
  properties = nullptr;
  bound = nullptr;
}

}  // namespace backscan::php::eval
