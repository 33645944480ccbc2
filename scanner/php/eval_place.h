// A place that can be assigned to, taken apart: a variable and the way into it. Keys are evaluated
// when the place is made, the way is walked only when it is read or written, so that what happens in
// between (the right-hand side) cannot leave a dangling pointer.
#pragma once

#include <string>

#include <boost/container/small_vector.hpp>

#include "php/value_array.h"

namespace backscan::php::eval {

struct PlaceStep {
  enum class Kind : std::uint8_t { kIndex, kAppend, kProperty };
  Kind kind = Kind::kIndex;
  Value key;
};

struct Place {
  CellRef cell;  // null: not known which variable
  boost::container::small_vector<PlaceStep, 2> steps;
  bool is_superglobal = false;
};

}  // namespace backscan::php::eval
