// Bytes of a store that went bad: an open or a read that meets them fails with
// DATA_LOSS and says where; whatever is answered is right. Never a crash.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/kv_rocks/wal_record.h"
#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph::kv_rocks {
namespace {

namespace fs = std::filesystem;

constexpr int kCommits = 40;
// Flips of one file; more would show the same.
constexpr size_t kFlips = 50;

absl::StatusOr<std::unique_ptr<kv::Engine>> Open(const std::string& directory,
                                                 bool accept = false) {
  return OpenEngine(TestSpaces(), {.directory = directory,
                                   .memory_budget_bytes = size_t{16} << 20,
                                   .accept_lost_commits = accept});
}

std::string KeyOf(int i) {
  return absl::StrFormat("ab%02d", i);
}

std::string ValueOf(int i) {
  return std::string(300, static_cast<char>('a' + i % 26));
}

// With `in_files` levels have several files, each with later rows.
void Fill(kv::Engine& engine, bool in_files = false) {
  for (int i = 0; i < kCommits; ++i) {
    if (in_files && i % 10 == 0) {
      ASSERT_OK(engine.Flush());
      ASSERT_OK(engine.Compact(Context()));
    }
    const kv::EncodedGroup group = MakeGroup(
        engine.head(),
        {{PutEffect(kFacts, KeyOf(i), ValueOf(i)),
          PutEffect(kEdges, KeyOf(i), ValueOf(i)),
          PutEffect(kIndex, KeyOf(i), ""), IncrementEffect(kCounter, "n", 1)}});
    ASSERT_OK(engine.Apply(group, kv::Durability::kFsync));
  }
}

// What has to hold of a failure.
void ExpectNamesSpace(const absl::Status& status, const std::string& where) {
  EXPECT_THAT(status, IsError(absl::StatusCode::kDataLoss,
                              v1::ERROR_REASON_STORE_CORRUPT))
      << where;
  EXPECT_NE(MetadataOf(status, "space"), "") << where;
}

// Reads a space by ranges that hold all of it.
absl::Status ReadSpace(kv::Engine& engine, kv::SpaceId space,
                       const std::vector<kv::Range>& ranges,
                       const std::string& where) {
  const auto cursor = engine.newest().MultiScan(Context(), space, ranges,
                                                kv::Order::kAscending);
  int rows = 0;
  while (cursor->Next()) {
    ++rows;
  }
  if (cursor->status().ok()) {
    EXPECT_EQ(rows, space == kv::kHistorySpace ? 3 * kCommits : kCommits)
        << where;
  }
  return cursor->status();
}

// Reads all there is; the first failure. What is read without one is right.
absl::Status ReadAll(kv::Engine& engine, const std::string& where) {
  const Context ctx;
  absl::Status first;
  for (const kv::SpaceId space : {kFacts, kEdges, kIndex, kv::kHistorySpace}) {
    first.Update(ReadSpace(engine, space, {kv::Range::All()}, where));
    first.Update(ReadSpace(engine, space, {{"", "ab15"}, {"ab15", ""}}, where));
  }
  for (int i = 0; i < kCommits; ++i) {
    const auto row =
        engine.newest().Get(ctx, kFacts, KeyOf(i), kv::ReadTier::kAll);
    if (row.ok()) {
      EXPECT_TRUE(row->has_value() && (*row)->value == ValueOf(i)) << where;
    }
    first.Update(row.status());
  }
  int records = 0;
  const absl::Status log = engine.ReadLog(ctx, 1, [&](absl::string_view) {
    ++records;
    return true;
  });
  if (log.ok()) {
    EXPECT_EQ(records, kCommits) << where;
  }
  first.Update(log);
  return first;
}

class CorruptionTest : public ::testing::Test {
 protected:
  // A store that was closed; without, as a crash leaves it.
  void Make(bool is_closed, bool in_files = false) {
    const std::string made = dir_.path() + "/made";
    ASSERT_OK_AND_ASSIGN(auto engine, Open(made));
    Fill(*engine, in_files);
    if (is_closed) {
      engine.reset();
    }
    fs::copy(made, good_);
    fs::remove_all(made);
  }

  // The one file of the good store whose name holds `part`, or the largest.
  std::string FileNamed(const std::string& part) {
    std::string largest;
    uintmax_t bytes = 0;
    for (const auto& file : fs::directory_iterator(good_)) {
      const std::string name = file.path().filename();
      if (absl::StrContains(name, part) && fs::file_size(file) >= bytes) {
        largest = name;
        bytes = fs::file_size(file);
      }
    }
    EXPECT_GT(bytes, 0U) << part;
    return largest;
  }

  // The one table of a family, which each table has among its properties.
  std::string FileOf(const std::string& family) {
    std::string found;
    for (const std::string& name : FilesNamed(".sst")) {
      std::ifstream file(good_ + "/" + name, std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(file), {}};
      if (absl::StrContains(content, family)) {
        found = name;
      }
    }
    EXPECT_NE(found, "") << family;
    return found;
  }

  std::vector<std::string> FilesNamed(const std::string& part) {
    std::vector<std::string> names;
    for (const auto& file : fs::directory_iterator(good_)) {
      if (absl::StrContains(file.path().filename().string(), part)) {
        names.push_back(file.path().filename());
      }
    }
    return names;
  }

  // A copy of the good store with one byte of a file flipped.
  void CopyWithFlip(const std::string& name, size_t at) {
    fs::remove_all(bad_);
    fs::copy(good_, bad_);
    FlipAgain(name, at);
  }

  // Flips bits of a byte of the bad store.
  void FlipAgain(const std::string& name, size_t at, int bits = 0x55) {
    std::fstream file(bad_ + "/" + name,
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const char byte = static_cast<char>(file.get() ^ bits);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(byte);
  }

  std::vector<size_t> PlacesIn(const std::string& name) {
    const size_t bytes = fs::file_size(good_ + "/" + name);
    std::vector<size_t> places;
    for (size_t i = 0; i < std::min(bytes, kFlips); ++i) {
      places.push_back(bytes <= kFlips ? i : bytes * i / kFlips);
    }
    return places;
  }

  // Calls `look` with the bad store having one byte of one table flipped, for
  // many bytes of each.
  void ForEachDamagedTable(
      absl::FunctionRef<void(const std::string& name, size_t at)> look) {
    for (const std::string& name : FilesNamed(".sst")) {
      for (const size_t at : PlacesIn(name)) {
        CopyWithFlip(name, at);
        look(name, at);
      }
    }
  }

  const TempDir dir_;
  const std::string good_ = dir_.path() + "/good";
  const std::string bad_ = dir_.path() + "/bad";
};

TEST_F(CorruptionTest, TablesAreFoundDamagedWhereTheyAreRead) {
  Make(/*is_closed=*/true);
  int found = 0;
  ForEachDamagedTable([&](const std::string& name, size_t at) {
    const std::string where = absl::StrCat(name, " at ", at);
    const auto engine = Open(bad_);
    const absl::Status status =
        engine.ok() ? ReadAll(**engine, where) : engine.status();
    if (!status.ok()) {
      ++found;
      ExpectNamesSpace(status, where);
    }
  });
  EXPECT_GT(found, 30);
}

// A scan comes to the first block of a file from the file before it.
TEST_F(CorruptionTest, ScansDoNotPassADamagedFileOver) {
  Make(/*is_closed=*/true, /*in_files=*/true);
  const std::vector<std::string> names = FilesNamed(".sst");
  ASSERT_GT(names.size(), 12U);
  for (const std::string& name : names) {
    CopyWithFlip(name, 20);
    const auto engine = Open(bad_);
    ExpectNamesSpace(engine.ok() ? ReadAll(**engine, name) : engine.status(),
                     name);
  }
}

TEST_F(CorruptionTest, TheKeySpaceOfADamagedRowIsNamed) {
  Make(/*is_closed=*/true);
  bool is_named = false;
  for (const std::string& name : FilesNamed(".sst")) {
    // The first byte of a table is in its first block of rows.
    CopyWithFlip(name, 40);
    const auto engine = Open(bad_);
    if (!engine.ok()) {
      continue;
    }
    const auto cursor = (*engine)->newest().Scan(
        Context(), kEdges, kv::Range::All(), kv::Order::kAscending);
    while (cursor->Next()) {
    }
    is_named |= MetadataOf(cursor->status(), "space") == "edges";
  }
  EXPECT_TRUE(is_named);
}

TEST_F(CorruptionTest, ALogThatIsDamagedBeforeItsEndIsRefused) {
  Make(/*is_closed=*/false);
  const std::string name = FileNamed(".log");
  int found = 0;
  for (const size_t at : PlacesIn(name)) {
    const std::string where = absl::StrCat(name, " at ", at);
    CopyWithFlip(name, at);
    const auto engine = Open(bad_);
    if (engine.ok()) {
      // The last record, which power loss may have torn: nothing else is gone.
      EXPECT_GE((*engine)->head().revision, uint64_t{kCommits} - 1) << where;
      continue;
    }
    ++found;
    ExpectNamesSpace(engine.status(), where);
    EXPECT_EQ(MetadataOf(engine.status(), "space"), "log");
    // Once more: refusing changes nothing.
    EXPECT_FALSE(Open(bad_).ok()) << where;
  }
  EXPECT_GT(found, 30);
}

TEST_F(CorruptionTest, AMissingNewestLogIsRefused) {
  Make(/*is_closed=*/false);
  const std::string name = FileNamed(".log");
  fs::copy(good_, bad_);
  fs::remove(bad_ + "/" + name);
  for (int i = 0; i < 2; ++i) {  // refusing changes nothing
    const absl::Status status = Open(bad_).status();
    ExpectNamesSpace(status, name);
    EXPECT_EQ(MetadataOf(status, "space"), "log");
  }
  ASSERT_OK_AND_ASSIGN(const auto engine, Open(bad_, /*accept=*/true));
  EXPECT_EQ(engine->opened_as(), kv::OpenedAs::kCopy);
}

TEST_F(CorruptionTest, ARefusedStartForgetsNoLog) {
  Make(/*is_closed=*/false, /*in_files=*/true);
  fs::copy(good_, bad_);
  const std::string table = FileOf("history");
  fs::remove(bad_ + "/" + table);
  ExpectNamesSpace(Open(bad_).status(), table);
  fs::copy(good_ + "/" + table, bad_);
  const std::string log = FileNamed(".log");
  fs::remove(bad_ + "/" + log);
  ExpectNamesSpace(Open(bad_).status(), log);
}

// Anywhere between two records, as if all was there: RocksDB would go on with
// less, and remove the tables that are not named any more.
TEST_F(CorruptionTest, ACutManifestAfterACrashIsRefused) {
  Make(/*is_closed=*/false, /*in_files=*/true);
  const std::string name = FileNamed("MANIFEST");
  std::ifstream file(good_ + "/" + name, std::ios::binary);
  const std::string list{std::istreambuf_iterator<char>(file), {}};
  int refused = 0;
  size_t kept = 0;
  while (kept < list.size()) {
    fs::remove_all(bad_);
    fs::copy(good_, bad_);
    fs::resize_file(bad_ + "/" + name, kept);
    if (auto engine = Open(bad_); engine.ok()) {
      EXPECT_OK(ReadAll(**engine, absl::StrCat("cut at ", kept)));
    } else {
      ++refused;
      ExpectNamesSpace(engine.status(), absl::StrCat("cut at ", kept));
      fs::copy_file(good_ + "/" + name, bad_ + "/" + name,
                    fs::copy_options::overwrite_existing);
      ASSERT_OK_AND_ASSIGN(engine, Open(bad_));
      EXPECT_OK(ReadAll(**engine, absl::StrCat("mended, cut at ", kept)));
    }
    kept += WalRecordAt(absl::string_view(list).substr(kept)).bytes;
  }
  EXPECT_GT(refused, 5);
}

TEST_F(CorruptionTest, ANewestLogMadeEmptyIsRefused) {
  Make(/*is_closed=*/false);
  const std::string name = FileNamed(".log");
  fs::copy(good_, bad_);
  fs::resize_file(bad_ + "/" + name, 0);
  ExpectNamesSpace(Open(bad_).status(), name);
}

TEST_F(CorruptionTest, ALogSwitchedByAFlushIsMissed) {
  const std::string made = dir_.path() + "/made";
  ASSERT_OK_AND_ASSIGN(auto engine, Open(made));
  Fill(*engine);
  ASSERT_OK(engine->Flush());
  const kv::EncodedGroup group =
      MakeGroup(engine->head(), {{PutEffect(kFacts, "last", "v")}});
  ASSERT_OK(engine->Apply(group, kv::Durability::kFsync));
  fs::copy(made, good_);
  fs::copy(good_, bad_);
  fs::remove(bad_ + "/" + FileNamed(".log"));
  ExpectNamesSpace(Open(bad_).status(), "log");
}

TEST_F(CorruptionTest, ALogCutInARecordBeginsANewEpoch) {
  Make(/*is_closed=*/false);
  const std::string name = FileNamed(".log");
  const size_t bytes = fs::file_size(good_ + "/" + name);
  for (const size_t kept : {bytes, bytes - 1, bytes / 2 + 3}) {
    fs::remove_all(bad_);
    fs::copy(good_, bad_);
    fs::resize_file(bad_ + "/" + name, kept);
    ASSERT_OK_AND_ASSIGN(const auto engine, Open(bad_));
    EXPECT_EQ(engine->opened_as(),
              kept == bytes ? kv::OpenedAs::kUnclean : kv::OpenedAs::kCopy)
        << kept;
  }
}

TEST_F(CorruptionTest, LostCommitsCanBeAcceptedAsARestore) {
  Make(/*is_closed=*/false);
  const std::string name = FileNamed(".log");
  CopyWithFlip(name, fs::file_size(good_ + "/" + name) / 2);
  ASSERT_FALSE(Open(bad_).ok());
  ASSERT_OK_AND_ASSIGN(const auto engine, Open(bad_, /*accept=*/true));
  EXPECT_EQ(engine->opened_as(), kv::OpenedAs::kCopy);
  EXPECT_GT(engine->head().revision, 0U);
  EXPECT_LT(engine->head().revision, uint64_t{kCommits});
}

TEST_F(CorruptionTest, ADamagedManifestIsRefused) {
  Make(/*is_closed=*/true);
  const std::string name = FileNamed("MANIFEST");
  int found = 0;
  for (const size_t at : PlacesIn(name)) {
    const std::string where = absl::StrCat(name, " at ", at);
    CopyWithFlip(name, at);
    const auto engine = Open(bad_);
    const absl::Status status =
        engine.ok() ? ReadAll(**engine, where) : engine.status();
    if (!status.ok()) {
      ++found;
      ExpectNamesSpace(status, where);
    }
  }
  EXPECT_EQ(found, static_cast<int>(PlacesIn(name).size()));
}

TEST_F(CorruptionTest, ADamagedManifestIsNotAccepted) {
  Make(/*is_closed=*/true);
  const std::string name = FileNamed("MANIFEST");
  for (const size_t at : PlacesIn(name)) {
    CopyWithFlip(name, at);
    const std::string where = absl::StrCat(name, " at ", at);
    const absl::Status status = Open(bad_, /*accept=*/true).status();
    ExpectNamesSpace(status, where);
    EXPECT_THAT(status.message(), ::testing::HasSubstr(name)) << where;
  }
}

TEST_F(CorruptionTest, ADamagedMarkOfAnOrderlyCloseCanBeAccepted) {
  Make(/*is_closed=*/true);
  for (const size_t at : PlacesIn("CLEAN")) {
    const std::string where = absl::StrCat("CLEAN at ", at);
    CopyWithFlip("CLEAN", at);
    for (int i = 0; i < 2; ++i) {  // refusing changes nothing
      const absl::Status status = Open(bad_).status();
      ExpectNamesSpace(status, where);
      EXPECT_THAT(status.message(),
                  ::testing::AllOf(::testing::HasSubstr(bad_ + "/CLEAN"),
                                   ::testing::HasSubstr("--accept-lost")));
    }
    ASSERT_OK_AND_ASSIGN(const auto engine, Open(bad_, /*accept=*/true));
    EXPECT_EQ(engine->opened_as(), kv::OpenedAs::kCopy);
    EXPECT_OK(ReadAll(*engine, where));
  }
}

TEST_F(CorruptionTest, ADamagedCurrentIsRefused) {
  Make(/*is_closed=*/true);
  for (const size_t at : PlacesIn("CURRENT")) {
    CopyWithFlip("CURRENT", at);
    const auto engine = Open(bad_);
    ASSERT_FALSE(engine.ok()) << at;
    ExpectNamesSpace(engine.status(), absl::StrCat("CURRENT at ", at));
  }
}

// Whatever lies where a file should is told, with its path.
TEST_F(CorruptionTest, WhatIsNoListOfFilesIsRefused) {
  for (const bool is_closed : {true, false}) {
    fs::remove_all(good_);
    Make(is_closed);
    const std::string list = FileNamed("MANIFEST");
    for (const char* content : {"", "/", "/\n", "MANIFEST-\n", ".\n"}) {
      CopyWithFlip("CURRENT", 0);
      std::ofstream(bad_ + "/CURRENT", std::ios::trunc) << content;
      const auto engine = Open(bad_);
      ExpectNamesSpace(engine.status(), content);
      EXPECT_TRUE(absl::StrContains(engine.status().message(), "/CURRENT"));
    }
    std::vector<std::string> names = {"CURRENT", list};
    if (!is_closed) {
      names.push_back("WAL");
      names.push_back(FileNamed(".log"));
    }
    for (const std::string& name : names) {
      CopyWithFlip(name, 0);
      fs::remove(bad_ + "/" + name);
      fs::create_directory(bad_ + "/" + name);
      const auto engine = Open(bad_);
      ExpectNamesSpace(engine.status(), name);
      EXPECT_TRUE(absl::StrContains(engine.status().message(), name));
    }
  }
}

TEST_F(CorruptionTest, VerifyFindsEveryDamagedByteOfATable) {
  Make(/*is_closed=*/true);
  int found = 0;
  ForEachDamagedTable([&](const std::string& name, size_t at) {
    const std::string where = absl::StrCat(name, " at ", at);
    const auto engine = Open(bad_);
    if (!engine.ok()) {
      return;
    }
    const auto damages = (*engine)->Verify(Context());
    ASSERT_OK(damages);
    ASSERT_EQ(damages->size(), 1U) << where;
    ExpectNamesSpace(damages->front().status, where);
    EXPECT_TRUE(absl::StrContains(damages->front().status.message(), name));
    ++found;
    // A backup must not keep what is damaged as if it were not.
    if (at == PlacesIn(name)[1]) {
      const std::string backups = dir_.path() + "/backups";
      fs::remove_all(backups);
      ExpectNamesSpace((*engine)->CreateBackup(Context(), backups).status(),
                       where);
    }
  });
  EXPECT_GT(found, 80);  // of 250; the others are met at opening
}

// Where the properties of a table end, RocksDB believes what it reads.
TEST_F(CorruptionTest, TheEndOfATableEndsNoProcess) {
  constexpr size_t kFrom = 150;
  constexpr size_t kTo = 90;
  Make(/*is_closed=*/true);
  for (const std::string& name : FilesNamed(".sst")) {
    const size_t bytes = fs::file_size(good_ + "/" + name);
    int refused = 0;
    for (size_t at = bytes - kFrom; at < bytes - kTo; ++at) {
      fs::remove_all(bad_);
      fs::copy(good_, bad_);
      FlipAgain(name, at, /*bits=*/0x80);
      const auto engine = Open(bad_);
      refused += engine.ok() ? 0 : 1;
      if (!engine.ok()) {
        EXPECT_THAT(engine, IsError(absl::StatusCode::kDataLoss,
                                    v1::ERROR_REASON_STORE_CORRUPT));
        EXPECT_NE(MetadataOf(engine.status(), "file"), "");
      }
    }
    EXPECT_GT(refused, 0) << name;
  }
}

TEST_F(CorruptionTest, AllDamageIsFoundAndTheRestIsCompacted) {
  Make(/*is_closed=*/true);
  CopyWithFlip(FileOf("churning"), 40);
  FlipAgain(FileOf("history"), 40);
  ASSERT_OK_AND_ASSIGN(const auto engine, Open(bad_));
  ASSERT_OK_AND_ASSIGN(const auto damages, engine->Verify(Context()));
  ASSERT_EQ(damages.size(), 2U);
  EXPECT_NE(damages[0].is_clearable, damages[1].is_clearable);
  const absl::Status compacted = engine->Compact(Context());
  ExpectNamesSpace(compacted, "compact");
  EXPECT_EQ(MetadataOf(compacted, "space"), "churning,history");
  // Nothing was stopped by it.
  const kv::EncodedGroup group =
      MakeGroup(engine->head(), {{PutEffect(kNumber, "later", "v")}});
  ASSERT_OK_AND_ASSIGN(const kv::ApplyResult applied,
                       engine->Apply(group, kv::Durability::kFsync));
  EXPECT_EQ(applied.outcome, kv::ApplyOutcome::kApplied);
}

// Commits until one is refused, or `most` of them; the last answer.
absl::Status CommitAndFlush(kv::Engine& engine, int most) {
  absl::Status status;
  for (int i = 0; i < most && status.ok(); ++i) {
    // On both sides of the old rows: none of them is read, and files overlap.
    const std::string below = absl::StrCat("aa", i);
    const std::string above = absl::StrCat("zz", i);
    const kv::EncodedGroup group = MakeGroup(
        engine.head(),
        {{PutEffect(kEdges, below, "v"), PutEffect(kEdges, above, "v"),
          PutEffect(kIndex, below, "v"), PutEffect(kIndex, above, "v")}});
    // As the committer does where it does not know.
    for (int attempt = 0; attempt < 3; ++attempt) {
      const auto applied = engine.Apply(group, kv::Durability::kFsync);
      status = applied.ok() ? applied->cause : applied.status();
      if (status.ok()) {
        break;
      }
    }
    engine.Flush().IgnoreError();
    absl::SleepFor(absl::Milliseconds(20));
  }
  return status;
}

TEST_F(CorruptionTest, WritingStopsAtDamagedFactsAndSaysWhere) {
  Make(/*is_closed=*/true);
  CopyWithFlip(FileOf("prefixed"), 40);
  ASSERT_OK_AND_ASSIGN(const auto engine, Open(bad_));
  const absl::Status refused = CommitAndFlush(*engine, 500);
  ExpectNamesSpace(refused, "commit");
  EXPECT_EQ(MetadataOf(refused, "space"), "prefixed");
  const absl::Status failure = engine->Stats().write_failure;
  ExpectNamesSpace(failure, "statistics");
  EXPECT_EQ(MetadataOf(failure, "space"), "prefixed");
}

TEST_F(CorruptionTest, WritingGoesOnBesideDamagedIndexesUntilTheyAreCleared) {
  Make(/*is_closed=*/true);
  CopyWithFlip(FileOf("churning"), 40);
  kv::EngineHead head;
  {
    ASSERT_OK_AND_ASSIGN(const auto engine, Open(bad_));
    EXPECT_OK(CommitAndFlush(*engine, 50));
    EXPECT_OK(engine->Stats().write_failure);
    ASSERT_FALSE(engine->Compact(Context()).ok());
    ASSERT_OK(engine->ClearChurning());
    const kv::EncodedGroup group =
        MakeGroup(engine->head(), {{PutEffect(kIndex, "after", "v")}});
    ASSERT_OK(engine->Apply(group, kv::Durability::kFsync));
    EXPECT_OK(engine->Compact(Context()));
    head = engine->head();
  }
  ASSERT_OK_AND_ASSIGN(const auto engine, Open(bad_));
  EXPECT_EQ(engine->opened_as(), kv::OpenedAs::kClean);
  EXPECT_EQ(engine->head().revision, head.revision);
  const auto rows = engine->newest().Scan(Context(), kIndex, kv::Range::All(),
                                          kv::Order::kAscending);
  EXPECT_THAT(RowsOf(*rows),
              testing::ElementsAre(absl::StrCat("after=v@", head.revision)));
  const auto edges = engine->newest().Scan(Context(), kEdges, kv::Range::All(),
                                           kv::Order::kAscending);
  EXPECT_EQ(RowsOf(*edges).size(), size_t{kCommits} + 100);
  ASSERT_OK_AND_ASSIGN(const auto damages, engine->Verify(Context()));
  EXPECT_TRUE(damages.empty());
}

TEST_F(CorruptionTest, AMissingCurrentIsNoEmptyStore) {
  Make(/*is_closed=*/true);
  fs::copy(good_, bad_);
  fs::remove(bad_ + "/CURRENT");
  ExpectNamesSpace(Open(bad_).status(), "CURRENT");
}

TEST_F(CorruptionTest, MissingTablesAreDamage) {
  Make(/*is_closed=*/true);
  for (const std::string& name : FilesNamed(".sst")) {
    fs::remove_all(bad_);
    fs::copy(good_, bad_);
    fs::remove(bad_ + "/" + name);
    const auto engine = Open(bad_);
    ExpectNamesSpace(engine.ok() ? ReadAll(**engine, name) : engine.status(),
                     name);
  }
}

}  // namespace
}  // namespace twingraph::kv_rocks
