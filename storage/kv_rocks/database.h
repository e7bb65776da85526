#pragma once

// An open RocksDB database with its families, and which one a store reads.

#include <array>
#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

#include "storage/base/mutex.h"
#include "storage/kv/space.h"
#include "storage/kv_rocks/family.h"

namespace twingraph::kv_rocks {

// Over the records of groups, which are in the family `log`.
std::unique_ptr<rocksdb::Iterator> NewLogIterator(
    rocksdb::DB& db, rocksdb::ColumnFamilyHandle* log);

// The families of a database. One may be replaced while others read; a copy
// made before goes on with the one that was there.
class Families {
 public:
  Families() = default;

  // By number.
  explicit Families(const std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
    for (size_t i = 0; i < handles.size(); ++i) {
      Set(static_cast<Family>(i), handles[i]);
    }
  }

  Families(const Families& other) {
    for (size_t i = 0; i < handles_.size(); ++i) {
      handles_[i] = other.handles_[i].load();
    }
  }

  Families& operator=(const Families&) = delete;

  rocksdb::ColumnFamilyHandle* operator[](Family which) const {
    return handles_[static_cast<size_t>(which)].load(std::memory_order_acquire);
  }

  void Set(Family which, rocksdb::ColumnFamilyHandle* handle) {
    handles_[static_cast<size_t>(which)].store(handle,
                                               std::memory_order_release);
  }

  std::vector<rocksdb::ColumnFamilyHandle*> all() const {
    return {handles_.begin(), handles_.end()};
  }

 private:
  std::array<std::atomic<rocksdb::ColumnFamilyHandle*>, kFamilyCount> handles_ =
      {};
};

// An open database; outlives all that reads it. Reads are safe from any thread.
class Database {
 public:
  // `spaces` outlives this. `families` are those of `db`, by number.
  Database(const kv::SpaceTable& spaces, std::unique_ptr<rocksdb::DB> db,
           const std::vector<rocksdb::ColumnFamilyHandle*>& families)
      : spaces_(spaces), db_(std::move(db)), families_(families) {}

  ~Database() { Close().IgnoreError(); }

  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const kv::SpaceTable& spaces() const { return spaces_; }

  rocksdb::DB& db() const { return *db_; }

  const Families& families() const { return families_; }

  rocksdb::ColumnFamilyHandle* family(Family which) const {
    return families_[which];
  }

  // Writes through the log, one thread at a time. Sees to it that something is
  // in memory before: only then does resuming after a failure begin a new log,
  // and RocksDB ends a process that goes on with one that has failed.
  rocksdb::Status Write(const rocksdb::WriteOptions& options,
                        rocksdb::WriteBatch& batch);

  // Snapshots may read the family that was there until the end. One thread at a
  // time.
  void Replace(Family which, rocksdb::ColumnFamilyHandle* made) {
    replaced_.push_back(family(which));
    families_.Set(which, made);
  }

  // What keeps the files of a database as they are at this moment, whatever it
  // makes of them: an iterator holds those of its family.
  using HeldFiles = std::vector<std::unique_ptr<rocksdb::Iterator>>;

  // Errors: as reads.
  absl::StatusOr<HeldFiles> HoldFiles() const;

  // Lets go of files of another database, which outlives this, when this is
  // closed. One thread at a time.
  void Keep(HeldFiles files) { kept_ = std::move(files); }

  // What is not in a file by then is in the log only.
  absl::Status Close();

 private:
  const kv::SpaceTable& spaces_;
  std::unique_ptr<rocksdb::DB> db_;
  Families families_;
  std::vector<rocksdb::ColumnFamilyHandle*> replaced_;
  // Sequence numbers that no log has, at most, since a write worked.
  uint64_t unlogged_ = 0;
  HeldFiles kept_;
};

// The database of a store. Where the store can be opened for reading only, that
// database comes first; the one that is written takes its place, and it is
// closed when its last reader has ended. Safe from any thread, apart from
// Close.
class CurrentDatabase {
 public:
  // Null while the store is open for reading only.
  Database* written() const {
    return written_now_.load(std::memory_order_acquire);
  }

  // The database to read. Whoever reads holds it: it keeps a database for
  // reading only open. For the one that is written, which stays, it costs no
  // count.
  std::shared_ptr<Database> Get() const;

  // The first one. One of the two is called once before all else.
  void SetReading(std::unique_ptr<Database> database);
  void SetWritten(std::unique_ptr<Database> database);

  // REQUIRES: nobody reads.
  absl::Status Close();

 private:
  std::unique_ptr<Database> written_;
  std::atomic<Database*> written_now_{nullptr};
  mutable Mutex mutex_;
  std::shared_ptr<Database> reading_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace twingraph::kv_rocks
