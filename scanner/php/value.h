// The values of an evaluated PHP program: small, shared, copy on write, and accounted for. Their own
// file because evaluator and built-ins both speak them, and because every byte a hostile program
// keeps alive must be charged to one Heap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/smart_ptr/intrusive_ptr.hpp>

#include "model/view.h"

namespace backscan::php {
struct Node;
}

namespace backscan::php::eval {

class Heap;
class ArrayData;
struct ObjectData;

/// Why a value cannot be known without running the program.
enum class Why : std::uint8_t {
  kRequest,      // superglobals, php://input
  kEnvironment,  // time, chance, the server's settings
  kRemote,       // fetched over the network
  kFile,         // another file
  kUnsupported,  // a function or construct the evaluator does not have
  kBudget,       // larger than the budget allows
};
[[nodiscard]] std::string_view describe(Why why);

/// One step of how a string came about; a chain through `parent` ends at a literal.
struct Step {
  std::string_view name;  // static storage or a name of the parsed program
  const Step* parent = nullptr;
  std::uint32_t length = 1;
};

/// Where a string comes from: the steps that made it and the literal it was made of.
struct Provenance {
  const Step* steps = nullptr;
  Span origin;  // in the file on disk; empty: not known
};

/// Counted storage that knows its heap; freed without recursion, however deep the nesting.
struct HeapBlock {
  explicit HeapBlock(Heap& owner) : heap(owner) {}
  HeapBlock(const HeapBlock&) = delete;
  HeapBlock& operator=(const HeapBlock&) = delete;
  virtual ~HeapBlock();

  Heap& heap;
  std::uint32_t references = 0;
  std::size_t accounted = 0;
};
void intrusive_ptr_add_ref(HeapBlock* block);
void intrusive_ptr_release(HeapBlock* block);

/// A block that can hold others, so that a heap can break the cycles of a hostile program.
struct Container : HeapBlock {
  explicit Container(Heap& owner);
  ~Container() override;
  virtual void clear() = 0;

  Container* previous = nullptr;
  Container* next = nullptr;
};

struct StringData : HeapBlock {
  using HeapBlock::HeapBlock;
  std::string bytes;
  Provenance provenance;
};
struct Cell;

using StringRef = boost::intrusive_ptr<StringData>;
using ArrayRef = boost::intrusive_ptr<ArrayData>;
using ObjectRef = boost::intrusive_ptr<ObjectData>;
using CellRef = boost::intrusive_ptr<Cell>;

struct Unknown {
  Why why = Why::kUnsupported;
  bool had_data = false;  // made from a long known string: something packed stayed closed
};
struct Null {};

/// One PHP value. `CellRef` occurs only inside arrays and argument lists: a reference (&).
class Value {
 public:
  using Storage = std::variant<Null, Unknown, bool, std::int64_t, double, StringRef, ArrayRef,
                               ObjectRef, CellRef>;
  Value() = default;
  // NOLINTBEGIN(google-explicit-constructor): a Value is what these are.
  Value(Unknown unknown) : storage_(unknown) {}
  Value(Why why) : storage_(Unknown{why}) {}
  Value(bool flag) : storage_(flag) {}
  Value(std::int64_t number) : storage_(number) {}
  Value(double number) : storage_(number) {}
  Value(StringRef text) : storage_(std::move(text)) {}
  Value(ArrayRef array) : storage_(std::move(array)) {}
  Value(ObjectRef object) : storage_(std::move(object)) {}
  Value(CellRef cell) : storage_(std::move(cell)) {}
  // NOLINTEND
  template <typename T>
  Value(T*) = delete;  // a pointer is no bool

  [[nodiscard]] bool is_null() const { return std::holds_alternative<Null>(storage_); }
  [[nodiscard]] bool is_unknown() const { return std::holds_alternative<Unknown>(storage_); }
  [[nodiscard]] bool is_string() const { return std::holds_alternative<StringRef>(storage_); }
  [[nodiscard]] bool is_array() const { return std::holds_alternative<ArrayRef>(storage_); }
  [[nodiscard]] bool is_object() const { return std::holds_alternative<ObjectRef>(storage_); }
  [[nodiscard]] bool is_reference() const { return std::holds_alternative<CellRef>(storage_); }
  [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&storage_); }
  [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&storage_); }
  [[nodiscard]] const double* number() const { return std::get_if<double>(&storage_); }
  [[nodiscard]] const Unknown* unknown() const { return std::get_if<Unknown>(&storage_); }
  [[nodiscard]] StringData* string() const {
    const auto* text = std::get_if<StringRef>(&storage_);
    return text == nullptr ? nullptr : text->get();
  }
  [[nodiscard]] ArrayData* array() const {
    const auto* array = std::get_if<ArrayRef>(&storage_);
    return array == nullptr ? nullptr : array->get();
  }
  [[nodiscard]] ObjectData* object() const {
    const auto* object = std::get_if<ObjectRef>(&storage_);
    return object == nullptr ? nullptr : object->get();
  }
  [[nodiscard]] Cell* cell() const {
    const auto* cell = std::get_if<CellRef>(&storage_);
    return cell == nullptr ? nullptr : cell->get();
  }
  /// The bytes of a string value; empty for every other kind.
  [[nodiscard]] std::string_view bytes() const {
    const StringData* text = string();
    return text == nullptr ? std::string_view{} : std::string_view{text->bytes};
  }
  /// The value behind a reference; itself where it is none.
  [[nodiscard]] const Value& target() const;
  [[nodiscard]] Value& target();

 private:
  Storage storage_;
};

/// A variable's box; two variables that share one are references to each other.
struct Cell : Container {
  using Container::Container;
  void clear() override { value = Value{}; }
  Value value;
};

inline const Value& Value::target() const {
  const Cell* box = cell();
  return box == nullptr ? *this : box->value;
}
inline Value& Value::target() {
  Cell* box = cell();
  return box == nullptr ? *this : box->value;
}

}  // namespace backscan::php::eval
