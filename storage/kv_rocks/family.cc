#include "storage/kv_rocks/family.h"

#include "storage/kv/fixed_int.h"

namespace twingraph::kv_rocks {

Family FamilyOf(const kv::SpaceSpec& space) {
  if (space.id == kv::kHistorySpace) {
    return Family::kHistory;
  }
  if (space.churning) {
    return Family::kChurning;
  }
  return space.prefix_length > 0 ? Family::kPrefixed : Family::kPoints;
}

std::string FamilyKey(kv::SpaceId space, absl::string_view key) {
  std::string stored;
  stored.reserve(1 + key.size());
  stored.push_back(static_cast<char>(space));
  stored.append(key.data(), key.size());
  return stored;
}

std::string SpaceEnd(kv::SpaceId space) {
  return std::string(1, static_cast<char>(space + 1));
}

std::string LogKey(kv::Revision revision) {
  std::string key;
  kv::AppendKey64(revision, key);
  return key;
}

std::string StoredRow(absl::string_view value, kv::Revision revision) {
  std::string stored;
  stored.reserve(value.size() + kRevisionBytes);
  stored.append(value.data(), value.size());
  kv::AppendFixed64(revision, stored);
  return stored;
}

absl::string_view ValueIn(absl::string_view stored) {
  return stored.substr(0, stored.size() - kRevisionBytes);
}

kv::Revision RevisionIn(absl::string_view stored) {
  return kv::ReadFixed64(stored.data() + stored.size() - kRevisionBytes);
}

}  // namespace twingraph::kv_rocks
