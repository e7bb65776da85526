// A store of each format that was ever written must open in every later build;
// golden/store-N is one of format N as it was closed, crashed-N one as a crash
// leaves it, with commits in the log, and backup-N a directory of backups. One
// of a later format is refused.

#include "tests/support/golden_store.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/commit/store.h"
#include "storage/kv/counter.h"
#include "tests/support/fake_clock.h"
#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::commit {
namespace {

using ::testing::ElementsAre;

class GoldenStoreTest : public ::testing::Test {
 protected:
  void Open() {
    StoreOptions options;
    options.clock = &clock_;
    options.maintenance_interval = absl::ZeroDuration();
    ASSERT_OK_AND_ASSIGN(
        store_,
        Store::Open(ctx_, OpenTestEngine(EngineKind::kRocks, directory_),
                    options, {}));
  }

  // Revision 1 is the opening's own commit.
  void Fill() {
    for (int i = 0; i < 4; ++i) {
      clock_.Advance(absl::Seconds(10));
      ASSERT_OK(store_->RunTransaction(
          ctx_, {.request_id = absl::StrCat("request", i)},
          [&](Transaction& tx) -> absl::Status {
            EXPECT_OK(tx.ReserveNumbers(ctx_, kNumber, "ids", 3));
            EXPECT_OK(tx.Put(kFacts, "fact", absl::StrCat("value", i)));
            EXPECT_OK(tx.Put(kEdges, absl::StrCat("ab", i), "edge"));
            EXPECT_OK(tx.Put(kIndex, absl::StrCat("index", i), ""));
            EXPECT_OK(tx.Delete(kIndex, absl::StrCat("index", i - 1)));
            EXPECT_OK(tx.Increment(kCounter, "count", 2));
            return tx.Touch(kFacts, "guard");
          }));
    }
  }

  const TempDir dir_;
  const std::string directory_ = dir_.path() + "/store";
  Context ctx_;
  FakeClock clock_;
  std::unique_ptr<Store> store_;
};

TEST_F(GoldenStoreTest, AStoreOfFormat1Opens) {
  CopyGoldenStore("storage/commit/golden/store-1", directory_, [&] {
    Open();
    Fill();
    store_.reset();
  });
  Open();
  EXPECT_EQ(store_->head()->revision, 5U);
  ASSERT_OK_AND_ASSIGN(const auto reader, store_->OpenSnapshot(ctx_));
  EXPECT_THAT(RowsOf(*reader->Scan(ctx_, kFacts, kv::Range::All())),
              ElementsAre("fact=value3@5"));
  EXPECT_THAT(
      RowsOf(*reader->Scan(ctx_, kEdges, kv::Range::Prefix("ab"))),
      ElementsAre("ab0=edge@2", "ab1=edge@3", "ab2=edge@4", "ab3=edge@5"));
  EXPECT_THAT(RowsOf(*reader->Scan(ctx_, kIndex, kv::Range::All())),
              ElementsAre("index3=@5"));
  ASSERT_OK_AND_ASSIGN(const auto old, store_->ReaderAt(ctx_, 3));
  EXPECT_EQ(**old->Get(ctx_, kFacts, "fact"), (kv::Row{"value1", 3}));
  EXPECT_EQ((*old->Get(ctx_, kCounter, "count"))->value, kv::EncodeCounter(4));
  EXPECT_EQ(*store_->RevisionAt(ctx_, absl::FromUnixSeconds(1'700'000'025)),
            3U);
  ASSERT_OK_AND_ASSIGN(const CommitInfo repeat,
                       store_->RunTransaction(ctx_, {.request_id = "request2"},
                                              [](Transaction&) {
                                                ADD_FAILURE() << "ran again";
                                                return absl::OkStatus();
                                              }));
  EXPECT_EQ(repeat.revision, 4U);
  ASSERT_OK(
      store_->RunTransaction(ctx_, {}, [&](Transaction& tx) -> absl::Status {
        EXPECT_GT(*tx.ReserveNumbers(ctx_, kNumber, "ids", 1), 12U);
        return tx.Put(kFacts, "fact", "new");
      }));
  EXPECT_EQ(store_->head()->revision, 6U);
}

TEST_F(GoldenStoreTest, ACrashedStoreOfFormat1OpensWithWhatItsLogHas) {
  CopyGoldenStore("storage/commit/golden/crashed-1", directory_, [&] {
    Open();
    Fill();
    const std::string crashed = dir_.path() + "/crashed";
    std::filesystem::copy(directory_, crashed);
    store_.reset();
    std::filesystem::remove_all(directory_);
    std::filesystem::rename(crashed, directory_);
  });
  Open();
  EXPECT_EQ(store_->engine().opened_as(), kv::OpenedAs::kUnclean);
  EXPECT_EQ(store_->head()->revision, 5U);
  ASSERT_OK_AND_ASSIGN(const auto old, store_->ReaderAt(ctx_, 3));
  EXPECT_EQ(**old->Get(ctx_, kFacts, "fact"), (kv::Row{"value1", 3}));
}

TEST_F(GoldenStoreTest, ABackupOfFormat1IsRestored) {
  const std::string backups = dir_.path() + "/backups";
  CopyGoldenStore("storage/commit/golden/backup-1", backups, [&] {
    Open();
    Fill();
    ASSERT_OK(store_->engine().CreateBackup(ctx_, backups));
    store_.reset();
    std::filesystem::remove_all(directory_);
  });
  ASSERT_OK_AND_ASSIGN(const kv::Backup restored,
                       kv_rocks::RestoreBackup(backups, 0, directory_));
  EXPECT_EQ(restored.revision, 5U);
  Open();
  EXPECT_EQ(store_->engine().opened_as(), kv::OpenedAs::kCopy);
  EXPECT_GT(store_->head()->revision, 5U);
  EXPECT_EQ((*store_->Newest()->Get(ctx_, kFacts, "fact"))->value, "value3");
}

TEST_F(GoldenStoreTest, AStoreOfALaterFormatIsRefusedAndLeftAlone) {
  Open();
  Fill();
  store_.reset();
  std::ofstream(directory_ + "/FORMAT") << "2\n";
  const auto refused =
      kv_rocks::OpenEngine(TestSpaces(), {.directory = directory_});
  EXPECT_THAT(refused, IsError(absl::StatusCode::kFailedPrecondition,
                               v1::ERROR_REASON_STORE_FORMAT_TOO_NEW));
  EXPECT_EQ(MetadataOf(refused.status(), "format"), "2");
  std::ofstream(directory_ + "/FORMAT") << "1\n";
  Open();
  EXPECT_EQ(store_->head()->revision, 5U);
  EXPECT_EQ(store_->engine().opened_as(), kv::OpenedAs::kClean);
}

}  // namespace
}  // namespace twingraph::commit
