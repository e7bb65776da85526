#include "server/engine/twin_id.h"

#include <string>

#include "gtest/gtest.h"

#include "tests/support/status_matchers.h"

namespace twingraph::engine {
namespace {

TEST(TwinIdTest, AlphabetIsThatOfDeviceIds) {
  EXPECT_TRUE(IsInIdAlphabet("azAZ09-.+%_#*?!(),=@$'"));
  for (const char* id : {"", "a b", "a/b", "a:b", "a;b", "\xC3\xA4", "a\n",
                         "a\"b", "{a}", "~", "&"}) {
    EXPECT_FALSE(IsInIdAlphabet(id)) << id;
  }
}

TEST(TwinIdTest, LengthIsLimited) {
  EXPECT_OK(CheckId("twin.id", std::string(128, 'a'), kIdBytes));
  EXPECT_THAT(CheckId("twin.id", std::string(129, 'a'), kIdBytes),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
  EXPECT_THAT(CheckId("twin.id", ""),
              IsError(absl::StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_FIELD));
}

TEST(TwinIdTest, TemplatesMustTellDevicesApart) {
  EXPECT_OK(CheckIdTemplate("t", kDefaultIdTemplate));
  EXPECT_OK(CheckIdTemplate("t", "dev_{path}"));
  for (const char* text :
       {"", "{hub}", "device", "{path}{room}", "{path} x", "{path}/{hub}"}) {
    EXPECT_FALSE(CheckIdTemplate("t", text).ok()) << text;
  }
}

TEST(TwinIdTest, ProxyIdsAreReversible) {
  EXPECT_EQ(MakeProxyId(kDefaultIdTemplate, "site1", {"dev-1"}), "site1.dev-1");
  EXPECT_EQ(MakeProxyId(kDefaultIdTemplate, "site1", {"gw", "dev.1"}),
            "site1.gw.dev%2E1");
  EXPECT_EQ(MakeProxyId(kDefaultIdTemplate, "site1", {"gw.dev", "1"}),
            "site1.gw%2Edev.1");
  EXPECT_EQ(MakeProxyId("x_{path}", "site1", {"\xC3\xA4 %"}), "x_%C3%A4%20%25");
  // A path that looks like a template's name is not replaced again.
  EXPECT_EQ(MakeProxyId("{path}", "site1", {"{hub}"}), "%7Bhub%7D");
}

}  // namespace
}  // namespace twingraph::engine
