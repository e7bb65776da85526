#include "tests/support/golden_store.h"

#include <cstdlib>
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

#include "tests/support/test_data.h"

namespace twingraph {
namespace {

namespace fs = std::filesystem;

// Locks, what the engine says of itself, and options, which are a build's own.
bool IsOfNoUse(const std::string& name) {
  return name == "LOCK" || name == "OWNER" || absl::StartsWith(name, "LOG") ||
         absl::StartsWith(name, "OPTIONS");
}

void Keep(const fs::path& directory, const fs::path& golden) {
  fs::create_directories(golden);
  for (const auto& file : fs::directory_iterator(directory)) {
    if (!IsOfNoUse(file.path().filename())) {
      fs::copy(file.path(), golden / file.path().filename(),
               fs::copy_options::recursive);
    }
  }
  fs::remove_all(directory);
}

}  // namespace

void CopyGoldenStore(absl::string_view golden, const std::string& directory,
                     const std::function<void()>& write) {
  const std::string kept = absl::StrCat(SourceDir(), "/tests/", golden);
  if (!fs::exists(kept) && std::getenv("TWINGRAPH_UPDATE_GOLDEN") != nullptr) {
    write();
    Keep(directory, kept);
  }
  ASSERT_TRUE(fs::exists(kept)) << kept;
  fs::copy(kept, directory, fs::copy_options::recursive);
}

}  // namespace twingraph
