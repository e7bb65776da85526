#include "server/query/row.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "storage/value/value_writer.h"

namespace twingraph::query {
namespace {

// Entries of a map whose values are made here: an entry is kept as key and
// range of bytes until all bytes are there.
class MapBuilder {
 public:
  void Add(absl::string_view key, ValueView value) {
    if (value.is_defined()) {
      entries_.emplace_back(key, value);
    }
  }

  void AddString(absl::string_view key, absl::string_view text) {
    Add(key, ValueView(Made(
                 [&](std::string& out) { AppendEncodedString(text, out); })));
  }

  void AddMap(absl::string_view key, MapBuilder& map) {
    Add(key, ValueView(Made([&](std::string& out) { map.AppendTo(out); })));
  }

  void AddAll(ValueView map) {
    for (size_t i = 0; map.is_defined() && i < map.size(); ++i) {
      const auto [key, value] = map.entry(i);
      Add(key, value);
    }
  }

  void AppendTo(std::string& out) { AppendEncodedMap(entries_, out); }

 private:
  template <typename Append>
  absl::string_view Made(Append append) {
    append(made_.emplace_back());
    return made_.back();
  }

  std::vector<EncodedEntry> entries_;
  std::deque<std::string> made_;
};

// A component shows its metadata among its properties.
void AddContents(const TwinDocument& twin, MapBuilder& map) {
  for (size_t i = 0; i < twin.contents.size(); ++i) {
    const auto [name, value] = twin.contents.entry(i);
    const ValueView metadata = twin.component_metadata.is_defined()
                                   ? twin.component_metadata.Find(name)
                                   : ValueView();
    if (!metadata.is_defined()) {
      map.Add(name, value);
      continue;
    }
    MapBuilder component;
    component.AddAll(value);
    component.Add("$metadata", metadata);
    map.AddMap(name, component);
  }
}

void AppendTwin(const TwinDocument& twin, std::string& out) {
  MapBuilder map;
  map.AddString("$dtId", twin.id);
  map.AddString("$etag", twin.etag);
  AddContents(twin, map);
  MapBuilder metadata;
  metadata.AddString("$model", twin.model);
  metadata.AddString("$lastUpdateTime", FormatQueryTime(twin.last_update_time));
  metadata.AddAll(twin.metadata);
  map.AddMap("$metadata", metadata);
  map.Add("$device", twin.device);
  map.AppendTo(out);
}

void AppendRelationship(const RelationshipDocument& relationship,
                        std::string& out) {
  MapBuilder map;
  map.AddString("$relationshipId", relationship.id);
  map.AddString("$etag", relationship.etag);
  map.AddString("$sourceId", relationship.source);
  map.AddString("$relationshipName", relationship.name);
  map.AddString("$targetId", relationship.target);
  map.AddAll(relationship.contents);
  map.AppendTo(out);
}

}  // namespace

void RowBatch::Reset(size_t columns) {
  columns_ = columns;
  rows_ = 0;
  cells_.clear();
  twins_.clear();
  relationships_.clear();
  bytes_.clear();
}

absl::Span<Cell> RowBatch::AddRow() {
  ++rows_;
  cells_.resize(cells_.size() + columns_);
  return absl::MakeSpan(cells_).last(columns_);
}

const TwinDocument* RowBatch::Keep(const TwinDocument& document) {
  return &twins_.emplace_back(document);
}

const RelationshipDocument* RowBatch::Keep(
    const RelationshipDocument& document) {
  return &relationships_.emplace_back(document);
}

absl::string_view RowBatch::Keep(std::string bytes) {
  return bytes_.emplace_back(std::move(bytes));
}

void AppendEncodedCell(const Cell& cell, std::string& out) {
  if (cell.twin != nullptr) {
    AppendTwin(*cell.twin, out);
  } else if (cell.relationship != nullptr) {
    AppendRelationship(*cell.relationship, out);
  } else if (cell.value.is_defined()) {
    const absl::string_view bytes = cell.value.bytes();
    out.append(bytes.data(), bytes.size());
  } else {
    AppendEncodedNull(out);
  }
}

void AppendEncodedRow(absl::Span<const Cell> row, std::string& out) {
  std::vector<std::string> made(row.size());
  std::vector<ValueView> views(row.size());
  for (size_t i = 0; i < row.size(); ++i) {
    views[i] = row[i].value;
    if (row[i].twin != nullptr || row[i].relationship != nullptr) {
      AppendEncodedCell(row[i], made[i]);
      views[i] = ValueView(made[i]);
    }
  }
  AppendEncodedList(views, out);
}

std::string FormatQueryTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E7SZ", time, absl::UTCTimeZone());
}

}  // namespace twingraph::query
