// unserialize(): PHP's own text form of values, another place where packers keep tables. Objects are
// not made: what they would run on waking is not evaluated.
#include <charconv>

#include "php/builtins.h"

namespace backscan::php::eval {
namespace {

constexpr int kDeepestNesting = 64;

/// Reads one value after the other; anything malformed ends it for good.
class Reader {
 public:
  explicit Reader(Call& call) : call_(call), rest_(call.text(0)) {}

  Value value(int depth = 0) {
    if (depth > kDeepestNesting || !call_.budget.step() || call_.heap.is_exhausted()) return fail();
    if (takes("N;")) return {};
    if (takes("b:")) return number(';') != 0;
    if (takes("i:")) return number(';');
    if (takes("d:")) return real();
    if (takes("s:")) return text();
    if (takes("a:")) return array(depth);
    return fail();
  }
  [[nodiscard]] bool has_failed() const { return has_failed_; }

 private:
  Value fail() {
    has_failed_ = true;
    rest_ = {};
    return {};
  }
  bool takes(std::string_view prefix) {
    if (!rest_.starts_with(prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }
  std::int64_t number(char end) {
    std::int64_t result = 0;
    const auto [stop, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), result);
    const auto used = static_cast<std::size_t>(stop - rest_.data());
    if (error != std::errc{} || used >= rest_.size() || rest_[used] != end) {
      fail();
      return 0;
    }
    rest_.remove_prefix(used + 1);
    return result;
  }
  Value real() {
    const std::size_t end = rest_.find(';');
    if (end == rest_.npos) return fail();
    const double result = as_double(leading_number(rest_.substr(0, end)));
    rest_.remove_prefix(end + 1);
    return result;
  }
  Value text() {
    const std::int64_t size = number(':');
    if (size < 0 || std::cmp_less(rest_.size(), size) || !takes("\"")) return fail();
    const std::string_view bytes = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(bytes.size());
    if (!takes("\";")) return fail();
    call_.budget.bytes(bytes.size());
    return call_.heap.string(bytes, call_.heap.with_step(call_.provenance(0), "unserialize"));
  }
  Value array(int depth) {
    const std::int64_t count = number(':');
    if (!takes("{")) return fail();
    ArrayRef made = call_.heap.array();
    for (std::int64_t i = 0; i < count && !has_failed_; ++i) {
      const auto key = to_key(value(depth + 1));
      const Value element = value(depth + 1);
      if (!key || has_failed_) return fail();
      made->set(*key, element);
    }
    if (!takes("}")) return fail();
    return made;
  }

  Call& call_;
  std::string_view rest_;
  bool has_failed_ = false;
};

Value unserialize(Call& call) {
  if (const Unknown* unknown = call.value(0).unknown()) return *unknown;
  Reader reader{call};
  const Value result = reader.value();
  if (reader.has_failed()) return Unknown{Why::kUnsupported, call.text(0).size() >= 64};
  return result;
}

constexpr Builtin kSerializeRows[] = {{"unserialize", unserialize}};

}  // namespace

std::span<const Builtin> serialize_builtins() { return kSerializeRows; }

}  // namespace backscan::php::eval
