// Whether a file is a part of a larger program: it calls functions or classes that neither PHP nor
// the file itself brings. Its own file, because it is a question about the whole file, not a sink.
#pragma once

#include <string_view>

#include "php/ast.h"
#include "php/flow_program.h"

namespace backscan::php::flow {

/// True where at least two foreign functions or classes are used below `root`. Who may get to such
/// a file is often decided by its program; a file planted on a site stands for itself.
[[nodiscard]] bool needs_application(const Program& program, const Node* root);

/// sinks_foreign_names.cc: names that PHP and its usual extensions bring; lower case.
[[nodiscard]] bool is_function_of_php(std::string_view lower_name);
[[nodiscard]] bool is_class_of_php(std::string_view lower_name);

}  // namespace backscan::php::flow
