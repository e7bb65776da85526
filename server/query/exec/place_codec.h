#pragma once

// Places of execution as bytes: numbers and byte strings one after the other.
// Not stored; sealed inside page tokens. Pure.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

#include "server/query/document.h"

namespace twingraph::query {

void AppendNumber(uint64_t number, std::string& out);
void AppendBytes(absl::string_view bytes, std::string& out);
void AppendEdge(const EdgeRef& edge, std::string& out);

// Take what was appended off the front; false where it is not there.
bool TakeNumber(absl::string_view& in, uint64_t& number);
bool TakeBytes(absl::string_view& in, std::string& bytes);
bool TakeEdge(absl::string_view& in, EdgeRef& edge);

}  // namespace twingraph::query
