// Turns errno into words; separate from the header so that <system_error> stays out of it.
#include "base/error.h"

#include <system_error>

namespace backscan {

std::string errno_text(int error_number) {
  return std::generic_category().message(error_number);
}

std::unexpected<Error> system_error(std::string_view object, int error_number) {
  return std::unexpected(Error{std::string(object), errno_text(error_number)});
}

}  // namespace backscan
