#include "server/engine/model_memory.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "storage/base/resident_memory.h"
#include "storage/base/status.h"

namespace twingraph::engine {
namespace {

// What an upload takes while it is read and stored, in multiples of its
// documents and besides them: the models, and trees and records that go.
constexpr size_t kReadFactor = 13;
// However little memory is free, a set that takes no more is read.
constexpr size_t kAlwaysRead = size_t{4} << 20;

}  // namespace

// A byte of relationships is worth less of a model: those are many small blocks
// with gaps between them.
size_t ModelMemory::Room() const {
  const size_t left = limits_.topology_bytes -
                      std::min(limits_.topology_bytes, graph_.topology_bytes());
  return limits_.own_bytes + left / 4 * 3;
}

absl::Status ModelMemory::CheckDocuments(size_t bytes) const {
  const size_t needed = kReadFactor * bytes;
  if (needed <= kAlwaysRead) {
    return absl::OkStatus();
  }
  // Others go on meanwhile.
  const size_t free = FreeMemory(limits_.process_bytes) / 4 * 3;
  if (needed <= free) {
    return absl::OkStatus();
  }
  return InvalidArgument(
      v1::ERROR_REASON_LIMIT_EXCEEDED,
      absl::StrCat("to read the documents takes about ", needed,
                   " bytes of memory, and ", free,
                   " are free. Send fewer at once, or start the server with a "
                   "larger --memory-budget"),
      {{"what", "free memory (--memory-budget)"},
       {"bytes", absl::StrCat(needed)},
       {"limit", absl::StrCat(free)}});
}

absl::Status ModelMemory::Check(size_t bytes) const {
  const size_t room = Room();
  if (bytes <= room) {
    return absl::OkStatus();
  }
  return InvalidArgument(
      v1::ERROR_REASON_LIMIT_EXCEEDED,
      absl::StrCat("the models would take about ", bytes,
                   " bytes of memory, with those that are stored; there is "
                   "room for ",
                   room,
                   ". Send fewer at once, or start the server with a larger "
                   "--memory-budget"),
      {{"what", "memory of models (--memory-budget)"},
       {"bytes", absl::StrCat(bytes)},
       {"limit", absl::StrCat(room)}});
}

void ModelMemory::Note(size_t bytes) {
  const size_t borrowed = bytes - std::min(bytes, limits_.own_bytes);
  graph_.SetTopologyLimit(limits_.topology_bytes -
                          std::min(limits_.topology_bytes, borrowed / 3 * 4));
}

}  // namespace twingraph::engine
