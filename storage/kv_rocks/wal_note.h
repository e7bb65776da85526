#pragma once

// Which write-ahead log is in use, noted durably beside it in the file WAL: the
// number, and `written` once a commit is in it or `begun` before. RocksDB takes
// a missing newest log for an empty one, so commits would be gone without a
// word. One thread at a time.

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"

namespace twingraph::kv_rocks {

class WalNote {
 public:
  explicit WalNote(std::string directory) : directory_(std::move(directory)) {}

  // Is the log that was noted there, or a newer one? OK without a note.
  // REQUIRES: each commit was synced.
  // Errors: DATA_LOSS / STORE_CORRUPT.
  absl::Status Check() const;

  // While RocksDB opens, it makes and removes logs in an order of its own.
  // Errors: as RemoveDurably.
  absl::Status Forget();

  // Puts the note back that was forgotten: no database was opened for writing.
  void PutBack();

  // Notes the log that is in use, where it is not noted already. Failing leaves
  // the note as it was: less is noticed, nothing is refused.
  void Note(uint64_t number, bool is_written);

  // The log of the last Note.
  uint64_t number() const { return number_; }

 private:
  const std::string directory_;
  uint64_t number_ = 0;
  bool is_written_ = false;
  bool is_stored_ = false;
  // The note that Forget took away and nothing has replaced; empty: none.
  std::string forgotten_;
};

}  // namespace twingraph::kv_rocks
