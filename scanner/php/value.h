// The values of an evaluated PHP program: small, shared, copy on write, and accounted for. Their own
// file because evaluator and built-ins both speak them, and because every byte a hostile program
// keeps alive must be charged to one Heap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
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
void dispose(HeapBlock* block);
inline void intrusive_ptr_add_ref(HeapBlock* block) { ++block->references; }
inline void intrusive_ptr_release(HeapBlock* block) {
  if (--block->references == 0) dispose(block);
}

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

/// One PHP value: 16 bytes. A reference (&) occurs only inside arrays and argument lists. A tagged
/// union by hand, not std::variant: values are copied at every step of the evaluator.
class Value {
 public:
  Value() : integer_(0) {}
  // NOLINTBEGIN(google-explicit-constructor): a Value is what these are.
  Value(Unknown unknown) : kind_(Kind::kUnknown), unknown_(unknown) {}
  Value(Why why) : Value(Unknown{why}) {}
  Value(bool flag) : kind_(Kind::kBool), flag_(flag) {}
  Value(std::int64_t number) : kind_(Kind::kInteger), integer_(number) {}
  Value(double number) : kind_(Kind::kDouble), double_(number) {}
  Value(const StringRef& text);
  Value(const ArrayRef& array);
  Value(const ObjectRef& object);
  Value(const CellRef& cell);
  // NOLINTEND
  template <typename T>
  Value(T*) = delete;  // a pointer is no bool
  Value(const Value& other) : kind_(other.kind_), integer_(0) {
    copy_payload(other);
    if (is_counted()) ++block_->references;
  }
  Value(Value&& other) noexcept : kind_(std::exchange(other.kind_, Kind::kNull)), integer_(0) {
    copy_payload(other);
  }
  Value& operator=(const Value& other) {
    Value copy{other};
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    Value taken{std::move(other)};
    swap(taken);
    return *this;
  }
  ~Value() {
    if (is_counted()) intrusive_ptr_release(block_);
  }
  void swap(Value& other) noexcept {
    std::swap(kind_, other.kind_);
    std::int64_t kept = 0;
    std::memcpy(&kept, &integer_, sizeof kept);
    copy_payload(other);
    std::memcpy(&other.integer_, &kept, sizeof kept);
  }

  [[nodiscard]] bool is_null() const { return kind_ == Kind::kNull; }
  [[nodiscard]] bool is_unknown() const { return kind_ == Kind::kUnknown; }
  [[nodiscard]] bool is_string() const { return kind_ == Kind::kString; }
  [[nodiscard]] bool is_array() const { return kind_ == Kind::kArray; }
  [[nodiscard]] bool is_object() const { return kind_ == Kind::kObject; }
  [[nodiscard]] bool is_reference() const { return kind_ == Kind::kReference; }
  [[nodiscard]] const bool* boolean() const { return kind_ == Kind::kBool ? &flag_ : nullptr; }
  [[nodiscard]] const std::int64_t* integer() const {
    return kind_ == Kind::kInteger ? &integer_ : nullptr;
  }
  [[nodiscard]] const double* number() const { return kind_ == Kind::kDouble ? &double_ : nullptr; }
  [[nodiscard]] const Unknown* unknown() const { return is_unknown() ? &unknown_ : nullptr; }
  [[nodiscard]] StringData* string() const;
  [[nodiscard]] ArrayData* array() const;
  [[nodiscard]] ObjectData* object() const;
  [[nodiscard]] Cell* cell() const;
  /// The bytes of a string value; empty for every other kind.
  [[nodiscard]] std::string_view bytes() const;
  /// The value behind a reference; itself where it is none.
  [[nodiscard]] const Value& target() const;
  [[nodiscard]] Value& target();

 private:
  enum class Kind : std::uint8_t {
    kNull, kUnknown, kBool, kInteger, kDouble, kString, kArray, kObject, kReference,
  };
  [[nodiscard]] bool is_counted() const { return kind_ >= Kind::kString; }
  // The bytes of whichever member is alive; integer_ is the widest.
  void copy_payload(const Value& other) {
    std::memcpy(&integer_, &other.integer_, sizeof integer_);
  }
  void hold(HeapBlock* block, Kind kind);

  Kind kind_ = Kind::kNull;
  union {
    std::int64_t integer_;
    bool flag_;
    double double_;
    Unknown unknown_;
    HeapBlock* block_;
  };
};

/// A variable's box; two variables that share one are references to each other.
struct Cell : Container {
  using Container::Container;
  void clear() override { value = Value{}; }
  Value value;
};

inline StringData* Value::string() const {
  return is_string() ? static_cast<StringData*>(block_) : nullptr;
}
inline Cell* Value::cell() const {
  return is_reference() ? static_cast<Cell*>(block_) : nullptr;
}
inline std::string_view Value::bytes() const {
  const StringData* text = string();
  return text == nullptr ? std::string_view{} : std::string_view{text->bytes};
}
inline const Value& Value::target() const {
  const Cell* box = cell();
  return box == nullptr ? *this : box->value;
}
inline Value& Value::target() {
  Cell* box = cell();
  return box == nullptr ? *this : box->value;
}

}  // namespace backscan::php::eval
