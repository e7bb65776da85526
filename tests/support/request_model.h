#pragma once

// The request ids that a store has to know, with the outcome that it has to
// repeat. Not safe for use from several threads.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <string>

#include "absl/time/time.h"

#include "storage/commit/store.h"

namespace twingraph {

class RequestModel {
 public:
  struct Request {
    uint64_t fingerprint = 0;
    commit::CommitInfo outcome;
    // From when on it ages, by the clock.
    absl::Time noted;
  };

  // `window`: how long an id is known at least.
  explicit RequestModel(absl::Duration window) : window_(window) {}

  void Note(const std::string& id, Request request) {
    requests_[id] = std::move(request);
  }

  // Null where the id is a new one.
  const Request* Find(const std::string& id) const {
    const auto found = requests_.find(id);
    return found == requests_.end() ? nullptr : &found->second;
  }

  // Housekeeping while the clock shows `now`. What was noted ahead of it, by a
  // clock that has been set back, ages from now on.
  void Maintain(absl::Time now) {
    // So much is no other clock.
    constexpr absl::Duration kTolerance = absl::Seconds(5);
    for (auto it = requests_.begin(); it != requests_.end();) {
      it->second.noted = std::min(it->second.noted, now + kTolerance);
      it = it->second.noted < now - window_ ? requests_.erase(it)
                                            : std::next(it);
    }
  }

 private:
  const absl::Duration window_;
  std::map<std::string, Request> requests_;
};

}  // namespace twingraph
