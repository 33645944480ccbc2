// libyara, loaded when --yara is given: linked, it and what it brings would cost every start of the
// program some milliseconds. Only this room's yara_*.cc include it.
#pragma once

#ifdef BACKSCAN_WITH_YARA
#include <yara.h>

#include "base/error.h"

namespace backscan::external {

/// The functions of libyara that are used here.
struct YaraLibrary {
  decltype(&yr_initialize) initialize = nullptr;
  decltype(&yr_compiler_create) compiler_create = nullptr;
  decltype(&yr_compiler_destroy) compiler_destroy = nullptr;
  decltype(&yr_compiler_set_callback) compiler_set_callback = nullptr;
  decltype(&yr_compiler_set_include_callback) compiler_set_include_callback = nullptr;
  decltype(&yr_compiler_define_string_variable) compiler_define_string = nullptr;
  decltype(&yr_compiler_add_file) compiler_add_file = nullptr;
  decltype(&yr_compiler_get_rules) compiler_get_rules = nullptr;
  decltype(&yr_rules_destroy) rules_destroy = nullptr;
  decltype(&yr_scanner_create) scanner_create = nullptr;
  decltype(&yr_scanner_destroy) scanner_destroy = nullptr;
  decltype(&yr_scanner_set_callback) scanner_set_callback = nullptr;
  decltype(&yr_scanner_set_flags) scanner_set_flags = nullptr;
  decltype(&yr_scanner_define_string_variable) scanner_define_string = nullptr;
  decltype(&yr_scanner_scan_mem_blocks) scanner_scan_blocks = nullptr;
};

/// Loads and initialises the library, once; it stays until the program ends.
[[nodiscard]] Result<const YaraLibrary*> yara_library();

/// What a number of error.h means, in words.
[[nodiscard]] std::string yara_error_text(int error);

}  // namespace backscan::external
#endif
