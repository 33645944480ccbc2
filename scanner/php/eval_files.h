// The files an evaluated program may see: itself, what it wrote, and data: URIs. Nothing outside this
// memory is ever opened; every other path is Unknown.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "php/eval_program.h"
#include "php/value_heap.h"

namespace backscan::php::eval {

struct Handle {
  std::string path;
  Value content;  // a string, or Unknown
  std::size_t position = 0;
  bool is_writable = false;
};

class Files {
 public:
  /// The content of `path`: the file itself, something written before, a data: URI, a php://filter
  /// over these, or Unknown with the reason.
  [[nodiscard]] Value read(Heap& heap, std::string_view path) const;
  /// Whether `path` is the evaluated file itself.
  [[nodiscard]] bool is_self(std::string_view path) const;
  [[nodiscard]] bool was_written(std::string_view path) const;
  void write(Heap& heap, std::string_view path, const Value& content, bool appends);

  /// The number of a new handle.
  std::int64_t open(Handle handle);
  [[nodiscard]] Handle* find(std::int64_t number);

  std::string self_path;
  std::string_view self_content;
  std::uint32_t temporary_names = 0;

 private:
  std::map<std::string, Value, std::less<>> written_;
  std::vector<Handle> handles_;
};

}  // namespace backscan::php::eval
