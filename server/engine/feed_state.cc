#include "server/engine/feed_state.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "storage/base/status.h"
#include "storage/value/json.h"

namespace twingraph::engine {
namespace {

absl::Status Damaged() {
  return DataLoss("the places of a feed are damaged",
                  {{"space", "hub_progress"}});
}

std::optional<uint64_t> DecodeOffset(const Value& offset) {
  if (offset.kind() == ValueKind::kUint) {
    return offset.as_uint();
  }
  if (offset.kind() != ValueKind::kInt || offset.as_int() < 0) {
    return std::nullopt;
  }
  return static_cast<uint64_t>(offset.as_int());
}

// [offset, bookmark]; nullopt where it is something else.
std::optional<Cursor> DecodePlace(const std::string& source,
                                  const Value& place) {
  if (!place.is_list() || place.as_list().size() != 2) {
    return std::nullopt;
  }
  const std::optional<uint64_t> offset = DecodeOffset(place.as_list()[0]);
  const Value& bookmark = place.as_list()[1];
  if (!offset.has_value() || !bookmark.is_string()) {
    return std::nullopt;
  }
  return Cursor{
      .source = source, .offset = *offset, .bookmark = bookmark.as_string()};
}

}  // namespace

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
  const absl::StatusOr<Value> map = ParseJsonValue(stored);
  if (!map.ok() || !map->is_map()) {
    return Damaged();
  }
  for (const auto& [source, place] : map->as_map()) {
    std::optional<Cursor> cursor = DecodePlace(source, place);
    if (!cursor.has_value()) {
      return Damaged();
    }
    cursors.push_back(*std::move(cursor));
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
