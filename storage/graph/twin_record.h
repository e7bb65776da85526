#pragma once

// A stored twin. It shares the bytes that it was read from: copies are cheap,
// views live as long as one copy, and a property is reached without decoding
// the others. Immutable; a const object may be read from many threads.
//
// Stored form (space `twin`); integers little endian. Frozen; golden test
// record_golden_test:
//
//   format:1 = 1
//   model:4  create time:8  last update time:8      nanoseconds since 1970
//   id_end:4  contents_end:4  metadata_end:4        from the end of this table
//   id  contents  metadata  device                  the last three: encoded
//                                                   values; device may be empty
//
// The number is the row's key and the revision the row's: neither is repeated
// inside.

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/graph/number.h"
#include "storage/value/value_codec.h"

namespace twingraph::graph {

class TwinRecord {
 public:
  // What is stored; the three values are in encoded form.
  struct Fields {
    absl::string_view id;
    ModelNumber model{};
    absl::Time create_time;
    absl::Time last_update_time;
    absl::string_view contents;  // a map
    absl::string_view metadata;  // a map
    absl::string_view device;    // a map, or empty
  };

  static std::string Encode(const Fields& fields);

  // Reads a row of `number`. `model_id` lives as long as the graph store.
  // Errors: DATA_LOSS / STORE_CORRUPT.
  static absl::StatusOr<TwinRecord> Decode(TwinNumber number, kv::Row row,
                                           absl::string_view model_id);

  // The model's number of an encoded record; false if it is damaged.
  static bool PeekModel(absl::string_view bytes, ModelNumber& model);

  // The id of an encoded record; false if it is damaged.
  static bool PeekId(absl::string_view bytes, absl::string_view& id);

  TwinNumber number() const { return number_; }

  absl::string_view id() const { return Section(0); }

  ModelNumber model() const;

  // Its DTMI; lives as long as the graph store.
  absl::string_view model_id() const { return model_id_; }

  // The commit that wrote this state; 0: a transaction's own write.
  Revision revision() const { return revision_; }

  absl::Time create_time() const;
  absl::Time last_update_time() const;

  // Properties by name, components as maps among them.
  ValueView contents() const { return ValueView(Section(1)); }

  // What the layer above keeps about single properties; a map.
  ValueView metadata() const { return ValueView(Section(2)); }

  // The system block of a proxy twin; undefined for other twins.
  ValueView device() const { return ValueView(Section(3)); }

  bool is_proxy() const { return device().is_defined(); }

  // Keeps the bytes of all views alive.
  std::shared_ptr<const void> owner() const { return bytes_; }

 private:
  TwinRecord() = default;

  absl::string_view Section(int index) const;

  std::shared_ptr<const std::string> bytes_;
  TwinNumber number_{};
  Revision revision_ = 0;
  absl::string_view model_id_;
};

}  // namespace twingraph::graph
