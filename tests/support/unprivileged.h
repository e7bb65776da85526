#pragma once

// While one lives, the process has no rights on files but those of its user:
// the superuser becomes somebody else. For tests of permissions.

#include <unistd.h>

namespace twingraph {

class Unprivileged {
 public:
  Unprivileged() {
    if (user_ == 0) {
      is_changed_ = seteuid(kNobody) == 0;
    }
  }

  ~Unprivileged() {
    if (is_changed_) {
      is_changed_ = seteuid(user_) != 0;
    }
  }

  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

 private:
  static constexpr uid_t kNobody = 65534;

  const uid_t user_ = geteuid();
  bool is_changed_ = false;
};

}  // namespace twingraph
