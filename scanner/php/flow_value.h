// Abstract values of the flow analysis: what a PHP expression may hold, as pieces of text and holes
// with an origin. Apart from the interpreter, because every sink, source and guard speaks in them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "php/ast.h"

namespace backscan::php::flow {

/// Where the bytes of a hole come from; a set, because decoding or splitting adds to it.
enum Origin : std::uint16_t {
  kConstant = 1,
  kRequest = 2,      // a field the visitor chooses
  kHeader = 4,       // a request header that describes the browser (User-Agent, Referer)
  kRemote = 8,       // fetched from another host
  kList = 16,        // a line of a file or of a split list
  kDecoded = 32,     // went through base64, gzip, rot13, …
  kUnknown = 64,     // the analysis cannot tell
  kServerInfo = 128, // about this host or the visitor's connection
  kUpload = 256,     // an uploaded file's temporary name, its contents, or its declared name
  kSession = 512,
  kUndefined = 1024, // a variable that this file never assigns
};
inline constexpr std::uint16_t kOutside = kRequest | kRemote | kList | kDecoded;

/// What else is known of a hole; survives string functions.
enum Mark : std::uint16_t {
  kMacro = 1,     // macros for each recipient were replaced in it
  kRandom = 2,    // random numbers, unique ids
  kTime = 4,      // the clock or a file's age
  kCaptcha = 8,   // a captcha service's answer
  kHash = 16,     // md5, sha1, crypt
  kFileName = 32, // chosen by the client as a file's name
  kMxLookup = 64,
  kInside = 128,  // stands behind other text, though a seam precedes it
};

/// Why a hole cannot do harm in a role. Bits hold for every way the value can come about.
enum Safety : std::uint16_t {
  kSafeAddress = 1,   // validated as one mail address
  kSafeNoBreaks = 2,  // holds no line break
  kSafeAllowed = 4,   // one of the site's own choices
  kSafeNumber = 8,
  kSafeQuoted = 16,  // one word of a command, a PHP string or a pattern
};

/// One thing that data comes from, interned by text so that identity means equality:
/// `$_POST['email']`, of which `whole` is `$_POST` and `field` "email". A part of a text, such as
/// `substr($_POST['email'])`, is a source of its own: checking it does not check the whole.
struct Source {
  std::string_view text;
  std::string_view field;
  const Source* whole = nullptr;
  Offset begin = 0;
  Offset end = 0;
};

/// The way of a hole through assignments, newest first.
struct Trace {
  Offset begin = 0;
  Offset end = 0;
  const Trace* before = nullptr;
  std::uint32_t length = 1;
};

struct Piece {
  std::string_view text;  // of a constant
  const Source* source = nullptr;
  const Trace* trace = nullptr;
  std::uint16_t origins = kConstant;
  std::uint16_t marks = 0;
  std::uint16_t safety = 0;
  bool is_alternative = false;  // a seam: what follows is another way the value can be

  /// A known text, even if it was encoded or part of a list before.
  [[nodiscard]] bool is_text() const {
    return (origins & ~(kDecoded | kList)) == kConstant && !is_alternative;
  }
  [[nodiscard]] bool has(std::uint16_t bits) const { return (origins & bits) != 0; }
  /// Texts last: they are the costly part, and often the same bytes.
  bool operator==(const Piece& other) const {
    return source == other.source && trace == other.trace && origins == other.origins &&
           marks == other.marks && safety == other.safety &&
           is_alternative == other.is_alternative && text.size() == other.text.size() &&
           (text.data() == other.text.data() || text == other.text);
  }
};

struct ArrayData;
struct Object;
struct Implied;

/// A value is cheap to copy: it points into the analysis' arena and never changes.
struct Value {
  std::span<const Piece> pieces;
  const ArrayData* array = nullptr;
  Object* object = nullptr;
  const Implied* implied = nullptr;  // what its truth says about other values (guards)

  [[nodiscard]] bool is_nothing() const {
    return pieces.empty() && array == nullptr && object == nullptr;
  }
  [[nodiscard]] std::uint16_t origins() const;
  [[nodiscard]] std::uint16_t marks() const;
  [[nodiscard]] bool has(std::uint16_t bits) const { return (origins() & bits) != 0; }
};

struct Entry {
  std::string_view key;
  Value value;
};

/// Known keys in order, and one value that stands for all the rest.
struct ArrayData {
  std::span<const Entry> entries;
  Value rest;
  bool is_complete = false;  // no element beyond `entries`
  bool is_nonempty = false;  // surely holds something
  // What Values::flat made of it: asked for again and again while an array is built.
  mutable std::span<const Piece> flat;
  mutable bool has_flat = false;
};

enum class Truth : std::uint8_t { kUnknown, kFalse, kTrue };

/// Makes values in one arena, within a budget of bytes; beyond it values degrade to summaries.
class Values {
 public:
  static constexpr std::size_t kMaxPieces = 32;
  static constexpr std::size_t kMaxEntries = 64;
  static constexpr std::size_t kMaxText = 2048;  // of concatenations; literals may be longer

  explicit Values(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  [[nodiscard]] Value text(std::string_view kept);  // `kept` outlives the analysis
  [[nodiscard]] Value own_text(std::string_view copied);
  [[nodiscard]] Value hole(std::uint16_t origins, const Source* source = nullptr,
                           std::uint16_t marks = 0);
  [[nodiscard]] Value unknown() { return hole(kUnknown); }
  [[nodiscard]] Value number() { return with(unknown(), 0, 0, kSafeNumber | kSafeNoBreaks); }
  [[nodiscard]] Value from(std::span<const Piece> pieces);
  [[nodiscard]] Value concat(const Value& a, const Value& b);
  /// A value that is either; pieces both share at the start stand once.
  [[nodiscard]] Value join(const Value& a, const Value& b);
  /// Pieces of `a` and of `b`, side by side, as independent ways.
  [[nodiscard]] Value merge(const Value& a, const Value& b);
  /// Everything an array or object may yield, as plain pieces.
  [[nodiscard]] Value flat(const Value& value);
  /// `value` with bits added to each hole, and to constants where `constants` says so.
  [[nodiscard]] Value with(const Value& value, std::uint16_t origins, std::uint16_t marks = 0,
                           std::uint16_t safety = 0);
  /// Only the holes of `value`, or nothing.
  [[nodiscard]] Value holes(const Value& value);
  /// `value` without its ways that are numbers: what an index or a key is looked up in.
  [[nodiscard]] Value without_numbers(const Value& value);
  [[nodiscard]] Value traced(const Value& value, Offset begin, Offset end,
                             std::uint32_t max_length);
  [[nodiscard]] Value array(std::span<const Entry> entries, const Value& rest, bool is_complete,
                            bool is_nonempty);

  [[nodiscard]] std::string_view keep(std::string_view text);
  [[nodiscard]] bool is_exhausted() const { return used_ > max_bytes_; }
  void charge(std::size_t bytes) { used_ += bytes; }

  template <typename T>
  [[nodiscard]] T* make(const T& value) {
    charge(sizeof(T));
    return new (arena_.allocate(sizeof(T), alignof(T))) T(value);
  }
  template <typename T>
  [[nodiscard]] std::span<const T> make_span(std::span<const T> values) {
    if (values.empty()) return {};
    charge(values.size_bytes());
    auto* stored = static_cast<T*>(arena_.allocate(values.size_bytes(), alignof(T)));
    std::uninitialized_copy(values.begin(), values.end(), stored);
    return {stored, values.size()};
  }

 private:
  /// Makes `pieces` few enough.
  static void collapse(std::vector<Piece>& pieces);
  static void merge_into(std::vector<Piece>& pieces, std::span<const Piece> way);
  void flatten_into(std::vector<Piece>& pieces, const ArrayData& array);
  [[nodiscard]] const ArrayData* join_arrays(const ArrayData* a, const ArrayData* b);
  [[nodiscard]] std::string_view keep_joined(std::string_view head, std::string_view tail);
  /// A list to work on, holding `pieces`, until the next call: no allocation for each value.
  [[nodiscard]] std::vector<Piece>& scratch(std::span<const Piece> pieces);

  Arena arena_;
  std::size_t max_bytes_;
  std::size_t used_ = 0;
  std::vector<Piece> scratch_;
};

/// The text of a value that is one known constant; nothing otherwise.
[[nodiscard]] bool is_constant_text(const Value& value);
[[nodiscard]] std::string constant_text(const Value& value);
[[nodiscard]] Truth truth_of(const Value& value);

}  // namespace backscan::php::flow
