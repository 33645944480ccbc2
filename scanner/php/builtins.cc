// Finds built-ins by name and runs them under the budget.
#include "php/builtins.h"

#include <unordered_map>

namespace backscan::php::eval {
namespace {

using Table = std::unordered_map<std::string_view, const Builtin*>;

Table make_table() {
  Table table;
  for (const auto rows :
       {array_builtins(), array_order_builtins(), callback_builtins(), code_builtins(),
        decoder_builtins(), file_builtins(), format_builtins(), hash_builtins(), json_builtins(),
        serialize_builtins(),
        math_builtins(), output_builtins(), pack_builtins(), regex_builtins(), replace_builtins(),
        string_builtins(), split_builtins(), type_builtins()})
    for (const Builtin& row : rows) table.emplace(row.name, &row);
  return table;
}

std::size_t weight(const Value& value) {
  const Value& v = value.target();
  if (v.is_string()) return v.bytes().size();
  return 0;
}

bool is_empty(const Provenance& provenance) {
  return provenance.steps == nullptr && provenance.origin == Span{};
}

// A long string among the arguments of a call that cannot be answered: something stays closed.
constexpr std::size_t kDataBytes = 64;

}  // namespace

std::string_view Call::text(std::size_t i) {
  if (i >= args.size()) return {};
  Value& argument = args[i];
  if (!argument.target().is_string()) argument = to_string(heap, argument);
  return argument.target().bytes();
}

ArrayData* Call::own_array(std::size_t i) const {
  if (i >= args.size()) return nullptr;
  Value& target = args[i].target();
  ArrayData* array = target.array();
  if (array == nullptr) return nullptr;
  if (array->references > 1) {
    budget.step(array->slots() / 8);
    target = array->copy();
  }
  return target.array();
}

void Call::assign(std::size_t i, Value value) const {
  if (i >= args.size()) return;
  if (Cell* cell = args[i].cell()) cell->value = std::move(value);
}

Provenance Call::provenance(std::size_t i) const {
  const StringData* text = value(i).string();
  if (text != nullptr) return text->provenance;
  const ArrayData* array = value(i).array();
  if (array == nullptr) return {};
  for (std::size_t slot = 0; slot < array->slots() && slot < 4; ++slot)
    if (const StringData* element = array->value_at(slot).target().string())
      if (element->provenance.steps != nullptr || element->provenance.origin.end != 0)
        return element->provenance;
  return {};
}

Value Call::string(std::string bytes, std::size_t from) const {
  if (bytes.size() <= 1)
    return bytes.empty() ? heap.string(std::string{}) : heap.character(static_cast<unsigned char>(bytes[0]));
  return heap.string(std::move(bytes), provenance(from));
}

Value Call::string(BoundedText& text, std::size_t from) const {
  if (text.is_overflown()) return Unknown{Why::kBudget, true};
  return string(text.take(), from);
}

bool Builtin::takes_reference(std::size_t argument) const {
  switch (argument) {
    case 0: return (flags & kRefFirst) != 0;
    case 1: return (flags & (kRefSecond | kRefRest)) != 0;
    case 2: return (flags & (kRefThird | kRefRest)) != 0;
    case 3: return (flags & (kRefFourth | kRefRest)) != 0;
    default: return (flags & kRefRest) != 0;
  }
}

const Builtin* find_builtin(std::string_view lower_name) {
  static const Table kTable = make_table();
  const auto it = kTable.find(lower_name);
  return it == kTable.end() ? nullptr : it->second;
}

Value run_builtin(const Builtin& builtin, Call& call) {
  std::size_t bytes = 0;
  bool had_data = false;
  const Unknown* unknown = nullptr;
  for (std::size_t i = 0; i < call.count(); ++i) {
    const Value& value = call.value(i);
    bytes += weight(value);
    had_data |= weight(value) >= kDataBytes;
    if (value.unknown() == nullptr || builtin.takes_reference(i)) continue;
    unknown = value.unknown();
    had_data |= unknown->had_data;
  }
  if (call.count() < builtin.min_args || !call.budget.bytes(bytes)) return Why::kUnsupported;
  if (unknown != nullptr && (builtin.flags & kTakesUnknown) == 0)
    return Unknown{unknown->why, had_data};
  Value result = builtin.run(call);
  call.budget.bytes(weight(result));
  if ((builtin.flags & kDecoder) == 0 || result.bytes().size() < 2) return result;
  if (result.string()->references > 1) result = call.heap.string(result.bytes());
  StringData* const made = result.string();
  if (made == nullptr) return result;
  Provenance from = made->provenance;
  for (std::size_t i = 0; is_empty(from) && i < call.count(); ++i) from = call.provenance(i);
  made->provenance = call.heap.with_step(from, builtin.name);
  return result;
}

}  // namespace backscan::php::eval
