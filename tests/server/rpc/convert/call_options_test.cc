#include "server/rpc/convert/call_options.h"

#include <string>

#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"
#include "twingraph/v1/twin.pb.h"

namespace twingraph::rpc {
namespace {

const std::string kKey(32, 'k');

TEST(CallOptionsTest, TakesWhatARequestHas) {
  v1::PatchTwinRequest request;
  request.set_id("room-1");
  request.set_etag("W/\"1\"");
  request.set_request_id("r");
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const engine::WriteOptions options,
                       ToWriteOptions(request));
  EXPECT_EQ(options.expected_etag, "W/\"1\"");
  EXPECT_EQ(options.request_id, "r");
  EXPECT_TRUE(options.validate_only);
  EXPECT_NE(options.request_fingerprint, 0u);

  ASSERT_OK_AND_ASSIGN(const engine::WriteOptions none,
                       ToWriteOptions(v1::CreateTwinRequest()));
  EXPECT_EQ(none.expected_etag, "");
  EXPECT_EQ(none.request_fingerprint, 0u);
}

TEST(CallOptionsTest, FingerprintsTellRequestsApartAndNotTheOrderOfMaps) {
  const auto fingerprint = [](const google::protobuf::Message& request) {
    return ToWriteOptions(request)->request_fingerprint;
  };
  v1::CreateTwinRequest first;
  first.set_request_id("r");
  v1::CreateTwinRequest second = first;
  for (int i = 0; i < 20; ++i) {
    auto& forward = *first.mutable_twin()->mutable_contents();
    auto& backward = *second.mutable_twin()->mutable_contents();
    (*forward.mutable_fields())[std::to_string(i)].set_number_value(i);
    (*backward.mutable_fields())[std::to_string(19 - i)].set_number_value(19 -
                                                                          i);
  }
  EXPECT_EQ(fingerprint(first), fingerprint(second));
  second.mutable_twin()->set_id("other");
  EXPECT_NE(fingerprint(first), fingerprint(second));
}

TEST(CallOptionsTest, RefusesLongRequestIds) {
  v1::CreateTwinRequest request;
  request.set_request_id(std::string(129, 'r'));
  EXPECT_THAT(ToWriteOptions(request),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
}

TEST(CallOptionsTest, CoercesPageSizes) {
  const auto size = [](int page_size) {
    return ToPagePlan(kKey, "s", {.default_size = 10, .max_size = 50},
                      page_size, "", v1::ReadOptions())
        ->page.size;
  };
  EXPECT_EQ(size(0), 10);
  EXPECT_EQ(size(1), 1);
  EXPECT_EQ(size(50), 50);
  EXPECT_EQ(size(51), 50);
  EXPECT_THAT(ToPagePlan(kKey, "s", {}, -1, "", v1::ReadOptions()),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
}

TEST(CallOptionsTest, TheFirstPageReadsWhatIsAskedFor) {
  v1::ReadOptions read;
  read.set_at_least_as_fresh("t");
  ASSERT_OK_AND_ASSIGN(const PagePlan plan,
                       ToPagePlan(kKey, "s", {}, 0, "", read));
  EXPECT_EQ(plan.read.at_least_as_fresh, "t");
  EXPECT_EQ(plan.page.position, "");
}

TEST(CallOptionsTest, ReadsATime) {
  v1::ReadOptions read;
  EXPECT_TRUE(ToReadOptions(read)->IsNewest());
  read.mutable_as_of()->set_seconds(1'700'000'000);
  read.mutable_as_of()->set_nanos(7);
  ASSERT_OK_AND_ASSIGN(const engine::ReadOptions options, ToReadOptions(read));
  EXPECT_EQ(options.as_of,
            absl::FromUnixSeconds(1'700'000'000) + absl::Nanoseconds(7));
  EXPECT_FALSE(options.IsNewest());
  read.mutable_as_of()->set_nanos(-1);
  EXPECT_THAT(ToReadOptions(read), IsError(absl::StatusCode::kInvalidArgument,
                                           v1::ERROR_REASON_INVALID_FIELD));
  EXPECT_THAT(ToPagePlan(kKey, "s", {}, 0, "", read),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
  // A page goes on at its revision, whatever the first one asked for.
  ASSERT_OK_AND_ASSIGN(
      const PagePlan next,
      ToPagePlan(kKey, "s", {}, 0, PageToken(kKey, "s", "p", "r"), read));
  EXPECT_EQ(next.read.exactly_at, "r");
  EXPECT_FALSE(next.read.as_of.has_value());
}

TEST(CallOptionsTest, ATokenGoesOnAtItsRevision) {
  const std::string position("\0binary\xFF", 8);
  const std::string scope = PageScope({"ListTwins", "1"});
  const std::string token = PageToken(kKey, scope, position, "revision-9");
  ASSERT_OK_AND_ASSIGN(
      const PagePlan plan,
      ToPagePlan(kKey, scope, {}, 7, token, v1::ReadOptions()));
  EXPECT_EQ(plan.page.position, position);
  EXPECT_EQ(plan.page.size, 7);
  EXPECT_EQ(plan.read.exactly_at, "revision-9");
  EXPECT_EQ(plan.read.at_least_as_fresh, "");
  EXPECT_EQ(PageToken(kKey, scope, "", "revision-9"), "");
}

TEST(CallOptionsTest, RefusesTokensOfOthersAndChangedOnes) {
  const std::string scope = PageScope({"ListTwins"});
  const std::string token = PageToken(kKey, scope, "p", "r");
  const auto refused = [&](absl::string_view key, const std::string& list,
                           const std::string& given) {
    return ReasonOf(ToPagePlan(key, list, {}, 0, given, v1::ReadOptions())
                        .status()) == v1::ERROR_REASON_INVALID_PAGE_TOKEN;
  };
  EXPECT_FALSE(refused(kKey, scope, token));
  EXPECT_TRUE(refused(kKey, PageScope({"ListModels"}), token));
  EXPECT_TRUE(refused(std::string(32, 'x'), scope, token));
  EXPECT_TRUE(refused(kKey, scope, "nonsense"));
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(refused(kKey, scope, changed)) << i;
  }
}

TEST(CallOptionsTest, ScopesCannotBeConfused) {
  EXPECT_NE(PageScope({"a", "bc"}), PageScope({"ab", "c"}));
  EXPECT_NE(PageScope({"a", ""}), PageScope({"a"}));
  EXPECT_NE(PageScope({"a\n1:b"}), PageScope({"a", "b"}));
}

}  // namespace
}  // namespace twingraph::rpc
