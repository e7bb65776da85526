#pragma once

// Reading and writing JSON text. The only file that names the JSON library;
// there is no tree here: who needs one builds it from the events. Pure; safe
// from any thread.

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace twingraph {

// Receives the parts of a document in order. `end` is the offset in the source
// just past the token; JsonTokenStart finds where it began. Text arguments live
// until the call returns. Return false to stop reading.
class JsonEvents {
 public:
  virtual ~JsonEvents() = default;
  virtual bool Null(size_t end) = 0;
  virtual bool Bool(bool value, size_t end) = 0;
  // `token` is the number as written: whether "3.0" may stand for an integer is
  // for the reader to say, and no digit is lost.
  virtual bool Number(absl::string_view token, size_t end) = 0;
  virtual bool String(absl::string_view text, size_t end) = 0;
  virtual bool BeginObject(size_t end) = 0;
  virtual bool Key(absl::string_view name, size_t end) = 0;
  virtual bool EndObject(size_t end) = 0;
  virtual bool BeginArray(size_t end) = 0;
  virtual bool EndArray(size_t end) = 0;
};

// Deepest nesting of objects and arrays that ParseJson accepts by default.
inline constexpr int kJsonDepthLimit = 128;

// Reads one JSON document (RFC 8259, UTF-8, nothing after it) and reports its
// parts to `events`. Never recurses, so depth costs no stack. OK also when an
// event returned false.
// Errors: INVALID_ARGUMENT / INVALID_FIELD naming line, column and rule.
absl::Status ParseJson(absl::string_view text, JsonEvents& events,
                       int depth_limit = kJsonDepthLimit);

// Offset where the token that ends at `end` begins. REQUIRES: `end` came with
// an event of the same text, which was not EndObject or EndArray.
size_t JsonTokenStart(absl::string_view text, size_t end);

// A place in a text for people, both 1-based; the column counts bytes.
struct TextPosition {
  int line = 1;
  int column = 1;
};

TextPosition PositionAt(absl::string_view text, size_t offset);

// Appends `text` as a JSON string with its quotes. REQUIRES: valid UTF-8.
void AppendJsonString(std::string& out, absl::string_view text);

// Appends the shortest number that reads back as the same double. REQUIRES:
// finite.
void AppendJsonDouble(std::string& out, double number);

}  // namespace twingraph
