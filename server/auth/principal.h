#pragma once

// Who makes a call. Part of every call from the first day; who somebody is and
// what they may do is decided in this layer, free of transport types.

#include <string>

namespace twingraph::auth {

struct Principal {
  // How logs and the record of changes name the caller.
  std::string name = "anonymous";
};

}  // namespace twingraph::auth
