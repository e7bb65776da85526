#pragma once

// JSON Patch on a twin: which paths mean contents, which metadata, and what may
// not be patched. Pure; whether the result fits its model is checked later.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

#include "server/engine/twin.h"
#include "server/engine/twin_times.h"
#include "storage/value/value.h"

namespace twingraph::engine {

// A working copy of a twin, and what the operations did to it.
struct TwinDraft {
  std::string model;
  Value contents;  // a map
  // First two parts of each path that was changed; the second is empty where
  // the first was changed as a whole. Which of them name a component is for
  // the model to say.
  std::set<std::pair<std::string, std::string>> touched;
  // Source times that were given, or with InfinitePast removed.
  std::map<PropertyName, absl::Time> source_times;
};

// Carries out the operations in order.
// Errors: INVALID_ARGUMENT / INVALID_PATCH with the metadata operation, op and
// path; `draft` is then of no use.
absl::Status ApplyTwinPatch(const std::vector<PatchOperation>& operations,
                            TwinDraft& draft);

}  // namespace twingraph::engine
