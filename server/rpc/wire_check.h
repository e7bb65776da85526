#pragma once

// Why bytes are not a message: asked after the parser refused them, since it
// says only that it did. Pure.

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace twingraph::rpc {

// Walks the bytes of a message as its descriptor says and returns the path of
// the first string field whose bytes are not UTF-8, such as "twin.id"; empty
// where there is none before the bytes stop making sense.
std::string FindInvalidUtf8(const google::protobuf::Descriptor& type,
                            absl::string_view bytes);

}  // namespace twingraph::rpc
