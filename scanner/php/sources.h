// Where data comes into PHP: superglobals, request functions, files and hosts read. Apart from the
// function table, because "what counts as outside" is one question of its own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "php/flow_value.h"

namespace backscan::php::flow {

/// Interns sources by text, so that `$_POST['email']` read twice is one source.
class SourceTable {
 public:
  explicit SourceTable(Values& values) : values_(values) {}

  [[nodiscard]] const Source* intern(std::string_view text, std::string_view field,
                                     const Source* whole, Offset begin, Offset end);

 private:
  Values& values_;
  std::map<std::string_view, const Source*> table_;
};

/// Origins of a superglobal by name without '$' ("_POST", "HTTP_GET_VARS"); 0: it is none.
[[nodiscard]] std::uint16_t superglobal_origins(std::string_view name);

/// Origins of one `$_SERVER` key, or of getenv() of it.
[[nodiscard]] std::uint16_t server_origins(std::string_view key);

/// The value of `base[key]` or `base->key` where base is no known array: each hole becomes that
/// field of its source. An empty key: an element nobody can name.
[[nodiscard]] Value field_of(Values& values, SourceTable& sources, const Value& base,
                             std::string_view key, Offset begin, Offset end);

/// A part of each hole of `whole`, as `function` (substr, explode, …) takes it.
[[nodiscard]] Value part_of(Values& values, SourceTable& sources, const Value& whole,
                            std::string_view function);

/// True for names of methods and functions through which frameworks read the request, such as
/// `$this->input->post()` or `Input::get()`; `scope` is the receiver's last name, lower-cased.
[[nodiscard]] bool is_request_reader(std::string_view scope, std::string_view method);
[[nodiscard]] bool may_read_request(std::string_view method);

/// True where `path` names another host (http://, ftp://, …).
[[nodiscard]] bool is_remote_path(std::string_view path);

}  // namespace backscan::php::flow
