#include "bench/catalog/model_world.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace twingraph::bench {
namespace {

// Children of each kind; 10,000 kinds are then six levels deep.
constexpr int kFanOut = 5;

std::string Contents(int index) {
  std::string contents;
  for (int i = 0; i < 4; ++i) {
    absl::StrAppend(
        &contents, i == 0 ? "" : ",", R"({"@type":"Property","name":"p)", index,
        "_", i, R"(","schema":")", i % 2 == 0 ? "double" : "string",
        R"(","writable":true,"displayName":{"en":"Property )", i, " of kind ",
        index, R"("},"description":"What is measured or set"})");
  }
  absl::StrAppend(&contents, R"(,{"@type":"Telemetry","name":"t)", index,
                  R"(","schema":{"@type":"Object","fields":[)",
                  R"({"name":"value","schema":"double"},)",
                  R"({"name":"quality","schema":"integer"}]}},)",
                  R"({"@type":"Relationship","name":"r)", index,
                  R"(","target":")", ModelId(index / 2), R"("})");
  if (index > 100 && index % 10 == 0) {
    absl::StrAppend(&contents, R"(,{"@type":"Component","name":"c)", index,
                    R"(","schema":"dtmi:bench:Part;1"})");
  }
  return contents;
}

std::string Parents(int index) {
  if (index == 0) {
    return "";
  }
  const int parent = (index - 1) / kFanOut;
  std::string parents = absl::StrCat("\"", ModelId(parent), "\"");
  if (index % 4 == 1 && parent > 1) {
    absl::StrAppend(&parents, R"(,"dtmi:bench:Named;1")");
  }
  return absl::StrCat(R"(,"extends":[)", parents, "]");
}

std::string Interface(const std::string& id, const std::string& members) {
  return absl::StrCat(R"({"@context":"dtmi:dtdl:context;3","@id":")", id,
                      R"(","@type":"Interface","displayName":"A kind")",
                      members, "}");
}

}  // namespace

std::vector<std::string> MakeModels(int count) {
  std::vector<std::string> models = {
      Interface("dtmi:bench:Part;1",
                R"(,"contents":[{"@type":"Property","name":"serial",)"
                R"("schema":"string"}])"),
      Interface("dtmi:bench:Named;1",
                R"(,"contents":[{"@type":"Property","name":"name",)"
                R"("schema":"string"}])")};
  for (int i = 0; i + 2 < count; ++i) {
    models.push_back(Interface(
        ModelId(i),
        absl::StrCat(Parents(i), R"(,"contents":[)", Contents(i), "]")));
  }
  return models;
}

std::string ModelId(int index) {
  return absl::StrCat("dtmi:bench:Kind", index, ";1");
}

}  // namespace twingraph::bench
