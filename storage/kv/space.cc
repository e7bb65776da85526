#include "storage/kv/space.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"

namespace twingraph::kv {
namespace {

// Not base/log: the process ends before a background writer would run.
[[noreturn]] void EndProcess(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  std::abort();
}

absl::Status TooLarge(absl::string_view what, size_t bytes, size_t limit) {
  return InvalidArgument(
      v1::ERROR_REASON_LIMIT_EXCEEDED,
      absl::StrCat("a ", what, " of ", bytes,
                   " bytes is larger than the store's limit of ", limit),
      {{"what", what},
       {"bytes", absl::StrCat(bytes)},
       {"limit", absl::StrCat(limit)}});
}

}  // namespace

SpaceTable::SpaceTable(const std::vector<SpaceSpec>& specs) {
  std::vector<SpaceSpec> all = specs;
  for (const SpaceSpec& spec : specs) {
    if (spec.id >= kFirstReservedSpace) {
      EndProcess(absl::StrCat("space id ", spec.id, " is reserved"));
    }
  }
  all.push_back({.id = kSystemSpace, .name = "system"});
  all.push_back({.id = kHistorySpace, .name = "history"});
  for (const SpaceSpec& spec : all) {
    const bool name_is_taken =
        std::any_of(ids_.begin(), ids_.end(),
                    [&](SpaceId id) { return specs_[id].name == spec.name; });
    if (spec.id == 0 || Contains(spec.id) || name_is_taken) {
      EndProcess(absl::StrCat("space ", spec.id, " ", spec.name,
                              " is invalid or twice in the table"));
    }
    names_[spec.id] = std::string(spec.name);
    specs_[spec.id] = spec;
    specs_[spec.id].name = names_[spec.id];
    ids_.push_back(spec.id);
  }
  std::sort(ids_.begin(), ids_.end());
}

absl::Status CheckRow(const SpaceTable& spaces, SpaceId space,
                      absl::string_view key, absl::string_view value) {
  if (!spaces.Contains(space) || space == kHistorySpace) {
    return Internal("a key space is used that the store does not have",
                    {{"space", absl::StrCat(space)}});
  }
  if (key.size() > kMaxKeyBytes) {
    return TooLarge("key", key.size(), kMaxKeyBytes);
  }
  if (value.size() > kMaxValueBytes) {
    return TooLarge("value", value.size(), kMaxValueBytes);
  }
  return absl::OkStatus();
}

}  // namespace twingraph::kv
