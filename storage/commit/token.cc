#include "storage/commit/token.h"

#include <cstring>

#include "absl/strings/escaping.h"

#include "storage/base/status.h"
#include "storage/kv/fixed_int.h"
#include "storage/kv/hash.h"

namespace twingraph::commit {
namespace {

constexpr char kFormat = 1;
constexpr size_t kTokenBytes = 1 + 8 + 8 + 8 + 4;

// A token says which line of revisions it belongs to by the epoch and by a hash
// of the store's identity, which keeps it short.
std::string EncodeToken(const kv::Incarnation& incarnation,
                        kv::Revision revision) {
  const absl::string_view store_id(
      reinterpret_cast<const char*>(incarnation.store_id.data()),
      incarnation.store_id.size());
  std::string bytes(1, kFormat);
  kv::AppendFixed64(kv::Hash64(store_id), bytes);
  kv::AppendFixed64(incarnation.epoch, bytes);
  kv::AppendFixed64(revision, bytes);
  kv::AppendFixed32(static_cast<uint32_t>(kv::Hash64(bytes)), bytes);
  return bytes;
}

}  // namespace

std::string FormatToken(const kv::Incarnation& incarnation,
                        kv::Revision revision) {
  return absl::WebSafeBase64Escape(EncodeToken(incarnation, revision));
}

absl::StatusOr<kv::Revision> ParseToken(const kv::Incarnation& incarnation,
                                        absl::string_view token,
                                        absl::string_view field) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() != kTokenBytes || bytes[0] != kFormat) {
    return InvalidArgument(v1::ERROR_REASON_INVALID_REVISION_TOKEN,
                           "the revision token is not one of this service",
                           {{"token", field}});
  }
  const kv::Revision revision = kv::ReadFixed64(&bytes[17]);
  if (bytes != EncodeToken(incarnation, revision)) {
    return InvalidArgument(
        v1::ERROR_REASON_INVALID_REVISION_TOKEN,
        "the revision token is damaged, or of another store, or from before "
        "this store was restored or ended without closing",
        {{"token", field}});
  }
  return revision;
}

std::string FormatCommitTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

}  // namespace twingraph::commit
