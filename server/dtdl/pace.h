#pragma once

// Asks the caller of ParseModels now and then whether to go on. Not
// thread-safe.

#include <functional>

namespace twingraph::dtdl {

class Pace {
 public:
  // Outlives this; empty: always.
  explicit Pace(const std::function<bool()>& keep_going)
      : keep_going_(keep_going) {}

  // Once false, always false. Asks at the first call and at each 64th.
  bool GoesOn() {
    if (keep_going_ && !has_ended_ && calls_++ % 64 == 0) {
      has_ended_ = !keep_going_();
    }
    return !has_ended_;
  }

  bool has_ended() const { return has_ended_; }

 private:
  const std::function<bool()>& keep_going_;
  int calls_ = 0;
  bool has_ended_ = false;
};

}  // namespace twingraph::dtdl
