#include "server/engine/model_memory.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"

namespace twingraph::engine {

// A byte of relationships is worth less of a model: those are many small blocks
// with gaps between them.
size_t ModelMemory::Room() const {
  const size_t left = topology_ - std::min(topology_, graph_.topology_bytes());
  return own_ + left / 4 * 3;
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
  const size_t borrowed = bytes - std::min(bytes, own_);
  graph_.SetTopologyLimit(topology_ - std::min(topology_, borrowed / 3 * 4));
}

}  // namespace twingraph::engine
