// Covered by tests/server/query/golden_query_test.cc.
#include "server/query/expr/document_path.h"

#include "server/query/row.h"
#include "storage/value/value_writer.h"

namespace twingraph::query {
namespace {

using PathSpan = absl::Span<const std::string>;

ValueView Below(ValueView value, PathSpan path) {
  for (const std::string& step : path) {
    if (!value.is_defined()) {
      return value;
    }
    value = value.Find(step);
  }
  return value;
}

// A text with nothing below it.
ValueView Text(absl::string_view text, PathSpan rest, std::string& scratch) {
  if (!rest.empty()) {
    return ValueView();
  }
  scratch.clear();
  AppendEncodedString(text, scratch);
  return ValueView(scratch);
}

// All of a twin's "$metadata", made as documents show it.
ValueView WholeMetadata(const TwinDocument& twin, std::string& scratch) {
  Cell cell;
  cell.twin = &twin;
  std::string document;
  AppendEncodedCell(cell, document);
  const ValueView metadata = ValueView(document).Find("$metadata");
  scratch = std::string(metadata.bytes());
  return ValueView(scratch);
}

ValueView Metadata(const TwinDocument& twin, PathSpan rest,
                   std::string& scratch) {
  if (rest.empty()) {
    return WholeMetadata(twin, scratch);
  }
  if (rest[0] == "$model") {
    return Text(twin.model, rest.subspan(1), scratch);
  }
  if (rest[0] == "$lastUpdateTime") {
    return Text(FormatQueryTime(twin.last_update_time), rest.subspan(1),
                scratch);
  }
  return Below(twin.metadata, rest);
}

}  // namespace

ValueView ResolveTwin(const TwinDocument& twin, PathSpan path,
                      std::string& scratch) {
  if (!twin.exists() || path.empty()) {
    return ValueView();
  }
  const std::string& first = path[0];
  const PathSpan rest = path.subspan(1);
  if (first[0] != '$') {
    // A component's own metadata stands beside its contents.
    if (!rest.empty() && rest[0] == "$metadata") {
      return Below(twin.component_metadata.is_defined()
                       ? twin.component_metadata.Find(first)
                       : ValueView(),
                   rest.subspan(1));
    }
    return Below(twin.contents, path);
  }
  if (first == "$dtId") {
    return Text(twin.id, rest, scratch);
  }
  if (first == "$etag") {
    return Text(twin.etag, rest, scratch);
  }
  if (first == "$metadata") {
    return Metadata(twin, rest, scratch);
  }
  if (first == "$device") {
    return Below(twin.device, rest);
  }
  return ValueView();
}

ValueView ResolveRelationship(const RelationshipDocument& relationship,
                              PathSpan path, std::string& scratch) {
  if (!relationship.exists() || path.empty()) {
    return ValueView();
  }
  const std::string& first = path[0];
  const PathSpan rest = path.subspan(1);
  if (first[0] != '$') {
    return Below(relationship.contents, path);
  }
  if (first == "$relationshipId") {
    return Text(relationship.id, rest, scratch);
  }
  if (first == "$relationshipName") {
    return Text(relationship.name, rest, scratch);
  }
  if (first == "$sourceId") {
    return Text(relationship.source, rest, scratch);
  }
  if (first == "$targetId") {
    return Text(relationship.target, rest, scratch);
  }
  if (first == "$etag") {
    return Text(relationship.etag, rest, scratch);
  }
  return ValueView();
}

TwinParts PartsOf(PathSpan path) {
  TwinParts parts;
  if (path.empty()) {
    return {.metadata = true, .device = true};
  }
  for (const std::string& step : path) {
    parts.metadata = parts.metadata || step == "$metadata";
  }
  parts.device = path[0] == "$device";
  return parts;
}

}  // namespace twingraph::query
