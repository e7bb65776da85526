#pragma once

// A graph over the memory engine with the building's models, for tests.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

#include "server/engine/engine.h"
#include "storage/key/key_space.h"
#include "storage/kv_memory/store.h"
#include "storage/value/json.h"
#include "tests/server/engine/building.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace twingraph::engine {

inline std::string JsonOf(const std::string& encoded) {
  std::string json;
  AppendJson(ValueView(encoded), json);
  return json;
}

class EngineTest : public testing::Test {
 protected:
  explicit EngineTest(Limits limits = {}) : EngineTest(Options(limits)) {}

  explicit EngineTest(EngineOptions options) {
    options.store = kv_memory::OpenEngine(key::GraphSpaces());
    options.clock = &clock_;
    auto engine = Engine::Open(std::move(options));
    EXPECT_OK(engine);
    engine_ = *std::move(engine);
    EXPECT_OK(engine_->models().Upload(ctx_, BuildingModels(), {}));
  }

  static EngineOptions Options(Limits limits) {
    EngineOptions options;
    options.limits = limits;
    return options;
  }

  absl::StatusOr<At<Twin>> TryCreate(const std::string& id,
                                     const std::string& model,
                                     const std::string& contents,
                                     const WriteOptions& options = {}) {
    TwinInput input;
    input.id = id;
    input.model = model;
    input.contents = *ParseJsonValue(contents);
    return Wait(engine_->twins().Create(ctx_, input, options));
  }

  // A twin that must be made.
  Twin Create(const std::string& id, const std::string& model,
              const std::string& contents = "{}") {
    auto made = TryCreate(id, model, contents);
    EXPECT_OK(made);
    return made.ok() ? made->value : Twin();
  }

  Twin CreateRoom(const std::string& id) {
    return Create(id, "dtmi:demo:Room;1", R"({"thermostat":{}})");
  }

  Twin CreateSensor(const std::string& id) {
    return Create(id, "dtmi:demo:Sensor;1", R"({"thermostat":{}})");
  }

  // The items of each page of a list, all at one revision.
  template <typename List>
  static auto ReadPages(const List& list, int size) {
    PageRequest page{.size = size, .position = ""};
    ReadOptions read;
    std::vector<decltype(list(page, read)->items)> pages;
    do {
      auto got = list(page, read);
      EXPECT_OK(got);
      if (!got.ok()) {
        break;
      }
      pages.push_back(std::move(got->items));
      page.position = got->next_position;
      read.exactly_at = got->revision;
    } while (!page.position.empty());
    return pages;
  }

  absl::StatusOr<At<Relationship>> TryRelate(
      const std::string& source, const std::string& id, const std::string& name,
      const std::string& target, const std::string& properties = "{}") {
    return Wait(engine_->relationships().Create(
        ctx_,
        {.id = id,
         .source = source,
         .name = name,
         .target = target,
         .properties = *ParseJsonValue(properties)},
        {}));
  }

  absl::StatusOr<Twin> Get(const std::string& id,
                           TwinView view = TwinView::kBasic) {
    auto found = engine_->twins().Get(ctx_, id, view, {});
    if (!found.ok()) {
      return found.status();
    }
    return found->value;
  }

  // The contents of a twin as JSON; the error's text where it cannot be read.
  std::string ContentsOf(const std::string& id) {
    const auto twin = Get(id);
    return twin.ok() ? JsonOf(twin->contents)
                     : std::string(twin.status().message());
  }

  FakeClock clock_;
  Context ctx_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace twingraph::engine
