// Names of one scope or object and their cells. Its own container, because most hold a handful and
// are made for each call: they lie in one piece of memory, in the order in which they came, and only
// large ones are hashed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace backscan::php::flow {

using Cell = std::uint32_t;

class NameMap {
 public:
  struct Item {
    std::string_view name;
    Cell cell;
  };

  [[nodiscard]] const Item* begin() const { return items_.data(); }
  [[nodiscard]] const Item* end() const { return items_.data() + items_.size(); }
  [[nodiscard]] const Item* find(std::string_view name) const {
    if (slots_.empty()) return std::ranges::find(begin(), end(), name, &Item::name);
    const std::uint32_t at = slots_[slot_of(name)];
    return at == 0 ? end() : &items_[at - 1];
  }
  [[nodiscard]] bool contains(std::string_view name) const { return find(name) != end(); }
  void clear() {
    items_.clear();
    slots_.clear();
  }
  /// As std::map's: a name that is there already keeps its cell.
  void emplace(std::string_view name, Cell cell) {
    if (!contains(name)) append(name, cell);
  }
  void assign(std::string_view name, Cell cell) {
    if (const Item* item = find(name); item != end()) {
      items_[static_cast<std::size_t>(item - begin())].cell = cell;
    } else {
      append(name, cell);
    }
  }

 private:
  static constexpr std::size_t kMaxSearched = 12;

  [[nodiscard]] std::size_t slot_of(std::string_view name) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = std::hash<std::string_view>{}(name) & mask;
    while (slots_[at] != 0 && items_[slots_[at] - 1].name != name) at = (at + 1) & mask;
    return at;
  }
  void append(std::string_view name, Cell cell) {
    items_.push_back({name, cell});
    if (items_.size() <= kMaxSearched) return;
    if (items_.size() * 2 > slots_.size()) {
      slots_.assign(std::max<std::size_t>(64, slots_.size() * 2), 0);
      for (std::size_t i = 0; i < items_.size(); ++i) {
        slots_[slot_of(items_[i].name)] = static_cast<std::uint32_t>(i + 1);
      }
    } else {
      slots_[slot_of(name)] = static_cast<std::uint32_t>(items_.size());
    }
  }

  std::vector<Item> items_;
  std::vector<std::uint32_t> slots_;  // one more than the item's index; empty while there are few
};

}  // namespace backscan::php::flow
