#include "server/engine/engine.h"

#include <memory>
#include <string>
#include <utility>

#include "storage/base/seal.h"
#include "storage/kv_rocks/store.h"
#include "tests/server/engine/engine_fixture.h"
#include "tests/support/temp_dir.h"

namespace twingraph::engine {
namespace {

using absl::StatusCode;

// An engine over a directory that outlives it.
class EngineReopenTest : public testing::Test {
 protected:
  EngineReopenTest() { Open(); }

  void Open() {
    engine_.reset();
    auto store = kv_rocks::OpenEngine(key::GraphSpaces(),
                                      {.directory = dir_.path() + "/store"});
    ASSERT_OK(store);
    EngineOptions options;
    options.store = *std::move(store);
    options.store_kind = "rocksdb";
    auto engine = Engine::Open(std::move(options));
    ASSERT_OK(engine);
    engine_ = *std::move(engine);
  }

  TempDir dir_;
  Context ctx_;
  std::unique_ptr<Engine> engine_;
};

TEST_F(EngineReopenTest, ANewGraphHasTheBuiltInModelAndAKey) {
  EXPECT_OK(engine_->models().Get(ctx_, "dtmi:twingraph:Device;1", {}, {}));
  EXPECT_EQ(engine_->token_key().size(), kSealKeyBytes);
  ASSERT_OK_AND_ASSIGN(const Status status, engine_->admin().GetStatus(ctx_));
  EXPECT_EQ(status.engine, "rocksdb");
  EXPECT_EQ(status.models, 1);
}

TEST_F(EngineReopenTest, EverythingIsThereAfterwards) {
  ASSERT_OK(engine_->models().Upload(ctx_, BuildingModels(), {}));
  TwinInput floor{.id = "f1", .model = "dtmi:demo:Floor;1"};
  floor.contents.Set("level", Value::Int(3));
  ASSERT_OK_AND_ASSIGN(const At<Twin> made,
                       Wait(engine_->twins().Create(ctx_, floor, {})));
  ASSERT_OK(engine_->hubs().Attach(ctx_, {.id = "site", .kind = "grpc"}, {}));
  DeviceInput event;
  event.cursor = Cursor{.source = "p", .offset = 4, .bookmark = ""};
  event.event = DeviceUpserted{{.path = {"d"}, .generation = "g"}};
  ASSERT_OK(engine_->devices().Apply(ctx_, "site", {event}));
  const std::string key = engine_->token_key();
  Open();
  EXPECT_EQ(engine_->token_key(), key);
  // Tokens and etags of before still hold: the store was closed in order.
  ASSERT_OK_AND_ASSIGN(const At<Twin> read,
                       engine_->twins().Get(ctx_, "f1", TwinView::kBasic,
                                            {.exactly_at = made.revision}));
  EXPECT_EQ(read.value.etag, made.value.etag);
  EXPECT_EQ(JsonOf(read.value.contents), R"({"level":3})");
  ASSERT_OK_AND_ASSIGN(const FeedState feed,
                       engine_->devices().GetFeed(ctx_, "site"));
  ASSERT_EQ(feed.cursors.size(), 1U);
  EXPECT_EQ(feed.cursors[0].offset, 4U);
  // The catalog is loaded: contents are checked.
  floor.id = "f2";
  floor.contents.Set("level", Value::String("x"));
  EXPECT_THAT(
      Wait(engine_->twins().Create(ctx_, floor, {})),
      IsError(StatusCode::kInvalidArgument, v1::ERROR_REASON_CONTENT_INVALID));
}

TEST_F(EngineReopenTest, StatesOfModelsAreThereAfterwards) {
  ASSERT_OK(engine_->models().Upload(ctx_, BuildingModels(), {}));
  ASSERT_OK_AND_ASSIGN(const auto closed, engine_->models().Decommission(
                                              ctx_, "dtmi:demo:Floor;1", {}));
  ASSERT_OK(engine_->models().Decommission(ctx_, "dtmi:demo:Person;1", {}));
  ASSERT_OK(engine_->models().Reactivate(ctx_, "dtmi:demo:Person;1", {}));
  ASSERT_OK(engine_->models().Delete(ctx_, "dtmi:demo:Person;1", {}).status());
  Open();
  ASSERT_OK_AND_ASSIGN(
      const auto floor,
      engine_->models().Get(ctx_, "dtmi:demo:Floor;1", {}, {}));
  EXPECT_EQ(floor.value.decommission_time, closed.value.decommission_time);
  EXPECT_EQ(floor.value.etag, closed.value.etag);
  EXPECT_THAT(Wait(engine_->twins().Create(
                  ctx_, {.id = "f", .model = "dtmi:demo:Floor;1"}, {})),
              IsError(StatusCode::kFailedPrecondition,
                      v1::ERROR_REASON_MODEL_DECOMMISSIONED));
  // A model that is gone can be read as it was.
  ASSERT_OK_AND_ASSIGN(const auto room, engine_->models().GetEffective(
                                            ctx_, "dtmi:demo:Room;1",
                                            {.exactly_at = closed.revision}));
  EXPECT_EQ(room.value.effective->contents.size(), 13U);
  ASSERT_OK_AND_ASSIGN(const auto person,
                       engine_->models().Get(ctx_, "dtmi:demo:Person;1",
                                             {.has_definition = true},
                                             {.exactly_at = closed.revision}));
  EXPECT_NE(person.value.definition, "");
}

TEST_F(EngineReopenTest, ATokenOfAnotherStoreIsRefused) {
  EngineOptions options;
  options.store = kv_memory::OpenEngine(key::GraphSpaces());
  ASSERT_OK_AND_ASSIGN(const auto other, Engine::Open(std::move(options)));
  ASSERT_OK_AND_ASSIGN(const Status status, other->admin().GetStatus(ctx_));
  EXPECT_THAT(engine_->twins().Get(ctx_, "f1", TwinView::kBasic,
                                   {.exactly_at = status.revision}),
              IsError(StatusCode::kInvalidArgument,
                      v1::ERROR_REASON_INVALID_REVISION_TOKEN));
}

}  // namespace
}  // namespace twingraph::engine
