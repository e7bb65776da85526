#pragma once

// Keeps a revision readable: retention does not pass a pin. Held by readers of
// older revisions, page leases and long jobs. Movable; releases on destruction,
// from any thread; may not outlive its store.

#include <memory>
#include <utility>

#include "storage/kv/row.h"

namespace twingraph::commit {

class PinSet;

class Pin {
 public:
  Pin() = default;

  Pin(PinSet* set, kv::Revision revision) : set_(set), revision_(revision) {}

  ~Pin() { Release(); }

  Pin(Pin&& other) noexcept
      : set_(std::exchange(other.set_, nullptr)), revision_(other.revision_) {}

  Pin& operator=(Pin&& other) noexcept {
    if (this != &other) {
      Release();
      set_ = std::exchange(other.set_, nullptr);
      revision_ = other.revision_;
    }
    return *this;
  }

  kv::Revision revision() const { return revision_; }

  // Gives the revision up early. Idempotent.
  void Release();

 private:
  PinSet* set_ = nullptr;
  kv::Revision revision_ = 0;
};

}  // namespace twingraph::commit
