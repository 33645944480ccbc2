// The few decoders that the flow analysis computes on constants, so that a name or address that is
// only hidden a little is still read. Deep packing is the unpacker's business.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "php/flow_interpreter.h"

namespace backscan::php::flow {

[[nodiscard]] std::optional<std::string> decode_constant(std::string_view function,
                                                         const std::string& text,
                                                         const Call& call);

}  // namespace backscan::php::flow
