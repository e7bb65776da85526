// Covered by tests/conformance/kv.
#include "storage/kv_rocks/head_row.h"

#include <cstring>

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/kv/fixed_int.h"
#include "storage/kv_rocks/status_mapping.h"

namespace twingraph::kv_rocks {
namespace {

constexpr size_t kHeadBytes = 48;

}  // namespace

std::string EncodeHead(const kv::EngineHead& head) {
  std::string bytes(
      reinterpret_cast<const char*>(head.incarnation.store_id.data()),
      head.incarnation.store_id.size());
  kv::AppendFixed64(head.incarnation.epoch, bytes);
  kv::AppendFixed64(head.revision, bytes);
  kv::AppendFixed64(head.record_hash, bytes);
  kv::AppendFixed64(static_cast<uint64_t>(absl::ToUnixNanos(head.commit_time)),
                    bytes);
  return bytes;
}

absl::StatusOr<std::optional<kv::EngineHead>> ReadHead(
    rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family,
    const rocksdb::Snapshot* snapshot) {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot;
  rocksdb::PinnableSlice bytes;
  const rocksdb::Status status = db.Get(options, family, kHeadKey, &bytes);
  if (status.IsNotFound()) {
    return std::nullopt;
  }
  RETURN_IF_ERROR(ToStatus(status, "read head"));
  if (bytes.size() != kHeadBytes) {
    return DataLoss("the head of the store is damaged", {{"space", "store"}});
  }
  kv::EngineHead head;
  std::memcpy(head.incarnation.store_id.data(), bytes.data(), 16);
  head.incarnation.epoch = kv::ReadFixed64(bytes.data() + 16);
  head.revision = kv::ReadFixed64(bytes.data() + 24);
  head.record_hash = kv::ReadFixed64(bytes.data() + 32);
  head.commit_time = absl::FromUnixNanos(
      static_cast<int64_t>(kv::ReadFixed64(bytes.data() + 40)));
  return head;
}

}  // namespace twingraph::kv_rocks
