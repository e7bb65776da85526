#pragma once

// A stored relationship. Shares the bytes that it was read from, like
// TwinRecord. Immutable; a const object may be read from many threads.
//
// Stored form (space `relationship`); integers little endian. Frozen; golden
// test record_golden_test:
//
//   format:1 = 1
//   name:4  target:8
//   id_end:4  source_id_end:4  target_id_end:4      from the end of this table
//   id  source id  target id  contents              contents: an encoded map
//
// The ids of both ends stand here too, so that a list needs no twins: the id of
// a twin's number never changes.

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "storage/graph/number.h"
#include "storage/value/value_codec.h"

namespace twingraph::graph {

class RelationshipRecord {
 public:
  struct Fields {
    absl::string_view id;
    NameNumber name{};
    TwinNumber target{};
    absl::string_view source_id;
    absl::string_view target_id;
    absl::string_view contents;  // an encoded map
  };

  static std::string Encode(const Fields& fields);

  // Reads a row. `name` lives as long as the graph store.
  // Errors: DATA_LOSS / STORE_CORRUPT.
  static absl::StatusOr<RelationshipRecord> Decode(TwinNumber source,
                                                   RelationshipNumber number,
                                                   kv::Row row,
                                                   absl::string_view name);

  // Name number of an encoded record; false if it is damaged.
  static bool PeekName(absl::string_view bytes, NameNumber& name);

  // All numbers of it.
  Edge edge() const;

  // Unique for its source.
  absl::string_view id() const { return Section(0); }

  absl::string_view source_id() const { return Section(1); }

  absl::string_view target_id() const { return Section(2); }

  // Its name; lives as long as the graph store.
  absl::string_view name() const { return name_; }

  // Properties by name.
  ValueView contents() const { return ValueView(Section(3)); }

  // The commit that wrote this state; 0: a transaction's own write.
  Revision revision() const { return revision_; }

  // Keeps the bytes of all views alive.
  std::shared_ptr<const void> owner() const { return bytes_; }

 private:
  RelationshipRecord() = default;

  absl::string_view Section(int index) const;

  std::shared_ptr<const std::string> bytes_;
  TwinNumber source_{};
  RelationshipNumber number_{};
  Revision revision_ = 0;
  absl::string_view name_;
};

}  // namespace twingraph::graph
