// Life and death of evaluated values: reference counting, accounting, cycles.
#include "php/value.h"

#include "php/value_array.h"
#include "php/value_heap.h"

namespace backscan::php::eval {

std::string_view describe(Why why) {
  switch (why) {
    case Why::kRequest: return "depends on the request";
    case Why::kEnvironment: return "depends on time, chance or the server";
    case Why::kRemote: return "is fetched over the network";
    case Why::kFile: return "is read from another file";
    case Why::kUnsupported: return "needs something that is not evaluated";
    case Why::kBudget: return "is larger than the budget";
  }
  return "";
}

void Value::hold(HeapBlock* block, Kind kind) {
  if (block == nullptr) return;
  kind_ = kind;
  block_ = block;
  ++block->references;
}

Value::Value(const StringRef& text) { hold(text.get(), Kind::kString); }
Value::Value(const ArrayRef& array) { hold(array.get(), Kind::kArray); }
Value::Value(const ObjectRef& object) { hold(object.get(), Kind::kObject); }
Value::Value(const CellRef& cell) { hold(cell.get(), Kind::kReference); }

ArrayData* Value::array() const {
  return is_array() ? static_cast<ArrayData*>(block_) : nullptr;
}
ObjectData* Value::object() const {
  return is_object() ? static_cast<ObjectData*>(block_) : nullptr;
}

void dispose(HeapBlock* block) { block->heap.dispose(block); }

HeapBlock::~HeapBlock() { heap.account(*this, 0); }

Container::Container(Heap& owner) : HeapBlock(owner), next(owner.containers_) {
  if (next != nullptr) next->previous = this;
  owner.containers_ = this;
}

Container::~Container() {
  if (previous != nullptr)
    previous->next = next;
  else
    heap.containers_ = next;
  if (next != nullptr) next->previous = previous;
}

void Heap::dispose(HeapBlock* block) {
  // Freed one after the other: a list of a million nested arrays must not become a million frames.
  dead_.push_back(block);
  if (is_draining_) return;
  is_draining_ = true;
  while (!dead_.empty()) {
    const HeapBlock* const next = dead_.back();
    dead_.pop_back();
    delete next;
  }
  is_draining_ = false;
}

Heap::~Heap() {
  characters_.fill(nullptr);
  coded_characters_.fill(nullptr);
  xored_characters_.fill(nullptr);
  // Whatever is left hangs in cycles: hold all of it, empty all of it, let go.
  std::vector<boost::intrusive_ptr<Container>> held;
  for (Container* each = containers_; each != nullptr; each = each->next) held.emplace_back(each);
  for (const auto& each : held) each->clear();
}

Value Heap::string(std::string bytes, const Provenance& provenance) {
  if (bytes.size() > limits_.max_value_bytes) return Unknown{Why::kBudget, true};
  StringRef made{new StringData{*this}};
  made->bytes = std::move(bytes);
  made->provenance = provenance;
  account(*made, sizeof(StringData) + made->bytes.capacity());
  return made;
}

Value Heap::shared(std::array<StringRef, 256>& table, unsigned char byte, std::string_view step) {
  StringRef& slot = table[byte];
  if (!slot) {
    slot = StringRef{new StringData{*this}};
    slot->bytes.assign(1, static_cast<char>(byte));
    if (!step.empty()) slot->provenance = with_step({}, step);
  }
  return slot;
}

ArrayRef Heap::array() { return ArrayRef{new ArrayData{*this}}; }

CellRef Heap::cell(Value value) {
  CellRef made{new Cell{*this}};
  made->value = std::move(value);
  account(*made, sizeof(Cell));
  return made;
}

Provenance Heap::with_step(const Provenance& provenance, std::string_view name) {
  const Step* const parent = provenance.steps;
  if (parent != nullptr && parent->length >= kMaxSteps) return provenance;
  const auto [it, is_new] = steps_.try_emplace({name, parent}, Step{name, parent});
  if (is_new && parent != nullptr) it->second.length = parent->length + 1;
  return {&it->second, provenance.origin};
}

}  // namespace backscan::php::eval
