#include "storage/commit/store.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "storage/commit/token.h"
#include "storage/kv/counter.h"
#include "storage/kv_memory/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace twingraph::commit {
namespace {

constexpr kv::SpaceId kFacts = 1;
constexpr kv::SpaceId kIndex = 2;

std::vector<kv::SpaceSpec> Spaces() {
  return {{.id = kFacts, .name = "facts", .keeps_history = true},
          {.id = kIndex, .name = "index", .churning = true}};
}

class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.clock = &clock_;
    options_.maintenance_interval = absl::ZeroDuration();
    Open({});
  }

  void Open(std::vector<Follower*> followers) {
    ASSERT_OK_AND_ASSIGN(
        store_, Store::Open(ctx_, kv_memory::OpenEngine(Spaces()), options_,
                            std::move(followers)));
  }

  kv::Revision Put(absl::string_view key, absl::string_view value) {
    auto info = store_->RunTransaction(
        ctx_, {}, [&](Transaction& tx) { return tx.Put(kFacts, key, value); });
    EXPECT_OK(info);
    return info.ok() ? info->revision : 0;
  }

  std::string Value(const Reader& reader, absl::string_view key) {
    auto row = reader.Get(ctx_, kFacts, key);
    EXPECT_OK(row);
    return row.ok() && row->has_value() ? (*row)->value : "(none)";
  }

  Context ctx_;
  FakeClock clock_;
  StoreOptions options_;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreTest, ShowsCommitsAtEveryRevision) {
  const kv::Revision first = Put("a", "1");
  const kv::Revision second = Put("a", "2");
  EXPECT_EQ(second, first + 1);
  EXPECT_EQ(store_->head()->revision, second);
  EXPECT_EQ(Value(*store_->Newest(), "a"), "2");
  ASSERT_OK_AND_ASSIGN(const auto old, store_->ReaderAt(ctx_, first));
  EXPECT_EQ(Value(*old, "a"), "1");
  ASSERT_OK_AND_ASSIGN(const auto before, store_->ReaderAt(ctx_, first - 1));
  EXPECT_EQ(Value(*before, "a"), "(none)");
}

}  // namespace
}  // namespace twingraph::commit
