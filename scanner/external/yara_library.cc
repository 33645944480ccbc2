// Loading libyara (yara_library.h).
#include "external/yara_library.h"

#ifdef BACKSCAN_WITH_YARA
#include <dlfcn.h>
#include <fmt/format.h>

namespace backscan::external {
namespace {

class Loader {
 public:
  Loader() : handle_(::dlopen(BACKSCAN_YARA_LIBRARY, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) {
      reason_ = BACKSCAN_YARA_LIBRARY " is not installed (package libyara9 of Debian 12)";
      return;
    }
    YaraLibrary& yara = library_;
    const bool is_whole =
        find(yara.initialize, "yr_initialize") &&
        find(yara.compiler_create, "yr_compiler_create") &&
        find(yara.compiler_destroy, "yr_compiler_destroy") &&
        find(yara.compiler_set_callback, "yr_compiler_set_callback") &&
        find(yara.compiler_set_include_callback, "yr_compiler_set_include_callback") &&
        find(yara.compiler_define_string, "yr_compiler_define_string_variable") &&
        find(yara.compiler_add_file, "yr_compiler_add_file") &&
        find(yara.compiler_get_rules, "yr_compiler_get_rules") &&
        find(yara.rules_destroy, "yr_rules_destroy") &&
        find(yara.scanner_create, "yr_scanner_create") &&
        find(yara.scanner_destroy, "yr_scanner_destroy") &&
        find(yara.scanner_set_callback, "yr_scanner_set_callback") &&
        find(yara.scanner_set_flags, "yr_scanner_set_flags") &&
        find(yara.scanner_define_string, "yr_scanner_define_string_variable") &&
        find(yara.scanner_scan_blocks, "yr_scanner_scan_mem_blocks");
    if (!is_whole)
      reason_ = BACKSCAN_YARA_LIBRARY " lacks a function that was there at build";
    else if (const int error = yara.initialize(); error != ERROR_SUCCESS)
      reason_ = "libyara does not start: " + yara_error_text(error);
  }

  [[nodiscard]] Result<const YaraLibrary*> result() const {
    if (!reason_.empty()) return std::unexpected(Error{"--yara", reason_});
    return &library_;
  }

 private:
  template <typename Function>
  bool find(Function& function, const char* name) {
    function = reinterpret_cast<Function>(::dlsym(handle_, name));
    return function != nullptr;
  }

  void* handle_;
  YaraLibrary library_;
  std::string reason_;
};

}  // namespace

Result<const YaraLibrary*> yara_library() {
  static const Loader loader;
  return loader.result();
}

std::string yara_error_text(int error) {
  switch (error) {
    case ERROR_INSUFFICIENT_MEMORY: return "not enough memory";
    case ERROR_SCAN_TIMEOUT: return "took too long";
    case ERROR_TOO_MANY_MATCHES: return "too many matches";
    case ERROR_TOO_MANY_RE_FIBERS: return "a regular expression grew too wide";
    case ERROR_EXEC_STACK_OVERFLOW: return "a condition is nested too deeply";
    case ERROR_REGULAR_EXPRESSION_TOO_COMPLEX: return "a regular expression is too complex";
    default: return fmt::format("libyara's error {}", error);
  }
}

}  // namespace backscan::external
#endif
