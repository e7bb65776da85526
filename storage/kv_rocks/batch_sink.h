#pragma once

// Collects the rows of a group in one batch of writes. One thread at a time.

// Covered by tests/conformance/kv.

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rocksdb/write_batch.h"

#include "storage/kv/apply.h"
#include "storage/kv_rocks/database.h"
#include "storage/kv_rocks/family.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {

class BatchSink final : public kv::RowSink {
 public:
  BatchSink(const Database& database, rocksdb::WriteBatch& batch)
      : database_(database), batch_(batch) {}

  void Put(kv::SpaceId space, absl::string_view key, absl::string_view value,
           kv::Revision revision) override {
    if (space == kv::kHistorySpace) {
      history_bytes_ += key.size() + value.size();
    }
    Note(batch_.Put(family(space), FamilyKey(space, key),
                    StoredRow(value, revision)));
  }

  void Delete(kv::SpaceId space, absl::string_view key) override {
    graves_ += FamilyOf(database_.spaces()[space]) == Family::kChurning ? 1 : 0;
    Note(batch_.Delete(family(space), FamilyKey(space, key)));
  }

  // Rows deleted in the churning family.
  size_t graves() const { return graves_; }

  // Keys and values of history entries.
  size_t history_bytes() const { return history_bytes_; }

  absl::Status status() const { return ToStatus(status_, "apply"); }

 private:
  rocksdb::ColumnFamilyHandle* family(kv::SpaceId space) const {
    return database_.family(FamilyOf(database_.spaces()[space]));
  }

  void Note(const rocksdb::Status& status) {
    if (status_.ok()) {
      status_ = status;
    }
  }

  const Database& database_;
  rocksdb::WriteBatch& batch_;
  size_t graves_ = 0;
  size_t history_bytes_ = 0;
  rocksdb::Status status_;
};

}  // namespace twingraph::kv_rocks
