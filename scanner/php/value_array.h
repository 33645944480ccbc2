// PHP's ordered array: a plain list while its keys are 0, 1, 2, …, an ordered hash otherwise. Its own
// file because it is the one container of the evaluator with an invariant to keep.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "php/value_heap.h"

namespace backscan::php::eval {

using Key = std::variant<std::int64_t, std::string>;

class ArrayData : public Container {
 public:
  explicit ArrayData(Heap& owner);
  void clear() override;

  [[nodiscard]] std::size_t size() const { return live_; }
  [[nodiscard]] bool is_list() const { return is_list_; }

  /// The element (a reference is not followed), or null.
  [[nodiscard]] Value* find(const Key& key);
  [[nodiscard]] Value& get_or_insert(const Key& key);
  void set(const Key& key, Value value) { get_or_insert(key) = std::move(value); }
  /// Adds at the next free integer key. The reference is good until the next change.
  Value& append(Value value);
  void erase(const Key& key);

  /// Slots hold the elements in order; erased ones stay as holes until the array is copied.
  [[nodiscard]] std::size_t slots() const { return is_list_ ? list_.size() : entries_.size(); }
  [[nodiscard]] bool is_live(std::size_t slot) const { return is_list_ || entries_[slot].is_live; }
  [[nodiscard]] Key key_at(std::size_t slot) const {
    return is_list_ ? Key{static_cast<std::int64_t>(slot)} : entries_[slot].key;
  }
  [[nodiscard]] Value& value_at(std::size_t slot) {
    return is_list_ ? list_[slot] : entries_[slot].value;
  }
  [[nodiscard]] const Value& value_at(std::size_t slot) const {
    return is_list_ ? list_[slot] : entries_[slot].value;
  }

  /// A copy that shares strings, inner arrays and references, as PHP's assignment does.
  [[nodiscard]] ArrayRef copy() const;

  /// Removes and returns the last or first element (null when empty); shifting renumbers.
  Value pop();
  Value shift();

  std::size_t cursor = 0;  // the internal pointer of current(), next(), each()

  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      if (const auto* number = std::get_if<std::int64_t>(&key))
        return std::hash<std::int64_t>{}(*number) * 0x9E3779B97F4A7C15ull >> 7;
      return std::hash<std::string>{}(std::get<std::string>(key));
    }
  };

 private:
  struct Entry {
    Key key;
    Value value;
    bool is_live = true;
  };
  void become_hash();
  void account_growth();

  bool is_list_ = true;
  std::size_t live_ = 0;
  std::int64_t next_index_ = 0;
  std::vector<Value> list_;
  std::vector<Entry> entries_;
  std::unordered_map<Key, std::uint32_t, KeyHash> slot_of_;
};

/// Calls `visit(key, value)` for every live element in order, references followed.
template <typename Visit>
void for_each(const ArrayData& array, Visit visit) {
  for (std::size_t slot = 0; slot < array.slots(); ++slot)
    if (array.is_live(slot)) visit(array.key_at(slot), array.value_at(slot).target());
}

struct ClassData;
struct FunctionData;

/// An object of a class of the evaluated file, or a closure (`function` set).
struct ObjectData : Container {
  explicit ObjectData(Heap& owner);
  void clear() override;

  const ClassData* type = nullptr;        // null: a class that the file does not have
  std::string class_name;                 // source case
  const FunctionData* function = nullptr;  // of a closure
  ArrayRef properties;                    // of a closure: its captured variables
  ObjectRef bound;                        // a closure's $this
};

}  // namespace backscan::php::eval
