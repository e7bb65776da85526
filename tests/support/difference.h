#pragma once

// What a check beside a model answers: the first difference, as text. Pure.

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "storage/kv/row.h"

namespace twingraph {

inline absl::Status Difference(absl::string_view what,
                               absl::string_view expected,
                               absl::string_view actual) {
  return absl::InternalError(
      absl::StrCat(what, ": expected ", expected, ", got ", actual));
}

inline std::string Text(const kv::Row& row) {
  return absl::StrCat(absl::CEscape(absl::string_view(row.value)), "@",
                      row.revision);
}

inline std::string Text(const std::optional<kv::Row>& row) {
  return row.has_value() ? Text(*row) : "(none)";
}

}  // namespace twingraph
