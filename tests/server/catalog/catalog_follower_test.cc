#include "server/catalog/catalog_follower.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/graph/graph_store.h"
#include "storage/key/key_space.h"
#include "storage/kv_memory/store.h"
#include "tests/server/catalog/small_catalog.h"
#include "tests/support/status_matchers.h"

namespace twingraph::catalog {
namespace {

class CatalogFollowerTest : public testing::Test {
 protected:
  CatalogFollowerTest() {
    auto store =
        graph::GraphStore::Open(ctx_, kv_memory::OpenEngine(key::GraphSpaces()),
                                graph::GraphOptions(), {&follower_});
    EXPECT_OK(store);
    store_ = *std::move(store);
  }

  void Create(const std::vector<graph::ModelDraft>& drafts) {
    EXPECT_OK(store_->RunTransaction(ctx_, {}, [&](graph::GraphWriter& writer) {
      return writer.CreateModels(ctx_, drafts).status();
    }));
  }

  void Delete(const std::string& id) {
    EXPECT_OK(store_->RunTransaction(ctx_, {}, [&](graph::GraphWriter& writer) {
      return writer.DeleteModel(ctx_, id);
    }));
  }

  void CreateTwo() {
    Create({{.id = "dtmi:t:B;1",
             .text = Interface("dtmi:t:B;1", R"(,"extends":"dtmi:t:A;1")"),
             .dependencies = {"dtmi:t:A;1"}},
            {.id = "dtmi:t:A;1",
             .text = Interface("dtmi:t:A;1"),
             .dependencies = {}}});
  }

  Context ctx_;
  CatalogFollower follower_;
  std::unique_ptr<graph::GraphStore> store_;
};

TEST_F(CatalogFollowerTest, FollowsCreationsAndDeletions) {
  const auto empty = follower_.Current();
  CreateTwo();
  const auto full = follower_.Current();
  ASSERT_NE(full->Find("dtmi:t:B;1"), nullptr);
  EXPECT_TRUE(full->IsA("dtmi:t:B;1", "dtmi:t:A;1"));
  EXPECT_NE(graph::ToInt(full->Find("dtmi:t:A;1")->number), 0U);
  Delete("dtmi:t:B;1");
  EXPECT_EQ(follower_.Current()->Find("dtmi:t:B;1"), nullptr);
  EXPECT_NE(follower_.Current()->Find("dtmi:t:A;1"), nullptr);
  // Who holds an older catalog keeps it.
  EXPECT_EQ(empty->size(), 0U);
  EXPECT_NE(full->Find("dtmi:t:B;1"), nullptr);
}

TEST_F(CatalogFollowerTest, AnotherFlagOfAModelKeepsIt) {
  CreateTwo();
  ASSERT_OK(store_->RunTransaction(ctx_, {}, [&](graph::GraphWriter& writer) {
    return writer.SetDecommissioned(ctx_, "dtmi:t:B;1", true);
  }));
  const auto closed = follower_.Current()->Find("dtmi:t:B;1");
  ASSERT_NE(closed, nullptr);
  EXPECT_TRUE(closed->is_decommissioned);
  EXPECT_FALSE(follower_.Current()->Find("dtmi:t:A;1")->is_decommissioned);
  CatalogFollower other;
  ASSERT_OK_AND_ASSIGN(const auto reader, store_->commits().OpenSnapshot(ctx_));
  ASSERT_OK(other.Load(ctx_, *reader));
  EXPECT_TRUE(other.Current()->Find("dtmi:t:B;1")->is_decommissioned);
}

TEST_F(CatalogFollowerTest, TakesWhatAnUploadHasParsed) {
  const std::string text = Interface("dtmi:t:A;1");
  const auto parsed =
      dtdl::ParseModels({&text, 1}, [](absl::string_view) { return nullptr; });
  const graph::ModelDraft draft{.id = "dtmi:t:A;1", .text = text};
  {
    const CatalogFollower::Offer offer(follower_, parsed.interfaces);
    Create({draft});
  }
  EXPECT_EQ(follower_.Current()->Find("dtmi:t:A;1")->interface,
            parsed.interfaces[0]);
  // An offer ends with its upload.
  Delete("dtmi:t:A;1");
  Create({draft});
  EXPECT_NE(follower_.Current()->Find("dtmi:t:A;1")->interface,
            parsed.interfaces[0]);
}

TEST_F(CatalogFollowerTest, AModelCanComeBackInAnotherForm) {
  CreateTwo();
  Delete("dtmi:t:B;1");
  Create({{.id = "dtmi:t:B;1", .text = Interface("dtmi:t:B;1")}});
  EXPECT_FALSE(follower_.Current()->IsA("dtmi:t:B;1", "dtmi:t:A;1"));
  EXPECT_EQ(follower_.Current()->ModelsOf("dtmi:t:A;1", false).Members().size(),
            1U);
}

TEST_F(CatalogFollowerTest, ACommitWithoutModelsKeepsTheVersion) {
  CreateTwo();
  const auto before = follower_.Current();
  ASSERT_OK(store_->RunTransaction(ctx_, {}, [&](graph::GraphWriter& writer) {
    return writer.CreateTwin(ctx_, {.id = "a", .model = "dtmi:t:A;1"}).status();
  }));
  EXPECT_EQ(follower_.Current(), before);
}

TEST_F(CatalogFollowerTest, LoadsWhatIsStored) {
  CreateTwo();
  CatalogFollower other;
  ASSERT_OK_AND_ASSIGN(const auto reader, store_->commits().OpenSnapshot(ctx_));
  ASSERT_OK(other.Load(ctx_, *reader));
  ASSERT_NE(other.Current()->Find("dtmi:t:B;1"), nullptr);
  EXPECT_EQ(other.Current()->Find("dtmi:t:B;1")->number,
            follower_.Current()->Find("dtmi:t:B;1")->number);
  EXPECT_TRUE(other.Current()->IsA("dtmi:t:B;1", "dtmi:t:A;1"));
  EXPECT_EQ(other.Current()->Find("dtmi:t:B;1")->revision,
            follower_.Current()->Find("dtmi:t:B;1")->revision);
}

TEST_F(CatalogFollowerTest, IsPublishedWithTheHead) {
  CreateTwo();
  const auto version = store_->commits().head()->VersionOf<Catalog>(follower_);
  EXPECT_EQ(version, follower_.Current());
}

}  // namespace
}  // namespace twingraph::catalog
