#pragma once

// One state of a store, held still: every commit up to revision() and nothing
// after. Costs the engine something while it is held (superseded rows stay), so
// hold it for a query, not for a day. May not outlive its engine.

#include "storage/kv/state.h"

namespace twingraph::kv {

class Snapshot : public State {
 public:
  // The newest commit in this state; always the last of a group.
  virtual Revision revision() const = 0;
};

}  // namespace twingraph::kv
