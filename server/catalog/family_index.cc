// Covered by tests/server/catalog/catalog_test.cc.
#include "server/catalog/family_index.h"

#include <algorithm>
#include <utility>

namespace twingraph::catalog {

void FamilyIndex::Update(absl::Span<const Entry> removed,
                         absl::Span<const Entry> added) {
  Drafts drafts;
  const auto find = [](Family& family, const dtdl::ModelVersion& version) {
    return std::lower_bound(family.versions.begin(), family.versions.end(),
                            version, [](const Version& a, const auto& wanted) {
                              return a.version < wanted;
                            });
  };
  for (const Entry& entry : removed) {
    for (const dtdl::Dtmi* dtmi : entry.lineage) {
      Family& family = DraftOf(dtmi->path, drafts);
      const auto version = find(family, dtmi->version);
      version->models.Erase(entry.number);
      if (version->models.empty()) {
        family.versions.erase(version);
      }
    }
  }
  for (const Entry& entry : added) {
    for (const dtdl::Dtmi* dtmi : entry.lineage) {
      Family& family = DraftOf(dtmi->path, drafts);
      auto version = find(family, dtmi->version);
      if (version == family.versions.end() ||
          version->version != dtmi->version) {
        version = family.versions.insert(version, {dtmi->version, {}});
      }
      version->models.Insert(entry.number);
    }
  }
  for (auto& [path, family] : drafts) {
    families_.erase(path);
    if (!family->versions.empty()) {
      const absl::string_view key = family->path;
      families_.emplace(key, std::move(family));
    }
  }
}

query::ModelSet FamilyIndex::SameOrNewer(const dtdl::Dtmi& wanted) const {
  query::ModelSet set;
  const auto family = families_.find(wanted.path);
  if (family == families_.end()) {
    return set;
  }
  for (const Version& version : family->second->versions) {
    if (version.version >= wanted.version) {
      version.models.ForEach([&set](graph::ModelNumber number) {
        set.Insert(graph::ToInt(number));
      });
    }
  }
  return set;
}

FamilyIndex::Family& FamilyIndex::DraftOf(const std::string& path,
                                          Drafts& drafts) const {
  std::shared_ptr<Family>& draft = drafts[path];
  if (draft == nullptr) {
    const auto known = families_.find(path);
    draft = std::make_shared<Family>(known == families_.end()
                                         ? Family{.path = path, .versions = {}}
                                         : *known->second);
  }
  return *draft;
}

}  // namespace twingraph::catalog
