#pragma once

// Where the real ontologies, graphs and DTDL cases lie that tests read:
// TWINGRAPH_TEST_DATA, by default ../shared/data beside the checkout.

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace twingraph {

// The checkout that the tests belong to: TWINGRAPH_SOURCE_DIR, as ctest sets
// it, by default the working directory.
std::string SourceDir();

// Path of `name` below the data folder; nullopt if it is not there.
std::optional<std::string> TestDataPath(absl::string_view name);

// True where TWINGRAPH_REQUIRE_TEST_DATA=1 says that missing data is a failure.
bool IsTestDataRequired();

// The whole content of a file; fails the test if it cannot be read.
std::string ReadFileOrDie(const std::string& path);

// The lines of a file without their ends, empty ones left out.
std::vector<std::string> ReadLinesOrDie(const std::string& path);

// Sets `path` to a data path or ends the test: as skipped, or as failed where
// the data is required.
#define REQUIRE_TEST_DATA(path, name)                                  \
  const auto path##_found = ::twingraph::TestDataPath(name);           \
  if (!path##_found.has_value()) {                                     \
    if (::twingraph::IsTestDataRequired()) {                           \
      FAIL() << "test data " << (name) << " is missing; set "          \
             << "TWINGRAPH_TEST_DATA";                                 \
    }                                                                  \
    GTEST_SKIP() << "test data " << (name) << " is not there; set "    \
                 << "TWINGRAPH_TEST_DATA to the folder that holds it"; \
  }                                                                    \
  const std::string path = *path##_found

}  // namespace twingraph
