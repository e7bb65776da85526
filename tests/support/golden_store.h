#pragma once

// Stores and backups that an earlier build wrote, kept beside the test that
// opens them: a later build must open each. A test writes its store once, with
// TWINGRAPH_UPDATE_GOLDEN=1 and while it is not there; never again, or it would
// prove nothing.

#include <functional>
#include <string>

#include "absl/strings/string_view.h"

namespace twingraph {

// Puts a copy of the golden store at `golden`, a path below tests/, at
// `directory`, which must not exist. Where there is none, and an update is
// asked for, `write` makes it first, in `directory`, and closes it. A failure
// of the test where there is none.
void CopyGoldenStore(absl::string_view golden, const std::string& directory,
                     const std::function<void()>& write);

}  // namespace twingraph
