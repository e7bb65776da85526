#include "storage/commit/window.h"

namespace twingraph::commit {

bool Window::Admits(kv::Revision base,
                    const std::vector<uint64_t>& keys) const {
  if (keys.empty()) {
    return true;
  }
  if (base < floor_) {
    return false;
  }
  for (const uint64_t key : keys) {
    const auto found = newest_.find(key);
    if (found != newest_.end() && found->second > base) {
      return false;
    }
  }
  return true;
}

void Window::Add(uint64_t key, kv::Revision revision) {
  kv::Revision& newest = newest_[key];
  entries_.push_back({key, revision, newest});
  newest = revision;
}

void Window::Rollback(kv::Revision revision) {
  while (!entries_.empty() && entries_.back().revision > revision) {
    const Entry& entry = entries_.back();
    // A previous entry that has left the window is covered by the floor.
    if (entry.previous > floor_) {
      newest_[entry.key] = entry.previous;
    } else {
      newest_.erase(entry.key);
    }
    entries_.pop_back();
  }
}

void Window::Shrink() {
  while (entries_.size() > limit_) {
    const Entry& oldest = entries_.front();
    floor_ = oldest.revision;
    const auto found = newest_.find(oldest.key);
    if (found != newest_.end() && found->second == oldest.revision) {
      newest_.erase(found);
    }
    entries_.pop_front();
  }
}

}  // namespace twingraph::commit
