#pragma once

// Makes catalogs from DTDL texts, for tests.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "server/catalog/catalog.h"

namespace twingraph::catalog {

// An interface of DTDL v3 with more members: `,"extends":"..."`.
inline std::string Interface(absl::string_view id,
                             absl::string_view members = "") {
  return absl::StrCat(R"({"@context":"dtmi:dtdl:context;3","@id":")", id,
                      R"(","@type":"Interface")", members, "}");
}

// Models are numbered from 1 in the order of the documents.
inline Catalog MakeCatalog(const std::vector<std::string>& documents) {
  const dtdl::ParsedModels set =
      dtdl::ParseModels(documents, [](absl::string_view) { return nullptr; });
  EXPECT_TRUE(set.ok()) << (set.diagnostics.empty()
                                ? "missing model"
                                : set.diagnostics[0].message);
  CatalogChange change;
  uint32_t number = 0;
  for (const auto& interface : set.interfaces) {
    change.added.push_back(
        {.number = graph::ModelNumber{++number}, .interface = interface});
  }
  return Catalog().After(change);
}

}  // namespace twingraph::catalog
