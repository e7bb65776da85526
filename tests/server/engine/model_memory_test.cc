#include "server/engine/model_memory.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "tests/server/engine/engine_fixture.h"

namespace twingraph::engine {
namespace {

constexpr size_t kRoom = size_t{1} << 20;

EngineOptions WithRoom(size_t own, size_t topology) {
  EngineOptions options;
  options.model_memory_bytes = own;
  options.graph.topology.bytes = topology;
  return options;
}

std::string Model(int number, const std::string& more) {
  return absl::StrCat(
      R"({"@context":"dtmi:dtdl:context;3","@type":"Interface","@id":)",
      R"("dtmi:memory:model)", number, R"(;1",)", more, "}");
}

// `count` models of about half a kilobyte.
std::vector<std::string> Models(int first, int count) {
  std::vector<std::string> documents;
  for (int i = 0; i < count; ++i) {
    documents.push_back(
        Model(first + i,
              absl::StrCat(R"("description":")", std::string(400, 'x'), "\"")));
  }
  return documents;
}

class ModelMemoryTest : public EngineTest {
 protected:
  explicit ModelMemoryTest(EngineOptions options = WithRoom(kRoom, 0))
      : EngineTest(std::move(options)) {}

  absl::Status Upload(const std::vector<std::string>& documents) {
    return engine_->models().Upload(ctx_, documents, {}).status();
  }

  // Small sets, until one is refused.
  int UploadAllThatFit() {
    int sets = 0;
    while (sets < 1000) {
      const absl::Status status = Upload(Models(sets * 20, 20));
      if (!status.ok()) {
        EXPECT_THAT(status, is_refused_);
        break;
      }
      ++sets;
    }
    return sets;
  }

  const testing::Matcher<absl::Status> is_refused_ = IsError(
      absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_LIMIT_EXCEEDED);
};

TEST_F(ModelMemoryTest, RefusesASetThatDoesNotFit) {
  const absl::Status refused = Upload(Models(0, 1000));
  EXPECT_THAT(refused, is_refused_);
  EXPECT_THAT(std::string(refused.message()),
              testing::HasSubstr("--memory-budget"));
  EXPECT_EQ(MetadataOf(refused, "limit"), absl::StrCat(kRoom));
  EXPECT_OK(Upload(Models(0, 20)));
}

class FullProcessTest : public ModelMemoryTest {
 protected:
  FullProcessTest() : ModelMemoryTest(Options()) {}

 private:
  static EngineOptions Options() {
    EngineOptions options = WithRoom(kRoom, 0);
    options.memory_budget_bytes = 1;
    return options;
  }
};

TEST_F(FullProcessTest, RefusesASetThatCannotBeReadWithTheFreeMemory) {
  const std::vector<std::string> large = {Model(
      0, absl::StrCat(R"("comment":")", std::string(400'000, 'x'), "\""))};
  const absl::Status refused = Upload(large);
  EXPECT_OK(Upload(Models(0, 1)));
  EXPECT_THAT(refused, is_refused_);
  EXPECT_EQ(MetadataOf(refused, "limit"), "0");
}

TEST_F(ModelMemoryTest, RefusesModelsWhenAllThatFitAreThere) {
  const int sets = UploadAllThatFit();
  EXPECT_GT(sets, 5);
  EXPECT_LT(sets, 100);
  // Less is there when models go.
  for (int i = 0; i < 100; ++i) {
    ASSERT_OK(engine_->models().Delete(
        ctx_, absl::StrCat("dtmi:memory:model", i, ";1"), {}));
  }
  EXPECT_OK(Upload(Models(100'000, 20)));
}

TEST_F(ModelMemoryTest, CountsWhatModelsInherit) {
  std::string contents;
  for (int i = 0; i < 300; ++i) {
    absl::StrAppend(&contents, i == 0 ? "" : ",",
                    R"({"@type":"Property","name":"p)", i,
                    R"(","schema":"double"})");
  }
  ASSERT_OK(Upload({Model(0, absl::StrCat(R"("contents":[)", contents, "]"))}));
  std::vector<std::string> heirs;
  for (int i = 1; i <= 300; ++i) {
    heirs.push_back(Model(i, R"("extends":"dtmi:memory:model0;1")"));
  }
  EXPECT_THAT(Upload(heirs), is_refused_);
  heirs.resize(20);
  EXPECT_OK(Upload(heirs));
}

class BorrowingTest : public ModelMemoryTest {
 protected:
  BorrowingTest() : ModelMemoryTest(WithRoom(0, kRoom)) {}
};

TEST_F(BorrowingTest, ModelsTakeWhatRelationshipsLeave) {
  EXPECT_GT(UploadAllThatFit(), 5);
}

}  // namespace
}  // namespace twingraph::engine
