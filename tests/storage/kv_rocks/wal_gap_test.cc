#include "storage/kv_rocks/wal_gap.h"

#include <cstdint>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"

#include "storage/kv_rocks/wal_record.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::kv_rocks {
namespace {

constexpr int kLogs = 3;
constexpr int kKeysPerLog = 5;

// A database whose keys 0, 1, 2 ... stand in several logs and in no table.
class LoggedDatabase {
 public:
  LoggedDatabase() {
    for (int log = 0; log < kLogs; ++log) {
      const auto db = OpenDatabase();
      for (int i = 0; i < kKeysPerLog; ++i) {
        EXPECT_TRUE(
            db->Put({}, std::to_string(log * kKeysPerLog + i), "v").ok());
      }
    }
  }

  std::unique_ptr<rocksdb::DB> OpenDatabase() const {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.avoid_flush_during_recovery = true;
    options.avoid_flush_during_shutdown = true;
    rocksdb::DB* opened = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open(options, path(), &opened).ok());
    return std::unique_ptr<rocksdb::DB>(opened);
  }

  std::string path() const { return dir_.path() + "/db"; }

  std::vector<std::string> LogNames() const { return *WalFiles(path()); }

  // Leaves the first `records` of a log.
  void Cut(const std::string& name, int records) const {
    const std::string file = path() + "/" + name;
    const std::string log = *ReadWal(file);
    size_t size = 0;
    for (int i = 0; i < records; ++i) {
      size += WalRecordAt(absl::string_view(log).substr(size)).bytes;
    }
    std::filesystem::resize_file(file, size);
  }

  void WriteBehindUnlogged(uint64_t noted) const {
    const auto db = OpenDatabase();
    rocksdb::WriteOptions unlogged;
    unlogged.disableWAL = true;
    EXPECT_TRUE(db->Delete(unlogged, "none").ok());
    rocksdb::WriteBatch batch;
    EXPECT_TRUE(batch.Put("logged", "v").ok());
    if (noted > 0) {
      NoteUnlogged(noted, batch);
    }
    EXPECT_TRUE(db->Write({}, &batch).ok());
  }

  std::string Keys() const {
    const auto db = OpenDatabase();
    std::string keys;
    for (int i = 0; i < kLogs * kKeysPerLog; ++i) {
      std::string value;
      keys += db->Get({}, std::to_string(i), &value).ok() ? 'x' : '-';
    }
    return keys;
  }

 private:
  const TempDir dir_;
};

class WalGapTest : public ::testing::Test, protected LoggedDatabase {};

TEST_F(WalGapTest, LogsThatFollowEachOtherStay) {
  ASSERT_EQ(LogNames().size(), static_cast<size_t>(kLogs));
  ASSERT_OK(DropLogsBehindGap(path()));
  EXPECT_EQ(LogNames().size(), static_cast<size_t>(kLogs));
  EXPECT_EQ(Keys(), "xxxxxxxxxxxxxxx");
}

TEST_F(WalGapTest, RocksDbAloneGoesOnBehindAGap) {
  Cut(LogNames()[1], 3);
  EXPECT_EQ(Keys(), "xxxxxxxx--xxxxx");
}

TEST_F(WalGapTest, LogsBehindAGapGo) {
  Cut(LogNames()[0], 2);
  ASSERT_OK(DropLogsBehindGap(path()));
  EXPECT_EQ(LogNames().size(), 1U);
  EXPECT_EQ(Keys(), "xx-------------");
}

TEST_F(WalGapTest, AnEmptyLogIsAGapWhereALaterOneHasRecords) {
  Cut(LogNames()[1], 0);
  ASSERT_OK(DropLogsBehindGap(path()));
  EXPECT_EQ(LogNames().size(), 2U);
  EXPECT_EQ(Keys(), "xxxxx----------");
}

// A log whose first batch comes after a row that stands in no log.
TEST_F(WalGapTest, NumbersNotedAsUnloggedAreNoGap) {
  struct Case {
    uint64_t noted;
    int records_cut;
    bool stays;
  };

  for (const Case& c : {Case{0, 0, false}, Case{1, 0, true}, Case{1, 1, false},
                        Case{2, 1, true}}) {
    SCOPED_TRACE(testing::Message()
                 << c.noted << " noted, " << c.records_cut << " cut off");
    const LoggedDatabase store;
    store.WriteBehindUnlogged(c.noted);
    const std::string newest = store.LogNames().back();
    store.Cut(*std::prev(store.LogNames().end(), 2),
              kKeysPerLog - c.records_cut);
    ASSERT_OK(DropLogsBehindGap(store.path()));
    EXPECT_EQ(store.LogNames().back() == newest, c.stays);
  }
}

TEST_F(WalGapTest, TheNewestLogMayEndAnywhere) {
  Cut(LogNames()[2], 1);
  ASSERT_OK(DropLogsBehindGap(path()));
  EXPECT_EQ(LogNames().size(), static_cast<size_t>(kLogs));
  EXPECT_EQ(Keys(), "xxxxxxxxxxx----");
}

}  // namespace
}  // namespace twingraph::kv_rocks
