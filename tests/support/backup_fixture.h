#pragma once

// A store, a directory for its backups and one to restore them into.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

#include "storage/commit/store.h"
#include "tests/support/kv_engines.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace twingraph {

// Names of the files and directories below a directory.
inline std::set<std::string> FilesBelow(const std::string& directory) {
  std::set<std::string> files;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(directory)) {
    files.insert(file.path());
  }
  return files;
}

inline uintmax_t BytesBelow(const std::string& directory) {
  uintmax_t bytes = 0;
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(directory)) {
    bytes += file.is_regular_file() ? file.file_size() : 0;
  }
  return bytes;
}

class BackupTest : public ::testing::Test {
 protected:
  static std::unique_ptr<commit::Store> OpenStore(const std::string& path) {
    commit::StoreOptions options;
    options.maintenance_interval = absl::ZeroDuration();
    auto store = commit::Store::Open(
        Context(), OpenTestEngine(EngineKind::kRocks, path), options, {});
    EXPECT_OK(store);
    return store.ok() ? *std::move(store) : nullptr;
  }

  static kv::Revision Put(commit::Store& store, const std::string& key,
                          const std::string& value) {
    const auto info = store.RunTransaction(
        Context(), {}, [&](commit::Transaction& tx) -> absl::Status {
          EXPECT_OK(tx.Put(kEdges, "ab" + key, value));
          EXPECT_OK(tx.Put(kIndex, key, ""));
          return tx.Put(kFacts, key, value);
        });
    EXPECT_OK(info);
    return info.ok() ? info->revision : 0;
  }

  // Everything at a revision, as text.
  static std::vector<std::string> StateAt(commit::Store& store,
                                          kv::Revision revision) {
    std::vector<std::string> rows;
    const auto reader = store.ReaderAt(Context(), revision);
    EXPECT_OK(reader);
    for (const kv::SpaceId space : {kFacts, kEdges, kCounter}) {
      const auto cursor = (*reader)->Scan(Context(), space, kv::Range::All());
      const std::vector<std::string> found = RowsOf(*cursor);
      rows.insert(rows.end(), found.begin(), found.end());
    }
    return rows;
  }

  const TempDir dir_;
  const std::string data_ = dir_.path() + "/data";
  const std::string backups_ = dir_.path() + "/backups";
  const std::string restored_ = dir_.path() + "/restored/graph";
  const Context ctx_;
};

}  // namespace twingraph
