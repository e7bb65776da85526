#include "storage/base/status.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph {
namespace {

TEST(StatusTest, CarriesReasonAndMetadata) {
  const absl::Status status = NotFound(v1::ERROR_REASON_TWIN_NOT_FOUND,
                                       "no such twin", {{"twin", "b1"}});
  EXPECT_THAT(status, IsError(absl::StatusCode::kNotFound,
                              v1::ERROR_REASON_TWIN_NOT_FOUND));
  EXPECT_EQ(MetadataOf(status, "twin"), "b1");
  EXPECT_EQ(MetadataOf(status, "absent"), "");
}

TEST(StatusTest, ManyViolationsStayUnderFourKilobytesWithTheirCount) {
  std::vector<FieldViolation> violations(
      1000, {"twin.properties." + std::string(400, 'p'),
             "is \xC3\xA4 " + std::string(900, 'd')});
  const absl::Status status =
      InvalidFields(v1::ERROR_REASON_CONTENT_INVALID, violations,
                    {{"twin", std::string(5000, 't')}});
  size_t bytes = 0;
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    bytes += url.size() + payload.size();
  });
  EXPECT_LT(bytes, 4096U);
  EXPECT_EQ(MetadataOf(status, "violations"), "1000");
  EXPECT_GE(ViolationsOf(status).size(), 2U);
}

TEST(StatusTest, AllMetadataIsByName) {
  const absl::Status status = NotFound(v1::ERROR_REASON_TWIN_NOT_FOUND, "x",
                                       {{"twin", "r1"}, {"hub", "h"}});
  EXPECT_EQ(AllMetadataOf(status),
            (std::map<std::string, std::string>{{"hub", "h"}, {"twin", "r1"}}));
  EXPECT_TRUE(AllMetadataOf(absl::OkStatus()).empty());
}

TEST(StatusTest, OverloadedSaysWhenToRetry) {
  const absl::Status status = Overloaded("reads", absl::Milliseconds(1500));
  EXPECT_THAT(status, IsError(absl::StatusCode::kResourceExhausted,
                              v1::ERROR_REASON_OVERLOADED));
  EXPECT_TRUE(status.GetPayload(kRetryInfoUrl).has_value());
  EXPECT_EQ(RetryDelayOf(status), absl::Milliseconds(1500));
  EXPECT_EQ(RetryDelayOf(Internal("x")), absl::ZeroDuration());
}

}  // namespace
}  // namespace twingraph
