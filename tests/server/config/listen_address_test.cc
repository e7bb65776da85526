#include "server/config/listen_address.h"

#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::config {
namespace {

struct Case {
  const char* text;
  const char* host;
  int port;
  bool is_loopback;
};

class ListenAddressTest : public testing::TestWithParam<Case> {};

TEST_P(ListenAddressTest, ReadsAndPrintsItself) {
  ASSERT_OK_AND_ASSIGN(const ListenAddress address,
                       ParseListenAddress(GetParam().text));
  EXPECT_EQ(address.host, GetParam().host);
  EXPECT_EQ(address.port, GetParam().port);
  EXPECT_EQ(address.is_loopback(), GetParam().is_loopback);
  EXPECT_EQ(address.ToString(), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ListenAddressTest,
    testing::Values(Case{"127.0.0.1:0", "127.0.0.1", 0, true},
                    Case{"127.9.8.7:65535", "127.9.8.7", 65535, true},
                    Case{"localhost:1", "localhost", 1, true},
                    Case{"[::1]:50051", "::1", 50051, true},
                    Case{"[::]:50051", "::", 50051, false},
                    Case{"0.0.0.0:50051", "0.0.0.0", 50051, false},
                    Case{"twins.example:443", "twins.example", 443, false},
                    Case{"127.0.0.1.evil.example:1", "127.0.0.1.evil.example",
                         1, false}));

class BadListenAddressTest : public testing::TestWithParam<const char*> {};

TEST_P(BadListenAddressTest, IsRefused) {
  EXPECT_THAT(ParseListenAddress(GetParam()),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
}

INSTANTIATE_TEST_SUITE_P(Cases, BadListenAddressTest,
                         testing::Values("", "host", ":1", "host:",
                                         "host:65536", "host:-1", "host:x",
                                         "::1:50051", "[]:1", "[host]:1"));

}  // namespace
}  // namespace twingraph::config
