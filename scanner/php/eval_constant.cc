// Constants: PHP's own, magic ones, the program's.
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "php/eval_evaluator.h"

namespace backscan::php::eval {
namespace {

struct IntegerConstant {
  std::string_view name;
  std::int64_t value;
};
constexpr IntegerConstant kIntegers[] = {
    {"PHP_INT_MAX", std::numeric_limits<std::int64_t>::max()},
    {"PHP_INT_MIN", std::numeric_limits<std::int64_t>::min()},
    {"PHP_INT_SIZE", 8}, {"PHP_MAJOR_VERSION", 7}, {"PHP_MINOR_VERSION", 1},
    {"PHP_RELEASE_VERSION", 33}, {"PHP_VERSION_ID", 70133}, {"PHP_DEBUG", 0}, {"PHP_ZTS", 0},
    {"PHP_MAXPATHLEN", 4096},
    {"E_ERROR", 1}, {"E_WARNING", 2}, {"E_PARSE", 4}, {"E_NOTICE", 8}, {"E_USER_ERROR", 256},
    {"E_USER_WARNING", 512}, {"E_USER_NOTICE", 1024}, {"E_STRICT", 2048}, {"E_DEPRECATED", 8192},
    {"E_ALL", 32767},
    {"SEEK_SET", 0}, {"SEEK_CUR", 1}, {"SEEK_END", 2}, {"LOCK_SH", 1}, {"LOCK_EX", 2}, {"LOCK_UN", 3},
    {"FILE_USE_INCLUDE_PATH", 1}, {"FILE_IGNORE_NEW_LINES", 2}, {"FILE_SKIP_EMPTY_LINES", 4},
    {"FILE_APPEND", 8},
    {"STR_PAD_LEFT", 0}, {"STR_PAD_RIGHT", 1}, {"STR_PAD_BOTH", 2},
    {"ENT_NOQUOTES", 0}, {"ENT_COMPAT", 2}, {"ENT_QUOTES", 3}, {"ENT_HTML5", 48},
    {"PREG_SPLIT_NO_EMPTY", 1}, {"PREG_SPLIT_DELIM_CAPTURE", 2}, {"PREG_PATTERN_ORDER", 1},
    {"PREG_SET_ORDER", 2},
    {"COUNT_NORMAL", 0}, {"COUNT_RECURSIVE", 1}, {"SORT_REGULAR", 0}, {"SORT_NUMERIC", 1},
    {"SORT_STRING", 2}, {"SORT_ASC", 4}, {"SORT_DESC", 3}, {"EXTR_OVERWRITE", 0}, {"EXTR_SKIP", 1},
    {"ARRAY_FILTER_USE_KEY", 2}, {"ARRAY_FILTER_USE_BOTH", 1}, {"CASE_LOWER", 0}, {"CASE_UPPER", 1},
    {"OPENSSL_RAW_DATA", 1}, {"OPENSSL_ZERO_PADDING", 2}, {"JSON_ERROR_NONE", 0},
    {"PATHINFO_DIRNAME", 1}, {"PATHINFO_BASENAME", 2}, {"PATHINFO_EXTENSION", 4},
    {"PATHINFO_FILENAME", 8}, {"PHP_OUTPUT_HANDLER_START", 1}, {"PHP_OUTPUT_HANDLER_END", 8},
};

struct TextConstant {
  std::string_view name;
  std::string_view value;
};
// PHP 7.1 on Linux: new enough for most programs, old enough for every way to run text as code.
constexpr TextConstant kTexts[] = {
    {"PHP_VERSION", "7.1.33"}, {"PHP_OS", "Linux"}, {"PHP_OS_FAMILY", "Linux"}, {"PHP_EOL", "\n"},
    {"DIRECTORY_SEPARATOR", "/"}, {"PATH_SEPARATOR", ":"}, {"PHP_SAPI", "fpm-fcgi"},
    {"PHP_SHLIB_SUFFIX", "so"},
};

// Both tables and the few doubles by name.
const Value* find_number(std::string_view name) {
  using Table = std::unordered_map<std::string_view, Value>;
  static const Table kTable = [] {
    Table table;
    for (const auto& [known, value] : kIntegers) table.emplace(known, value);
    table.emplace("M_PI", 3.14159265358979323846);
    table.emplace("M_E", 2.7182818284590452354);
    table.emplace("NAN", std::nan(""));
    table.emplace("INF", std::numeric_limits<double>::infinity());
    return table;
  }();
  const auto it = kTable.find(name);
  return it == kTable.end() ? nullptr : &it->second;
}

std::string_view directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Value Evaluator::constant(std::string_view name) const {
  if (const auto it = constants_.find(name); it != constants_.end()) return it->second;
  if (const Value* number = find_number(name)) return *number;
  for (const auto& [known, value] : kTexts)
    if (known == name) return const_cast<Heap&>(heap_).string(value);
  return Why::kEnvironment;
}

void Evaluator::define(std::string_view name, const Value& value) {
  constexpr std::size_t kMost = 20'000;
  if (constants_.size() < kMost) constants_.emplace(std::string{name}, value.target());
}

Value Evaluator::magic_constant(std::string_view upper_name, const Node& node) {
  const Unit& unit = *frame_->unit;
  if (upper_name == "__FILE__") return heap_.string(unit.file);
  if (upper_name == "__DIR__") return heap_.string(directory_of(unit.file));
  if (upper_name == "__LINE__") return std::int64_t{line_of(node)};
  if (upper_name == "__CLASS__" || upper_name == "__TRAIT__")
    return heap_.string(frame_->type == nullptr ? std::string_view{} : std::string_view{frame_->type->name});
  if (upper_name == "__FUNCTION__" || upper_name == "__METHOD__") {
    const FunctionData* function = frame_->function;
    std::string name = function == nullptr ? "" : std::string{function->node->name};
    if (upper_name == "__METHOD__" && frame_->type != nullptr) name = frame_->type->name + "::" + name;
    return heap_.string(std::move(name));
  }
  return heap_.string("");
}

Value Evaluator::read_constant(const Node& node) {
  std::string_view name = node.name;
  if (const std::size_t slash = name.rfind('\\'); slash != name.npos) name.remove_prefix(slash + 1);
  if (name.starts_with("__") && name != "__COMPILER_HALT_OFFSET__") {
    std::string upper{name};
    for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    if (upper.ends_with("__")) return magic_constant(upper, node);
  }
  if (equals_ignoring_case(name, "true")) return true;
  if (equals_ignoring_case(name, "false")) return false;
  if (equals_ignoring_case(name, "null")) return {};
  const Value known = constant(name);
  if (!known.is_unknown()) return known;
  // Before PHP 8 a word that is no constant is its own text; obfuscators write names so. Words in
  // capitals are more likely constants of another file.
  const bool has_lower = name.find_first_of("abcdefghijklmnopqrstuvwxyz") != name.npos;
  return has_lower ? heap_.string(name) : known;
}

}  // namespace backscan::php::eval
