// Built-ins on files, over the evaluation's own few files (eval_files.h): programs that carry their
// data behind __halt_compiler() read themselves, droppers include what they have just written.
#include <algorithm>

#include <fmt/format.h>

#include "php/builtins.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {
namespace {

Value read_path(Call& c, std::string_view path) {
  Files& files = c.evaluator.files();
  Value content = files.read(c.heap, path);
  if (content.is_string()) c.budget.bytes(content.bytes().size());
  if (files.is_self(path)) c.evaluator.note_self_reading(c.site);
  return content;
}

Value cut(Call& c, const Value& content, std::int64_t offset, std::int64_t length) {
  if (!content.is_string()) return content;
  const std::string_view bytes = content.bytes();
  if (offset < 0) offset = std::max<std::int64_t>(0, static_cast<std::int64_t>(bytes.size()) + offset);
  const std::string_view rest = bytes.substr(std::min(bytes.size(), static_cast<std::size_t>(offset)));
  const std::size_t most = length < 0 ? rest.size() : static_cast<std::size_t>(length);
  return c.heap.string(rest.substr(0, most), content.string()->provenance);
}

Value file_get_contents(Call& c) {
  const Value content = read_path(c, c.text(0));
  if (!c.has(3) && !c.has(4)) return content;
  return cut(c, content, c.integer(3), c.integer(4, -1));
}

ArrayRef lines_of(Call& c, const Value& content, std::int64_t flags) {
  ArrayRef lines = c.heap.array();
  std::string_view rest = content.bytes();
  while (!rest.empty() && c.budget.step() && !c.heap.is_exhausted()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end);
    if ((flags & 2) != 0 && line.ends_with('\n')) line.remove_suffix(1);
    if ((flags & 4) != 0 && line.empty()) continue;
    lines->append(c.heap.string(line, content.string()->provenance));
  }
  return lines;
}

Value file(Call& c) {
  const Value content = read_path(c, c.text(0));
  return content.is_string() ? Value{lines_of(c, content, c.integer(1))} : content;
}

Value readfile(Call& c) {
  c.evaluator.echo(read_path(c, c.text(0)));
  return Why::kFile;
}

Value file_put_contents(Call& c) {
  if (c.value(0).is_unknown()) {
    c.evaluator.note_decoded(c.value(1), c.site);
    return *c.value(0).unknown();
  }
  Value content = c.value(1);
  if (const ArrayData* parts = content.array()) {
    BoundedText text{c.heap};
    for_each(*parts, [&](const Key&, const Value& part) { text.add(to_text(part)); });
    content = c.string(text, 1);
  }
  c.evaluator.note_decoded(content, c.site);
  c.budget.bytes(content.bytes().size());
  c.evaluator.files().write(c.heap, c.text(0), content, (c.integer(2) & 8) != 0);
  return Why::kFile;
}

Value fopen(Call& c) {
  if (c.value(0).is_unknown()) return *c.value(0).unknown();
  const std::string path{c.text(0)};
  const bool is_read = c.text(1).starts_with('r');
  Handle handle{.path = path, .is_writable = !is_read};
  if (is_read) {
    handle.content = read_path(c, path);
    if (handle.content.is_unknown()) return handle.content;
  } else if (c.text(1).starts_with('w')) {
    c.evaluator.files().write(c.heap, path, c.heap.string(""), false);
  }
  ObjectRef resource{new ObjectData{c.heap}};
  resource->class_name = "resource";
  resource->properties->set(Key{std::string{"id"}}, c.evaluator.files().open(std::move(handle)));
  return resource;
}

Value tmpfile(Call& c) {
  Files& files = c.evaluator.files();
  ObjectRef resource{new ObjectData{c.heap}};
  resource->class_name = "resource";
  const std::string path = fmt::format("/tmp/php{}", ++files.temporary_names);
  resource->properties->set(Key{std::string{"id"}}, files.open({.path = path, .is_writable = true}));
  return resource;
}

Handle* handle_of(Call& c, std::size_t i = 0) {
  ObjectData* object = c.value(i).object();
  if (object == nullptr || object->class_name != "resource") return nullptr;
  const Value* id = object->properties->find(Key{std::string{"id"}});
  return id == nullptr ? nullptr : c.evaluator.files().find(to_int(*id));
}

std::string_view rest_of(const Handle& handle) {
  const std::string_view bytes = handle.content.bytes();
  return bytes.substr(std::min(handle.position, bytes.size()));
}

Value take(Call& c, Handle& handle, std::size_t length) {
  const std::string_view bytes = rest_of(handle).substr(0, length);
  handle.position += bytes.size();
  return c.heap.string(bytes);
}

Value fread(Call& c) {
  Handle* handle = handle_of(c);
  if (handle == nullptr) return Why::kFile;
  return take(c, *handle, static_cast<std::size_t>(std::max<std::int64_t>(0, c.integer(1))));
}

Value fgets(Call& c) {
  Handle* handle = handle_of(c);
  if (handle == nullptr) return Why::kFile;
  const std::string_view rest = rest_of(*handle);
  if (rest.empty()) return false;
  std::size_t end = std::min(rest.find('\n'), rest.size() - 1) + 1;
  if (c.has(1) && c.integer(1) > 1) end = std::min(end, static_cast<std::size_t>(c.integer(1) - 1));
  c.budget.bytes(end);
  return take(c, *handle, end);
}

Value fgetc(Call& c) {
  Handle* handle = handle_of(c);
  if (handle == nullptr) return Why::kFile;
  return rest_of(*handle).empty() ? Value{false} : take(c, *handle, 1);
}

Value stream_get_contents(Call& c) {
  Handle* handle = handle_of(c);
  if (handle == nullptr) return Why::kFile;
  if (c.has(2) && c.integer(2) >= 0) handle->position = static_cast<std::size_t>(c.integer(2));
  const std::int64_t length = c.integer(1, -1);
  return take(c, *handle, length < 0 ? std::string::npos : static_cast<std::size_t>(length));
}

Value feof(Call& c) {
  Handle* handle = handle_of(c);
  if (handle == nullptr) return Why::kFile;
  return rest_of(*handle).empty();
}

Value fseek(Call& c) {
  Handle* handle = handle_of(c);
  if (handle == nullptr) return Why::kFile;
  const std::int64_t whence = c.integer(2);
  const auto size = static_cast<std::int64_t>(handle->content.bytes().size());
  const std::int64_t base = whence == 2 ? size : (whence == 1 ? static_cast<std::int64_t>(handle->position) : 0);
  const std::int64_t offset = std::clamp(c.integer(1), -size - base, size);
  handle->position = static_cast<std::size_t>(std::clamp<std::int64_t>(base + offset, 0, size));
  return std::int64_t{0};
}

Value ftell(Call& c) {
  Handle* handle = handle_of(c);
  return handle == nullptr ? Value{Why::kFile} : Value{static_cast<std::int64_t>(handle->position)};
}

Value rewind(Call& c) {
  if (Handle* handle = handle_of(c)) handle->position = 0;
  return true;
}

Value fwrite(Call& c) {
  c.evaluator.note_decoded(c.value(1), c.site);
  Handle* handle = handle_of(c);
  if (handle == nullptr || !handle->is_writable) return Why::kFile;
  const Value before = c.evaluator.files().read(c.heap, handle->path);
  c.budget.bytes(before.bytes().size() + c.value(1).bytes().size());
  c.evaluator.files().write(c.heap, handle->path, c.value(1), true);
  return static_cast<std::int64_t>(c.value(1).bytes().size());
}

Value stream_get_meta_data(Call& c) {
  Handle* handle = handle_of(c);
  if (handle == nullptr) return Why::kFile;
  ArrayRef made = c.heap.array();
  made->set(Key{std::string{"uri"}}, c.heap.string(handle->path));
  return made;
}

Value tempnam(Call& c) {
  return c.heap.string(fmt::format("/tmp/{}{}", c.text(1), ++c.evaluator.files().temporary_names));
}
Value temp_directory(Call& c) { return c.heap.string("/tmp"); }

Value file_exists(Call& c) {
  const Files& files = c.evaluator.files();
  if (files.is_self(c.text(0)) || files.was_written(c.text(0))) return true;
  return Why::kFile;
}

Value filesize(Call& c) {
  const Value content = c.evaluator.files().read(c.heap, c.text(0));
  if (!content.is_string()) return content;
  c.budget.bytes(content.bytes().size());
  return static_cast<std::int64_t>(content.bytes().size());
}

Value realpath(Call& c) {
  const Files& files = c.evaluator.files();
  return files.is_self(c.text(0)) || files.was_written(c.text(0)) ? c.value(0) : Value{Why::kFile};
}

Value basename(Call& c) {
  std::string_view path = c.text(0);
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  if (slash != path.npos) path.remove_prefix(slash + 1);
  std::string name{path};
  const std::string_view suffix = c.text(1);
  if (c.has(1) && name.size() > suffix.size() && name.ends_with(suffix)) name.resize(name.size() - suffix.size());
  return c.string(std::move(name));
}

Value dirname(Call& c) {
  const std::string_view path = c.text(0);
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos) return c.heap.string(".");
  return c.heap.string(slash == 0 ? std::string_view{"/"} : path.substr(0, slash));
}

Value done(Call&) { return true; }

constexpr Builtin kFileRows[] = {
    {"file_get_contents", file_get_contents}, {"file", file}, {"readfile", readfile},
    {"php_strip_whitespace", file_get_contents}, {"highlight_file", readfile}, {"show_source", readfile},
    {"file_put_contents", file_put_contents, 2, kTakesUnknown}, {"fopen", fopen, 2, kTakesUnknown},
    {"tmpfile", tmpfile, 0}, {"fread", fread, 2}, {"fgets", fgets}, {"fgetc", fgetc},
    {"stream_get_contents", stream_get_contents}, {"feof", feof}, {"fseek", fseek, 2},
    {"ftell", ftell}, {"rewind", rewind}, {"fclose", done}, {"fflush", done}, {"flock", done},
    {"fwrite", fwrite, 2, kTakesUnknown}, {"fputs", fwrite, 2, kTakesUnknown},
    {"stream_get_meta_data", stream_get_meta_data}, {"tempnam", tempnam, 0, kTakesUnknown},
    {"sys_get_temp_dir", temp_directory, 0}, {"file_exists", file_exists}, {"is_file", file_exists},
    {"is_readable", file_exists}, {"filesize", filesize}, {"realpath", realpath},
    {"basename", basename}, {"dirname", dirname}, {"unlink", done}, {"chmod", done}, {"touch", done},
};

}  // namespace

std::span<const Builtin> file_builtins() { return kFileRows; }

}  // namespace backscan::php::eval
