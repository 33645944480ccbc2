// The files an evaluated program may see.
#include "php/eval_files.h"

#include "base/text.h"
#include "php/decoders.h"
#include "php/eval_operator.h"

namespace backscan::php::eval {
namespace {

constexpr std::size_t kMaxWritten = 64;
constexpr std::size_t kMaxHandles = 256;

std::string_view last_segment(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == path.npos ? path : path.substr(slash + 1);
}

bool is_remote(std::string_view path) {
  for (const std::string_view scheme : {"http://", "https://", "ftp://", "ftps://", "//"})
    if (path.size() > scheme.size() && equals_ignoring_case(path.substr(0, scheme.size()), scheme))
      return true;
  return false;
}

bool takes_prefix(std::string_view& text, std::string_view prefix) {
  if (text.size() < prefix.size() || !equals_ignoring_case(text.substr(0, prefix.size()), prefix))
    return false;
  text.remove_prefix(prefix.size());
  return true;
}

Value data_uri(Heap& heap, std::string_view rest) {
  takes_prefix(rest, "//");
  const std::size_t comma = rest.find(',');
  if (comma == rest.npos) return false;
  const bool is_base64 = ascii_lower(rest.substr(0, comma)).ends_with(";base64");
  std::string body = decode_url(rest.substr(comma + 1), false);
  if (!is_base64) return heap.string(std::move(body));
  return heap.string(decode_base64(body, false).value_or(""), heap.with_step({}, "base64_decode"));
}

Value filtered(Heap& heap, std::string_view filter, const Value& value) {
  if (!value.is_string()) return value;
  const std::string name = ascii_lower(filter);
  const std::string_view text = value.bytes();
  const auto made = [&](std::string bytes, std::string_view step) {
    return heap.string(std::move(bytes), heap.with_step(value.string()->provenance, step));
  };
  if (name == "convert.base64-decode") return made(decode_base64(text, false).value_or(""), "base64_decode");
  if (name == "convert.base64-encode") return made(encode_base64(text), "base64_encode");
  if (name == "string.rot13") return made(rot13(text), "str_rot13");
  if (name == "string.tolower") return heap.string(ascii_lower(text));
  if (name == "convert.quoted-printable-decode") return made(decode_quoted_printable(text), "quoted_printable_decode");
  if (name == "zlib.inflate") return made(inflate(text, Deflate::kRaw, heap.max_value_bytes()).bytes, "gzinflate");
  return Unknown{Why::kUnsupported, true};
}

}  // namespace

bool Files::is_self(std::string_view path) const {
  if (path == self_path) return true;
  // The evaluated file cannot know where it stands; its own name is meant wherever it is looked for.
  const std::string_view name = last_segment(path);
  return !name.empty() && name == last_segment(self_path) && !was_written(path) && !is_remote(path);
}

bool Files::was_written(std::string_view path) const { return written_.contains(path); }

Value Files::read(Heap& heap, std::string_view path) const {
  if (const auto it = written_.find(path); it != written_.end()) return it->second;
  std::string_view rest = path;
  if (takes_prefix(rest, "data:")) return data_uri(heap, rest);
  if (takes_prefix(rest, "php://filter/")) {
    const std::size_t resource = rest.find("resource=");
    if (resource == rest.npos) return false;
    std::string_view inner = rest.substr(resource + 9);
    // A filter may not name a filter: no nesting to bound.
    Value value = inner.starts_with("php://filter") ? Value{Why::kUnsupported} : read(heap, inner);
    std::string_view filters = rest.substr(0, resource);
    while (!filters.empty()) {
      const std::string_view word = filters.substr(0, filters.find_first_of("/|"));
      filters.remove_prefix(std::min(filters.size(), word.size() + 1));
      std::string_view filter = word;
      takes_prefix(filter, "read=");
      if (!filter.empty()) value = filtered(heap, filter, value);
    }
    return value;
  }
  if (is_self(path)) return heap.string(self_content);
  if (path.starts_with("php://")) return Why::kRequest;
  return is_remote(path) ? Why::kRemote : Why::kFile;
}

void Files::write(Heap& heap, std::string_view path, const Value& content, bool appends) {
  if (written_.size() >= kMaxWritten && !was_written(path)) return;
  Value& slot = written_[std::string{path}];
  if (!appends || slot.is_null()) {
    slot = content;
    return;
  }
  if (!slot.is_string() || !content.is_string() ||
      slot.bytes().size() + content.bytes().size() > heap.max_value_bytes()) {
    slot = Why::kFile;
    return;
  }
  slot = heap.string(std::string{slot.bytes()} + std::string{content.bytes()},
                     joined_provenance(slot, content));
}

std::int64_t Files::open(Handle handle) {
  if (handles_.size() < kMaxHandles) handles_.push_back(std::move(handle));
  return static_cast<std::int64_t>(handles_.size());
}

Handle* Files::find(std::int64_t number) {
  if (number < 1 || std::cmp_greater(number, handles_.size())) return nullptr;
  return &handles_[static_cast<std::size_t>(number - 1)];
}

}  // namespace backscan::php::eval
