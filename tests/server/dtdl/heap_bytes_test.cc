#include "server/dtdl/heap_bytes.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include <malloc.h>

#include "server/dtdl/parser.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TWINGRAPH_SANITIZER_ALLOCATOR
// Of sanitizer/allocator_interface.h, which comes with clang only.
extern "C" size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace twingraph::dtdl {
namespace {

ParsedModels Parse(const std::vector<std::string>& documents) {
  ParsedModels set =
      ParseModels(documents, [](absl::string_view) { return nullptr; });
  EXPECT_TRUE(set.ok());
  return set;
}

std::string Model(int number, const std::string& contents) {
  return absl::StrCat(
      R"({"@context":"dtmi:dtdl:context;3","@type":"Interface","@id":)",
      R"("dtmi:heap:model)", number, R"(;1","contents":[)", contents, "]}");
}

std::string Property(int number, const std::string& schema,
                     const std::string& more = "") {
  return absl::StrCat(R"({"@type":"Property","name":"p)", number,
                      R"(","schema":)", schema, more, "}");
}

// The sanitizers have an allocator of their own.
size_t HeapInUse() {
#ifdef TWINGRAPH_SANITIZER_ALLOCATOR
  return __sanitizer_get_current_allocated_bytes();
#else
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

// What the allocator says, of models that are alike.
void ExpectRight(const std::string& contents) {
  constexpr int kModels = 500;
  std::vector<std::string> documents;
  for (int i = 0; i < kModels; ++i) {
    documents.push_back(Model(i, contents));
  }
  Parse(documents);  // Makes what is made once.
  const size_t before = HeapInUse();
  const auto interfaces = Parse(documents).interfaces;
  const size_t after = HeapInUse();
  size_t bytes = 0;
  for (const auto& interface : interfaces) {
    bytes += HeapBytes(*interface);
  }
  const double real = static_cast<double>(after - before);
  EXPECT_GT(static_cast<double>(bytes), 0.8 * real) << contents;
  EXPECT_LT(static_cast<double>(bytes), 1.25 * real) << contents;
}

TEST(HeapBytesTest, IsAboutWhatTheAllocatorSays) {
  ExpectRight("");
  ExpectRight(Property(1, R"("double")"));
  std::string many;
  for (int i = 0; i < 20; ++i) {
    absl::StrAppend(
        &many, i == 0 ? "" : ",",
        Property(i, R"("string")",
                 R"(,"displayName":{"en":"A name that is long"},)"
                 R"("description":"What it means, in some words")"));
  }
  ExpectRight(many);
  ExpectRight(Property(1, R"({"@type":"Object","fields":[)"
                          R"({"name":"a","schema":"double"},)"
                          R"({"name":"b","schema":{"@type":"Enum",)"
                          R"("valueSchema":"string","enumValues":[)"
                          R"({"name":"one","enumValue":"the first of them"},)"
                          R"({"name":"two","enumValue":"two"}]}}]})"));
}

}  // namespace
}  // namespace twingraph::dtdl
