// Twins are made and hubs attached while their model is closed, opened and
// deleted: whatever the order of the commits, no twin is made of a closed
// model, and no twin or hub is left without one.

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

#include "tests/server/engine/engine_fixture.h"

namespace twingraph::engine {
namespace {

constexpr char kModel[] = "dtmi:t:A;1";
constexpr char kDocument[] =
    R"({"@context":"dtmi:dtdl:context;3","@id":"dtmi:t:A;1",)"
    R"("@type":"Interface"})";
constexpr int kWriters = 3;
constexpr int kTwins = 150;

class ModelRaceTest : public EngineTest {
 protected:
  ModelRaceTest() {
    EXPECT_OK(engine_->models().Upload(ctx_, {kDocument}, {}));
  }

  // Makes twins on several threads while `change` runs again and again; `made`
  // is called for each one with the token of its commit.
  template <typename Change, typename Made>
  void Race(Change change, Made made) {
    std::atomic<int> running = kWriters;
    std::vector<std::thread> writers;
    for (int w = 0; w < kWriters; ++w) {
      writers.emplace_back([&, w] {
        for (int i = 0; i < kTwins; ++i) {
          made(TryCreate(absl::StrCat("t", w, "-", i), kModel, "{}"));
        }
        --running;
      });
    }
    while (running > 0) {
      change();
    }
    for (std::thread& writer : writers) {
      writer.join();
    }
  }

  void ExpectSound() {
    ASSERT_OK_AND_ASSIGN(const auto report, engine_->admin().CheckStore(ctx_));
    EXPECT_TRUE(report.problems.empty());
  }
};

TEST_F(ModelRaceTest, NoTwinIsMadeOfAClosedModel) {
  std::atomic<int> refused = 0;
  Mutex mutex;
  std::vector<std::string> revisions;
  Race(
      [&] {
        EXPECT_OK(engine_->models().Decommission(ctx_, kModel, {}));
        EXPECT_OK(engine_->models().Reactivate(ctx_, kModel, {}));
      },
      [&](const absl::StatusOr<At<Twin>>& twin) {
        if (twin.ok()) {
          MutexLock lock(mutex);
          revisions.push_back(twin->revision);
          return;
        }
        ++refused;
        EXPECT_EQ(ReasonOf(twin.status()),
                  v1::ERROR_REASON_MODEL_DECOMMISSIONED)
            << twin.status();
      });
  EXPECT_EQ(revisions.size() + static_cast<size_t>(refused),
            size_t{kWriters} * kTwins);
  // The state at the revision of each twin is the one that it was made in.
  for (const std::string& revision : revisions) {
    ASSERT_OK_AND_ASSIGN(
        const auto model,
        engine_->models().Get(ctx_, kModel, {}, {.exactly_at = revision}));
    EXPECT_FALSE(model.value.decommission_time.has_value());
  }
  ExpectSound();
}

TEST_F(ModelRaceTest, NoTwinIsLeftWithoutItsModel) {
  Race(
      [&] {
        const auto gone = engine_->models().Delete(ctx_, kModel, {});
        if (!gone.ok()) {
          EXPECT_EQ(ReasonOf(gone.status()), v1::ERROR_REASON_MODEL_IN_USE);
        }
        EXPECT_OK(engine_->models().Upload(ctx_, {kDocument}, {}));
      },
      [&](const absl::StatusOr<At<Twin>>& twin) {
        if (!twin.ok()) {
          EXPECT_EQ(ReasonOf(twin.status()), v1::ERROR_REASON_MODEL_NOT_FOUND)
              << twin.status();
          return;
        }
        const auto removed =
            Wait(engine_->twins().Delete(ctx_, twin->value.id, {}));
        EXPECT_OK(removed);
      });
  ExpectSound();
}

TEST_F(ModelRaceTest, NoHubIsLeftWithoutItsDefaultModel) {
  std::atomic<int> running = kWriters;
  std::atomic<int> attached = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> hubs;
  for (int h = 0; h < kWriters; ++h) {
    hubs.emplace_back([&, h] {
      const std::string id = absl::StrCat("hub", h);
      // Until both have met: on one busy core they may long miss each other.
      for (int i = 0; i < kTwins || (refused == 0 && i < 1000 * kTwins); ++i) {
        const auto hub = engine_->hubs().Attach(
            ctx_, {.id = id, .kind = "grpc", .default_model = kModel}, {});
        if (!hub.ok()) {
          EXPECT_EQ(ReasonOf(hub.status()), v1::ERROR_REASON_MODEL_NOT_FOUND)
              << hub.status();
          continue;
        }
        ++attached;
        ExpectSound();
        EXPECT_OK(engine_->hubs().Detach(ctx_, id, DetachMode::kRemove, {}));
      }
      --running;
    });
  }
  while (running > 0) {
    const auto gone = engine_->models().Delete(ctx_, kModel, {});
    if (!gone.ok()) {
      EXPECT_EQ(ReasonOf(gone.status()), v1::ERROR_REASON_MODEL_IN_USE);
      EXPECT_EQ(MetadataOf(gone.status(), "what"), "hubs") << gone.status();
      ++refused;
    }
    EXPECT_OK(engine_->models().Upload(ctx_, {kDocument}, {}));
  }
  for (std::thread& hub : hubs) {
    hub.join();
  }
  EXPECT_GT(attached, 0);
  EXPECT_GT(refused, 0);
  ExpectSound();
}

}  // namespace
}  // namespace twingraph::engine
