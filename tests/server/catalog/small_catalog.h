#pragma once

// Makes catalogs from DTDL texts, for tests.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
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
  absl::flat_hash_map<std::string, std::shared_ptr<const dtdl::Interface>> all;
  for (const auto& interface : set.interfaces) {
    all[interface->id] = interface;
  }
  const auto lookup =
      [&](absl::string_view id) -> std::shared_ptr<const dtdl::Interface> {
    const auto found = all.find(id);
    return found == all.end() ? nullptr : found->second;
  };
  Catalog::Models models;
  uint32_t number = 0;
  for (const auto& interface : set.interfaces) {
    models[interface->id] =
        MakeEffectiveModel(graph::ModelNumber{++number}, interface, lookup);
  }
  return Catalog(std::move(models));
}

}  // namespace twingraph::catalog
