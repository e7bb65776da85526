// Lists of every kind in pages of few bytes: each item once, in few items a
// page, however many were asked for.
#include "server/engine/fill_page.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "server/engine/device_ops.h"
#include "tests/server/engine/engine_fixture.h"

namespace twingraph::engine {
namespace {

// More than one batch of a list, and a page of them has a few.
constexpr size_t kItems = 40;
constexpr size_t kPageBytes = 3000;

const std::string& Text() {
  static const std::string* const text = new std::string(1000, 'x');
  return *text;
}

class FillPageTest : public EngineTest {
 protected:
  FillPageTest() : EngineTest({.page_bytes = kPageBytes}) {}

  // Reads all pages of a list: how many items each has. No item comes twice.
  template <typename List, typename IdOf>
  std::vector<size_t> PageSizes(const List& list, const IdOf& id_of) {
    std::vector<size_t> sizes;
    std::set<std::string> ids;
    for (const auto& items : ReadPages(list, 1000)) {
      sizes.push_back(items.size());
      for (const auto& item : items) {
        EXPECT_TRUE(ids.insert(id_of(item)).second) << id_of(item);
      }
    }
    return sizes;
  }

  // All items came, two or three a page.
  static void ExpectFewAPage(const std::vector<size_t>& sizes, size_t items) {
    size_t sum = 0;
    for (const size_t size : sizes) {
      EXPECT_LE(size, 3U);
      sum += size;
    }
    EXPECT_EQ(sum, items);
    EXPECT_GE(sizes.size(), items / 3);
  }
};

TEST_F(FillPageTest, Twins) {
  for (size_t i = 0; i < kItems; ++i) {
    Create(absl::StrCat("t", i), "dtmi:demo:Space;1",
           absl::StrCat(R"({"label":")", Text(), "\"}"));
  }
  ExpectFewAPage(PageSizes(
                     [&](const PageRequest& page, const ReadOptions& read) {
                       return engine_->twins().List(ctx_, {}, page, read);
                     },
                     [](const Twin& twin) { return twin.id; }),
                 kItems);
}

TEST_F(FillPageTest, AnItemThatIsLargerThanAPageIsAPage) {
  Create("small1", "dtmi:demo:Space;1");
  Create(
      "t", "dtmi:demo:Space;1",
      absl::StrCat(R"({"label":")", std::string(3 * kPageBytes, 'x'), "\"}"));
  Create("u", "dtmi:demo:Space;1");
  EXPECT_THAT(PageSizes(
                  [&](const PageRequest& page, const ReadOptions& read) {
                    return engine_->twins().List(ctx_, {}, page, read);
                  },
                  [](const Twin& twin) { return twin.id; }),
              testing::ElementsAre(2, 1));
}

TEST_F(FillPageTest, SmallItemsFillAPageByNumber) {
  for (size_t i = 0; i < 7; ++i) {
    Create(absl::StrCat("t", i), "dtmi:demo:Space;1");
  }
  const auto got = engine_->twins().List(ctx_, {}, {.size = 5}, {});
  ASSERT_OK(got);
  EXPECT_EQ(got->items.size(), 5U);
  EXPECT_EQ(got->next_position, "t4");
}

TEST_F(FillPageTest, RelationshipsInBothDirections) {
  CreateRoom("r");
  CreateSensor("s");
  // A relationship has nothing large here but is counted.
  constexpr size_t kMany = 60;
  for (size_t i = 0; i < kMany; ++i) {
    ASSERT_OK(TryRelate("r", absl::StrCat("x", i), "hasDevice", "s"));
  }
  const auto id_of = [](const Relationship& each) { return each.id; };
  const auto outgoing = PageSizes(
      [&](const PageRequest& page, const ReadOptions& read) {
        return engine_->relationships().ListOutgoing(ctx_, "r", "", page, read);
      },
      id_of);
  const auto incoming = PageSizes(
      [&](const PageRequest& page, const ReadOptions& read) {
        return engine_->relationships().ListIncoming(ctx_, "s", "", page, read);
      },
      id_of);
  EXPECT_THAT(outgoing, testing::ElementsAre(15, 15, 15, 15));
  EXPECT_THAT(incoming, testing::ElementsAre(15, 15, 15, 15));
}

TEST_F(FillPageTest, ModelsWithTheirDefinitions) {
  std::vector<std::string> documents;
  for (size_t i = 0; i < kItems; ++i) {
    documents.push_back(absl::StrCat(
        R"({"@context":"dtmi:dtdl:context;3","@type":"Interface","@id":)",
        R"("dtmi:demo:large:M)", i, R"(;1","comment":")", Text().substr(0, 500),
        R"(","description":")", Text().substr(0, 500), "\"}"));
  }
  ASSERT_OK(engine_->models().Upload(ctx_, documents, {}));
  ASSERT_OK_AND_ASSIGN(const auto all,
                       engine_->models().List(ctx_, {}, {.size = 1000}, {}));
  EXPECT_GT(all.items.size(), 3U);  // without definitions
  const auto sizes = PageSizes(
      [&](const PageRequest& page, const ReadOptions& read) {
        return engine_->models().List(ctx_, {.has_definition = true}, page,
                                      read);
      },
      [](const Model& model) { return model.id; });
  size_t sum = 0;
  for (const size_t size : sizes) {
    EXPECT_LE(size, 12U);  // some of the building's are small
    sum += size;
  }
  EXPECT_EQ(sum, kItems + 8);
  EXPECT_GE(sizes.size(), kItems / 3);
}

TEST_F(FillPageTest, HubsAndDevices) {
  for (size_t i = 0; i < kItems; ++i) {
    ASSERT_OK(engine_->hubs().Attach(
        ctx_,
        {.id = absl::StrCat("h", i), .kind = "grpc", .display_name = Text()},
        {}));
  }
  ExpectFewAPage(PageSizes(
                     [&](const PageRequest& page, const ReadOptions& read) {
                       return engine_->hubs().List(ctx_, page, read);
                     },
                     [](const Hub& hub) { return hub.settings.id; }),
                 kItems);
  std::vector<DeviceInput> inputs;
  for (size_t i = 0; i < kItems; ++i) {
    DeviceUpserted event;
    event.device.path = {absl::StrCat("d", i)};
    event.device.tags.Set("note", Value::String(Text()));
    inputs.push_back({std::nullopt, std::move(event)});
  }
  ASSERT_OK(engine_->devices().Apply(ctx_, "h1", inputs));
  ExpectFewAPage(PageSizes(
                     [&](const PageRequest& page, const ReadOptions& read) {
                       return engine_->hubs().ListDevices(ctx_, "h1", page,
                                                          read);
                     },
                     [](const Device& device) { return device.twin; }),
                 kItems);
}

}  // namespace
}  // namespace twingraph::engine
