#pragma once

// Loads a graph file into a server: models in one batch, then twins, then
// relationships, many calls at a time. A row that fails is reported and the
// rest goes on.

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "client/connection.h"
#include "client/graphfile/graph_file.h"

namespace twingraph::cli {

// What to do with what exists already. A model is skipped in place of replaced:
// it never changes.
enum class IfExists { kFail, kSkip, kReplace };

struct ImportOptions {
  IfExists if_exists = IfExists::kFail;
  // A row that does not conform to its model: refused, or reported and stored
  // as it is.
  bool is_strict = false;
  // Calls under way at a time; at least 1.
  int parallel_calls = 32;
};

// How an import is doing.
struct ImportProgress {
  graphfile::Section section = graphfile::Section::kModels;
  double file_progress = 0;  // of the section, 0 to 1
  int64_t models = 0;
  int64_t twins = 0;
  int64_t relationships = 0;
  int64_t nonconforming = 0;  // stored though they break rules of their models
  int64_t skipped = 0;
  int64_t failed = 0;   // not stored
  int64_t unknown = 0;  // perhaps stored: no attempt was answered
};

// What became of a row that is reported.
enum class RowFate {
  kFailed,   // not stored
  kUnknown,  // perhaps stored
  kStored,   // though it does not conform
};

// A row that was not stored for certain, or stored though it does not conform.
struct ReportedRow {
  graphfile::Section section = graphfile::Section::kModels;
  int line = 0;
  std::string id;  // empty where it could not be read
  RowFate fate = RowFate::kFailed;
  absl::Status status;  // what is wrong
};

// The two functions may be empty; they are called from several threads, never
// at the same time.
struct ImportHandlers {
  std::function<void(const ImportProgress&)> on_progress;
  std::function<void(const ReportedRow&)> on_reported_row;
};

// Errors: those of GraphFile and of the upload of the models; UNAVAILABLE where
// the server is gone, after retries: then further rows are not tried, and
// `on_progress` has told what became of those before. Other errors of a row are
// reported to `on_reported_row` and counted only.
absl::StatusOr<ImportProgress> ImportFile(const client::Connection& connection,
                                          const std::string& path,
                                          const ImportOptions& options,
                                          const ImportHandlers& handlers);

}  // namespace twingraph::cli
