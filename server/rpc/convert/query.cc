#include "server/rpc/convert/query.h"

#include "google/protobuf/struct.pb.h"

#include "server/rpc/convert/value.h"
#include "twingraph/v1/query.pb.h"

namespace twingraph::rpc {
namespace {

using ProtoStruct = google::protobuf::Struct;
using ProtoValue = google::protobuf::Value;

// Writes an entry of a Struct that holds a Struct.
template <typename Write>
void WriteMapEntry(absl::string_view key, WireWriter& writer, Write write) {
  constexpr int kKeyField = 1;
  constexpr int kValueField = 2;
  WriteMessage(writer, ProtoStruct::kFieldsFieldNumber, [&] {
    writer.OneofString(kKeyField, key);
    WriteMessage(writer, kValueField, [&] {
      WriteMessage(writer, ProtoValue::kStructValueFieldNumber, write);
    });
  });
}

// A component shows its metadata among its properties.
void WriteContents(const query::TwinDocument& twin, WireWriter& writer) {
  for (size_t i = 0; i < twin.contents.size(); ++i) {
    const auto [name, value] = twin.contents.entry(i);
    const ValueView metadata = twin.component_metadata.is_defined()
                                   ? twin.component_metadata.Find(name)
                                   : ValueView();
    if (!metadata.is_defined()) {
      WriteStructEntry(name, value, writer);
      continue;
    }
    WriteMapEntry(name, writer, [&, component = value] {
      WriteStruct(component, writer);
      WriteStructEntry("$metadata", metadata, writer);
    });
  }
}

void WriteTwinDocument(const query::TwinDocument& twin, WireWriter& writer) {
  WriteStructEntry("$dtId", twin.id, writer);
  WriteStructEntry("$etag", twin.etag, writer);
  if (twin.contents.is_defined()) {
    WriteContents(twin, writer);
  }
  WriteMapEntry("$metadata", writer, [&] {
    WriteStructEntry("$model", twin.model, writer);
    WriteStructEntry("$lastUpdateTime",
                     query::FormatQueryTime(twin.last_update_time), writer);
    if (twin.metadata.is_defined()) {
      WriteStruct(twin.metadata, writer);
    }
  });
  if (twin.device.is_defined()) {
    WriteStructEntry("$device", twin.device, writer);
  }
}

void WriteRelationshipDocument(const query::RelationshipDocument& document,
                               WireWriter& writer) {
  WriteStructEntry("$relationshipId", document.id, writer);
  WriteStructEntry("$etag", document.etag, writer);
  WriteStructEntry("$sourceId", document.source, writer);
  WriteStructEntry("$relationshipName", document.name, writer);
  WriteStructEntry("$targetId", document.target, writer);
  if (document.contents.is_defined()) {
    WriteStruct(document.contents, writer);
  }
}

// The content of a google.protobuf.Value; null for an undefined cell.
void WriteCell(const query::Cell& cell, WireWriter& writer) {
  if (cell.twin != nullptr) {
    WriteMessage(writer, ProtoValue::kStructValueFieldNumber,
                 [&] { WriteTwinDocument(*cell.twin, writer); });
  } else if (cell.relationship != nullptr) {
    WriteMessage(writer, ProtoValue::kStructValueFieldNumber, [&] {
      WriteRelationshipDocument(*cell.relationship, writer);
    });
  } else if (cell.value.is_defined()) {
    WriteValue(cell.value, writer);
  } else {
    writer.OneofUint(ProtoValue::kNullValueFieldNumber, 0);
  }
}

}  // namespace

void WriteRow(absl::Span<const query::Cell> cells, WireWriter& writer) {
  for (const query::Cell& cell : cells) {
    WriteMessage(writer, v1::QueryRow::kValuesFieldNumber,
                 [&] { WriteCell(cell, writer); });
  }
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].is_undefined()) {
      // Not packed, which every reader takes; absent cells are few.
      writer.OneofUint(v1::QueryRow::kAbsentFieldNumber, i);
    }
  }
}

void WriteStats(const query::ExecutionStats& stats, absl::Duration elapsed,
                WireWriter& writer) {
  using Proto = v1::QueryStats;
  writer.Double(Proto::kChargeFieldNumber, stats.Charge());
  writer.Uint(Proto::kRowsFieldNumber, stats.rows);
  writer.Uint(Proto::kDocumentsReadFieldNumber, stats.documents_read);
  writer.Uint(Proto::kEdgesVisitedFieldNumber, stats.edges_visited);
  writer.Uint(Proto::kIndexEntriesReadFieldNumber, stats.index_entries_read);
  WriteDuration(Proto::kElapsedFieldNumber, elapsed, writer);
}

}  // namespace twingraph::rpc
