#pragma once

// An error as text on one line, for logs and people. Pure.

#include <string>

#include "absl/status/status.h"

namespace twingraph {

// Code, reason where it has one, and sentence, such as
//   RESOURCE_EXHAUSTED / STORE_FULL: the disk of the store is full; make room
std::string FormatErrorLine(const absl::Status& status);

}  // namespace twingraph
