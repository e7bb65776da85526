#pragma once

// Builds stored values out of stored values, without decoding them: a row of a
// query or a twin's document is put together from pieces that exist as bytes.
// Pure; safe from any thread.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "storage/value/value_codec.h"

namespace twingraph {

// Append one encoded scalar, as EncodeValue does.
void AppendEncodedNull(std::string& out);
void AppendEncodedBool(bool value, std::string& out);
void AppendEncodedString(absl::string_view text, std::string& out);

// Appends an encoded list of `elements`; an undefined one becomes null.
void AppendEncodedList(absl::Span<const ValueView> elements, std::string& out);

using EncodedEntry = std::pair<absl::string_view, ValueView>;

// Sorts `entries` by key and appends them as an encoded map. REQUIRES: keys are
// unique, values defined.
void AppendEncodedMap(std::vector<EncodedEntry>& entries, std::string& out);

}  // namespace twingraph
