#include "proto/cc/status.h"

#include <string>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/base/status.h"
#include "tests/support/status_matchers.h"
#include "twingraph/internal/rpc_status.pb.h"

namespace twingraph {
namespace {

TEST(StatusTest, OkIsOkBothWays) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_OK(FromGrpcStatus(grpc::Status::OK));
}

TEST(StatusTest, KeepsCodeMessageReasonAndMetadata) {
  const absl::Status status = NotFound(v1::ERROR_REASON_TWIN_NOT_FOUND,
                                       "no such twin", {{"twin", "room-1"}});
  const absl::Status read = FromGrpcStatus(ToGrpcStatus(status));
  EXPECT_THAT(read, IsError(absl::StatusCode::kNotFound,
                            v1::ERROR_REASON_TWIN_NOT_FOUND));
  EXPECT_EQ(read.message(), "no such twin");
  EXPECT_EQ(MetadataOf(read, "twin"), "room-1");
}

TEST(StatusTest, ErrorInfoIsTheFirstDetail) {
  const grpc::Status status = ToGrpcStatus(InvalidField("id", "is missing"));
  internal::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  ASSERT_EQ(details.details_size(), 2);
  EXPECT_EQ(details.details(0).type_url(), kErrorInfoUrl);
  EXPECT_EQ(details.details(1).type_url(), kBadRequestUrl);
  EXPECT_EQ(details.code(), status.error_code());
}

TEST(StatusTest, KeepsTheFirstOfManyViolations) {
  std::vector<FieldViolation> violations;
  for (int i = 0; i < 1000; ++i) {
    violations.push_back(
        {absl::StrCat("twin.contents.p", i), std::string(200, 'x')});
  }
  const grpc::Status status =
      ToGrpcStatus(InvalidFields(v1::ERROR_REASON_CONTENT_INVALID, violations));
  EXPECT_LE(status.error_details().size(), kDetailBytesLimit);

  const absl::Status read = FromGrpcStatus(status);
  EXPECT_EQ(MetadataOf(read, "violations"), "1000");
  ASSERT_FALSE(ViolationsOf(read).empty());
  EXPECT_EQ(ViolationsOf(read)[0].field, "twin.contents.p0");
}

TEST(StatusTest, StaysSmallWhateverThePayloads) {
  internal::BadRequest request;
  for (int i = 0; i < 100; ++i) {
    request.add_field_violations()->set_description(std::string(300, 'd'));
  }
  internal::ErrorInfo info;
  info.set_reason("INVALID_FIELD");
  (*info.mutable_metadata())["big"] = std::string(9000, 'm');
  absl::Status status(absl::StatusCode::kInvalidArgument,
                      std::string(5000, '\x01'));
  status.SetPayload(kErrorInfoUrl,
                    absl::Cord(absl::string_view(info.SerializeAsString())));
  status.SetPayload(kBadRequestUrl,
                    absl::Cord(absl::string_view(request.SerializeAsString())));
  status.SetPayload("type.googleapis.com/x",
                    absl::Cord(absl::string_view(std::string(9000, 'y'))));

  const grpc::Status sent = ToGrpcStatus(status);
  EXPECT_LE(sent.error_details().size(), kDetailBytesLimit);
  EXPECT_LE(sent.error_message().size() * 3, 1503);
  const absl::Status read = FromGrpcStatus(sent);
  EXPECT_EQ(ReasonOf(read), v1::ERROR_REASON_INVALID_FIELD);
  EXPECT_FALSE(ViolationsOf(read).empty());
}

TEST(StatusTest, CutsAMessageBetweenCharacters) {
  std::string message = "a";
  for (int i = 0; i < 2000; ++i) {
    message += "\xC3\xA4";
  }
  const grpc::Status sent = ToGrpcStatus(absl::InternalError(message));
  EXPECT_EQ(sent.error_message().size() % 2, 1);
}

TEST(StatusTest, PassesOverDetailsOfAnotherKind) {
  const absl::Status read = FromGrpcStatus(
      grpc::Status(grpc::StatusCode::UNAVAILABLE, "away", "\xFF\xFF"));
  EXPECT_EQ(read.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(read.message(), "away");
  EXPECT_EQ(ReasonOf(read), v1::ERROR_REASON_UNSPECIFIED);
}

}  // namespace
}  // namespace twingraph
