// The one error value of backscan: what failed (object) and why (reason), never more than a line.
// Its own file because every room returns it and none may depend on another room to do so.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace backscan {

/// An expected failure. `object` names the thing (path, rule, zone, flag), `reason` the cause in
/// words a person understands (for system calls: strerror text, as in "Permission denied").
struct Error {
  std::string object;
  std::string reason;

  /// "object: reason", not yet escaped: escape at the point of output (base/text.h).
  [[nodiscard]] std::string message() const {
    return object.empty() ? reason : object + ": " + reason;
  }
  bool operator==(const Error&) const = default;
};

template <typename T>
using Result = std::expected<T, Error>;

/// The reason text of an errno value ("No such file or directory").
[[nodiscard]] std::string errno_text(int error_number);

/// Shorthand for `std::unexpected(Error{object, errno_text(error_number)})`.
[[nodiscard]] std::unexpected<Error> system_error(std::string_view object, int error_number);

}  // namespace backscan
