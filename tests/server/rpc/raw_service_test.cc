#include "server/rpc/raw_service.h"

#include "echo.pb.h"
#include "gtest/gtest.h"

#include "storage/base/log.h"

namespace twingraph::rpc {
namespace {

const google::protobuf::ServiceDescriptor& Echo() {
  return *rpc_test::SayRequest::descriptor()->file()->FindServiceByName(
      "EchoService");
}

UnaryHandler NoUnary() {
  return [](auto*, auto*, auto*) { return nullptr; };
}

ServerStreamHandler NoStream() {
  return [](auto*, auto*) { return nullptr; };
}

BidiHandler NoBidi() {
  return [](auto*) { return nullptr; };
}

TEST(RawServiceTest, HasTheNameOfItsDescriptor) {
  EXPECT_EQ(RawService(Echo()).name(), "twingraph.rpc_test.EchoService");
}

TEST(RawServiceTest, IsCompleteWithEveryMethodBound) {
  RawService service(Echo());
  service.Bind("Say", NoUnary());
  service.Bind("Repeat", NoStream());
  service.Bind("Talk", NoBidi());
  service.CheckAllBound();
}

TEST(RawServiceDeathTest, StopsTheProcessForADefect) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        RawService service(Echo());
        service.Bind("Say", NoUnary());
        service.Bind("Talk", NoBidi());
        service.CheckAllBound();
      },
      "unbound.*Repeat");
  EXPECT_DEATH(RawService(Echo()).Bind("Shout", NoUnary()), "no such method");
  EXPECT_DEATH(RawService(Echo()).Bind("Repeat", NoUnary()), "another shape");
  EXPECT_DEATH(
      {
        RawService service(Echo());
        service.Bind("Say", NoUnary());
        service.Bind("Say", NoUnary());
      },
      "bound twice");
}

}  // namespace
}  // namespace twingraph::rpc
