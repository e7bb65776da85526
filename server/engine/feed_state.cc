#include "server/engine/feed_state.h"

#include <algorithm>

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/value/json.h"

namespace twingraph::engine {

std::string EncodeCursors(const std::vector<Cursor>& cursors) {
  Value map = Value::MakeMap();
  for (const Cursor& cursor : cursors) {
    map.Set(cursor.source, Value::MakeList({Value::Uint(cursor.offset),
                                            Value::String(cursor.bookmark)}));
  }
  return FormatJson(map);
}

absl::StatusOr<std::vector<Cursor>> DecodeCursors(absl::string_view stored) {
  std::vector<Cursor> cursors;
  if (stored.empty()) {
    return cursors;
  }
  ASSIGN_OR_RETURN(const Value map, ParseJsonValue(stored));
  if (!map.is_map()) {
    return DataLoss("the places of a feed are damaged",
                    {{"space", "hub_progress"}});
  }
  for (const auto& [source, place] : map.as_map()) {
    const Value& offset = place.as_list()[0];
    cursors.push_back({.source = source,
                       .offset = offset.kind() == ValueKind::kUint
                                     ? offset.as_uint()
                                     : static_cast<uint64_t>(offset.as_int()),
                       .bookmark = place.as_list()[1].as_string()});
  }
  return cursors;
}

bool Advance(const Cursor& cursor, std::vector<Cursor>& cursors) {
  const auto known = std::find_if(
      cursors.begin(), cursors.end(),
      [&](const Cursor& each) { return each.source == cursor.source; });
  if (known == cursors.end()) {
    cursors.push_back(cursor);
    return true;
  }
  if (cursor.offset <= known->offset) {
    return false;
  }
  *known = cursor;
  return true;
}

}  // namespace twingraph::engine
