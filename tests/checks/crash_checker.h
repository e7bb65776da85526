#pragma once

// What the crash check knows of a store over many rounds, and whether what a
// power loss left agrees with it.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/kv/engine.h"
#include "tests/checks/crash_graph.h"

namespace twingraph {

struct AcknowledgedCommit {
  uint64_t epoch = 0;
  kv::Revision revision = 0;
  uint64_t number = 0;
};

// What a child was promised.
struct Promises {
  // By key.
  std::map<std::string, AcknowledgedCommit> commits;
  // Id and revision of the newest backup.
  std::optional<std::pair<uint32_t, kv::Revision>> backup;
  // Names of checkpoints, and what each holds at least.
  std::map<std::string, kv::Revision> copies;
  GraphPromises graph;
};

// Reads the lines of a child (crash_child.h); one cut by the kill is dropped.
Promises ReadPromises(absl::string_view text);

class CrashChecker {
 public:
  CrashChecker(kv::Durability durability, std::string directory)
      : durability_(durability), directory_(std::move(directory)) {}

  // Compares what is left in the directory with all promises so far. Opens the
  // store where it lies when `in_place`, or else a copy of it, so that the next
  // child finds it as the power loss left it.
  // Errors: INTERNAL, what is wrong; of opening.
  absl::Status Check(const Promises& fresh, bool in_place);

  // Commits that were acknowledged and are gone, as os allows.
  int64_t lost() const { return lost_ + graph_losses_.commits; }

  const GraphLosses& graph_losses() const { return graph_losses_; }

 private:
  // Runs `check` on a part of the directory where it lies, or on a copy.
  absl::Status CheckPart(
      absl::string_view name, bool in_place,
      absl::FunctionRef<absl::Status(const std::string& path)> check) const;
  absl::Status NoteRevisions(const Promises& fresh);
  absl::Status CheckStore(const std::string& path);
  absl::Status CheckBackups();
  absl::Status CheckCopies(const std::map<std::string, kv::Revision>& copies);

  const kv::Durability durability_;
  const std::string directory_;
  // Acknowledged, and in the store as far as is known.
  std::map<std::string, AcknowledgedCommit> commits_;
  std::set<std::pair<uint64_t, kv::Revision>> revisions_;
  std::set<uint64_t> numbers_;
  GraphPromises graph_;
  GraphLosses graph_losses_;
  std::optional<std::pair<uint32_t, kv::Revision>> backup_;
  int64_t lost_ = 0;
};

}  // namespace twingraph
