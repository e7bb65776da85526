#include "storage/kv/group_record.h"

#include <string>

#include "gtest/gtest.h"

#include "storage/base/bytes.h"
#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"

namespace twingraph::kv {
namespace {

GroupRecord Sample() {
  GroupRecord record;
  for (size_t i = 0; i < record.incarnation.store_id.size(); ++i) {
    record.incarnation.store_id[i] = static_cast<uint8_t>(i);
  }
  record.incarnation.epoch = 0x0000000100000002;
  record.previous_revision = 6;
  record.previous_hash = 0x1122334455667788;
  record.first_revision = 7;
  record.writer = 9;
  record.group = 10;
  Commit& first = record.commits.emplace_back();
  first.header = {.time = absl::FromUnixNanos(1),
                  .actor = "ann",
                  .origin = "user",
                  .request_id = "r1",
                  .causation = "c",
                  .trace_parent = "t",
                  .payload = "p"};
  first.effects = {PutEffect(1, "k", "v"), DeleteEffect(2, "d")};
  Commit& second = record.commits.emplace_back();
  second.header.time = absl::FromUnixNanos(2);
  second.effects = {IncrementEffect(3, "n", -3), TouchEffect(4, "t")};
  return record;
}

// Frozen: stores hold such bytes.
constexpr char kGolden[] =
    // format, flags
    "0100"
    // store id, epoch
    "000102030405060708090a0b0c0d0e0f"
    "0200000001000000"
    // previous revision, first revision, count
    "0600000000000000"
    "0700000000000000"
    "02000000"
    // writer, group, commit time, previous hash, size of the body
    "0900000000000000"
    "0a00000000000000"
    "0200000000000000"
    "8877665544332211"
    "3d000000"
    // first commit: time, six texts, two effects
    "0100000000000000"
    "03616e6e"
    "0475736572"
    "027231"
    "0163"
    "0174"
    "0170"
    "02"
    "0101016b0176"
    "02020164"
    // second commit: time, six texts, two effects
    "0200000000000000"
    "000000000000"
    "02"
    "0303016e05"
    "04040174"
    // checksum
    "01b67adbe5f31601";

TEST(GroupRecordTest, BytesAreFrozen) {
  ASSERT_OK_AND_ASSIGN(const EncodedGroup group, EncodeGroup(Sample()));
  EXPECT_EQ(ToHex(group.bytes), kGolden);
}

TEST(GroupRecordTest, DecodesWhatItEncodes) {
  ASSERT_OK_AND_ASSIGN(const EncodedGroup group, EncodeGroup(Sample()));
  ASSERT_OK_AND_ASSIGN(const EncodedGroup decoded, DecodeGroup(group.bytes));
  EXPECT_EQ(decoded.hash, group.hash);
  EXPECT_EQ(decoded.record.incarnation, group.record.incarnation);
  EXPECT_EQ(decoded.record.last_revision(), 8U);
  EXPECT_EQ(decoded.record.commits[0].header, group.record.commits[0].header);
  EXPECT_EQ(decoded.record.commits[1].effects[0].delta, -3);
  ASSERT_OK_AND_ASSIGN(const EncodedGroup again, EncodeGroup(decoded.record));
  EXPECT_EQ(again.bytes, group.bytes);
  ASSERT_OK_AND_ASSIGN(const GroupRecordHeader header,
                       DecodeGroupHeader(group.bytes));
  EXPECT_EQ(header.first_revision, 7U);
  EXPECT_EQ(header.count, 2U);
  EXPECT_EQ(header.commit_time, absl::FromUnixNanos(2));
}

TEST(GroupRecordTest, EveryDamagedByteIsNoticed) {
  ASSERT_OK_AND_ASSIGN(const EncodedGroup group, EncodeGroup(Sample()));
  for (size_t i = 0; i < group.bytes.size(); ++i) {
    std::string damaged = group.bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x40);
    EXPECT_THAT(DecodeGroup(damaged), IsError(absl::StatusCode::kDataLoss,
                                              v1::ERROR_REASON_STORE_CORRUPT))
        << i;
    EXPECT_FALSE(DecodeGroup(group.bytes.substr(0, i)).ok()) << i;
  }
}

TEST(GroupRecordTest, LargeRecordsAreCompressedAndLimited) {
  GroupRecord record = Sample();
  for (int i = 0; i < 20; ++i) {
    record.commits[0].effects.push_back(
        PutEffect(1, "key" + std::to_string(i), std::string(500'000, 'x')));
  }
  ASSERT_OK_AND_ASSIGN(const EncodedGroup group, EncodeGroup(record));
  EXPECT_LT(group.bytes.size(), 100'000U);
  ASSERT_OK_AND_ASSIGN(const EncodedGroup decoded, DecodeGroup(group.bytes));
  EXPECT_EQ(decoded.record.commits[0].effects.back().value,
            std::string(500'000, 'x'));
  for (int i = 0; i < 20; ++i) {
    record.commits[0].effects.push_back(
        PutEffect(1, "more" + std::to_string(i), std::string(500'000, 'x')));
  }
  EXPECT_THAT(EncodeGroup(record), IsError(absl::StatusCode::kInvalidArgument,
                                           v1::ERROR_REASON_LIMIT_EXCEEDED));
}

TEST(GroupRecordTest, TheSizeEstimateIsNotBelowTheBytes) {
  const GroupRecord record = Sample();
  size_t estimate = 0;
  for (const Commit& commit : record.commits) {
    estimate += EncodedSize(commit);
  }
  EXPECT_GE(estimate, 0x3DU);
}

}  // namespace
}  // namespace twingraph::kv
