#include "storage/base/seal.h"

#include <string>

#include "gtest/gtest.h"

namespace twingraph {
namespace {

const std::string kKey(kSealKeyBytes, 'k');

TEST(SealTest, FormIsFrozen) {
  // The same with any HMAC-SHA256: form 1, payload, first half of the code.
  EXPECT_EQ(Seal(kKey, "page", "position 7"),
            "AXBvc2l0aW9uIDd-22h1OT-bjesiQk_Xww3r");
}

TEST(SealTest, OpensOnlyWithItsKeyAndPurpose) {
  const std::string token = Seal(kKey, "page", std::string("a\0b", 3));
  EXPECT_EQ(Unseal(kKey, "page", token), std::string("a\0b", 3));
  EXPECT_EQ(Unseal(kKey, "watch", token), std::nullopt);
  EXPECT_EQ(Unseal(std::string(kSealKeyBytes, 'K'), "page", token),
            std::nullopt);
}

TEST(SealTest, EveryChangedCharacterIsNoticed) {
  const std::string token = Seal(kKey, "page", "position 7");
  for (size_t i = 0; i < token.size(); ++i) {
    for (const char other : {'A', 'b', '9', '-', '=', ' ', '\0'}) {
      std::string changed = token;
      changed[i] = other;
      EXPECT_EQ(Unseal(kKey, "page", changed).has_value(), changed == token)
          << "character " << i << " as " << static_cast<int>(other);
    }
  }
}

TEST(SealTest, CutLongerAndForeignTextIsRefused) {
  const std::string token = Seal(kKey, "page", "position 7");
  for (size_t length = 0; length < token.size(); ++length) {
    EXPECT_EQ(Unseal(kKey, "page", token.substr(0, length)), std::nullopt);
  }
  EXPECT_EQ(Unseal(kKey, "page", token + "A"), std::nullopt);
  EXPECT_EQ(Unseal(kKey, "page", token + "="), std::nullopt);
  EXPECT_EQ(Unseal(kKey, "page", "{\"offset\": 7}"), std::nullopt);
}

}  // namespace
}  // namespace twingraph
