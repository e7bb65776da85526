#include "storage/kv_rocks/wal_check.h"

#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "rocksdb/db.h"

#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::kv_rocks {
namespace {

// A log as RocksDB writes it: records of one value each.
std::string LogOf(const std::vector<size_t>& value_bytes) {
  const TempDir dir;
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  EXPECT_TRUE(rocksdb::DB::Open(options, dir.path(), &opened).ok());
  const std::unique_ptr<rocksdb::DB> db(opened);
  for (const size_t bytes : value_bytes) {
    EXPECT_TRUE(db->Put({}, "key", std::string(bytes, 'v')).ok());
  }
  EXPECT_TRUE(db->FlushWAL(/*sync=*/true).ok());
  std::vector<std::unique_ptr<rocksdb::LogFile>> logs;
  EXPECT_TRUE(db->GetSortedWalFiles(logs).ok());
  std::string log;
  EXPECT_TRUE(rocksdb::ReadFileToString(rocksdb::Env::Default(),
                                        dir.path() + logs.back()->PathName(),
                                        &log)
                  .ok());
  return log;
}

TEST(WalCheckTest, AWholeLogIsSound) {
  EXPECT_FALSE(IsDamagedBeforeItsEnd(""));
  EXPECT_FALSE(IsDamagedBeforeItsEnd(LogOf({10, 20, 30})));
  // Records over several blocks, and ends of blocks that hold no header.
  for (size_t bytes = 32'700; bytes < 32'770; bytes += 3) {
    EXPECT_FALSE(IsDamagedBeforeItsEnd(LogOf({bytes, 100'000, 10}))) << bytes;
  }
}

TEST(WalCheckTest, ATornEndIsNoDamage) {
  const std::string log = LogOf({100, 50'000, 70'000});
  for (size_t keep = 0; keep < log.size(); keep += 997) {
    EXPECT_FALSE(IsDamagedBeforeItsEnd(log.substr(0, keep))) << keep;
    // The file has its length, and not its bytes.
    const std::string zeros(log.size() - keep, '\0');
    EXPECT_FALSE(IsDamagedBeforeItsEnd(log.substr(0, keep) + zeros)) << keep;
  }
}

TEST(WalCheckTest, ATornEndIsNoticed) {
  EXPECT_FALSE(IsTorn(""));
  for (size_t bytes = 32'700; bytes < 32'770; bytes += 3) {
    EXPECT_FALSE(IsTorn(LogOf({bytes, 100'000, 10}))) << bytes;
  }
  const std::string log = LogOf({100, 50'000});
  const size_t first = LogOf({100}).size();
  for (size_t keep = first + 1; keep < log.size(); keep += 97) {
    EXPECT_TRUE(IsTorn(log.substr(0, keep))) << keep;
    const std::string zeros(log.size() - keep, '\0');
    EXPECT_TRUE(IsTorn(log.substr(0, keep) + zeros)) << keep;
  }
  EXPECT_FALSE(IsTorn(log.substr(0, first)));
}

TEST(WalCheckTest, EveryFlipBeforeTheLastRecordIsDamage) {
  std::string log = LogOf({100, 300, 40'000, 200, 10});
  const size_t last = log.size() - 60;  // within the last two records
  for (size_t at = 0; at < last; at += at < 500 ? 1 : 501) {
    log[at] = static_cast<char>(log[at] ^ 0x10);
    EXPECT_TRUE(IsDamagedBeforeItsEnd(log)) << at;
    log[at] = static_cast<char>(log[at] ^ 0x10);
  }
}

TEST(WalCheckTest, ADirectoryWithoutLogIsSound) {
  const TempDir dir;
  EXPECT_FALSE(CheckNewestLog(dir.path()).value_or(true));
  EXPECT_FALSE(CheckNewestLog(dir.path() + "/none").value_or(true));
}

}  // namespace
}  // namespace twingraph::kv_rocks
