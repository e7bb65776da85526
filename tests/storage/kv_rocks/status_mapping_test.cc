#include "storage/kv_rocks/status_mapping.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/kv/state.h"
#include "tests/support/status_matchers.h"

namespace twingraph::kv_rocks {
namespace {

constexpr char kSecret[] = "/data/000123.sst: engine text";

struct Case {
  rocksdb::Status status;
  absl::StatusCode code;
  v1::ErrorReason reason;
};

class ToStatusTest : public testing::TestWithParam<Case> {};

TEST_P(ToStatusTest, KeepsEngineTextToItself) {
  const absl::Status status = ToStatus(GetParam().status, "get");
  EXPECT_THAT(status, IsError(GetParam().code, GetParam().reason));
  EXPECT_THAT(status.ToString(), testing::Not(testing::HasSubstr(kSecret)));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ToStatusTest,
    testing::Values(
        Case{rocksdb::Status::Corruption(kSecret), absl::StatusCode::kDataLoss,
             v1::ERROR_REASON_STORE_CORRUPT},
        Case{rocksdb::Status::NoSpace(kSecret),
             absl::StatusCode::kResourceExhausted, v1::ERROR_REASON_STORE_FULL},
        Case{rocksdb::Status::IOError(kSecret), absl::StatusCode::kUnavailable,
             v1::ERROR_REASON_STORE_UNAVAILABLE},
        Case{rocksdb::Status::TimedOut(kSecret),
             absl::StatusCode::kDeadlineExceeded, v1::ERROR_REASON_CALL_ENDED},
        Case{rocksdb::Status::InvalidArgument(kSecret),
             absl::StatusCode::kUnavailable,
             v1::ERROR_REASON_STORE_UNAVAILABLE}));

TEST(ToStatusTest, NamesTheFileThatIsDamaged) {
  for (const char* file : {"000123.sst", "000007.log", "MANIFEST-000005"}) {
    const absl::Status status =
        ToStatus(rocksdb::Status::Corruption(
                     absl::StrCat("mismatch in /data/graphs/", file, " at 7")),
                 "open");
    EXPECT_EQ(MetadataOf(status, "file"), file);
    EXPECT_EQ(status.message(),
              absl::StrCat("stored bytes are damaged: ", file));
  }
  EXPECT_EQ(ToStatus(rocksdb::Status::Corruption(
                         "No such file or directory: dd/000019.ldb: No such "
                         "file or directory in file dd/MANIFEST-000005"),
                     "open")
                .message(),
            "a file of the store is missing: 000019.sst");
  EXPECT_EQ(ToStatus(rocksdb::Status::Corruption("bad"), "get").message(),
            "stored bytes are damaged");
}

TEST(ToStatusTest, CacheMissIsNoFailure) {
  EXPECT_TRUE(kv::IsIncomplete(ToStatus(rocksdb::Status::Incomplete(), "get")));
  EXPECT_OK(ToStatus(rocksdb::Status::OK(), "get"));
}

}  // namespace
}  // namespace twingraph::kv_rocks
