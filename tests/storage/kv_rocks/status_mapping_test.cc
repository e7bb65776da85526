#include "storage/kv_rocks/status_mapping.h"

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

TEST(ToStatusTest, CacheMissIsNoFailure) {
  EXPECT_TRUE(kv::IsIncomplete(ToStatus(rocksdb::Status::Incomplete(), "get")));
  EXPECT_OK(ToStatus(rocksdb::Status::OK(), "get"));
}

}  // namespace
}  // namespace twingraph::kv_rocks
