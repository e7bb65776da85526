// Covered by tests/storage/graph/record_golden_test.cc.
#include "storage/graph/twin_record.h"

#include <utility>

#include "storage/base/status.h"
#include "storage/graph/sections.h"
#include "storage/kv/fixed_int.h"

namespace twingraph::graph {
namespace {

constexpr char kFormat = 1;
constexpr size_t kModelAt = 1;
constexpr size_t kCreateTimeAt = 5;
constexpr size_t kUpdateTimeAt = 13;
constexpr SectionTable kSections = {.table_at = 21, .ends = 3};

absl::Time TimeAt(absl::string_view bytes, size_t offset) {
  return absl::FromUnixNanos(
      static_cast<int64_t>(kv::ReadFixed64(bytes.data() + offset)));
}

void AppendTime(absl::Time time, std::string& out) {
  kv::AppendFixed64(static_cast<uint64_t>(absl::ToUnixNanos(time)), out);
}

bool IsValid(absl::string_view bytes) {
  return kSections.IsValid(bytes) && bytes[0] == kFormat;
}

}  // namespace

std::string TwinRecord::Encode(const Fields& fields) {
  std::string out(1, kFormat);
  kv::AppendFixed32(ToInt(fields.model), out);
  AppendTime(fields.create_time, out);
  AppendTime(fields.last_update_time, out);
  AppendSections({fields.id, fields.contents, fields.metadata, fields.device},
                 out);
  return out;
}

absl::StatusOr<TwinRecord> TwinRecord::Decode(TwinNumber number, kv::Row row,
                                              absl::string_view model_id) {
  if (!IsValid(row.value)) {
    return DataLoss("a stored twin is damaged", {{"space", "twin"}});
  }
  TwinRecord record;
  record.bytes_ = std::make_shared<const std::string>(std::move(row.value));
  record.number_ = number;
  record.revision_ = row.revision;
  record.model_id_ = model_id;
  return record;
}

bool TwinRecord::PeekModel(absl::string_view bytes, ModelNumber& model) {
  if (!IsValid(bytes)) {
    return false;
  }
  model = ModelNumber{kv::ReadFixed32(bytes.data() + kModelAt)};
  return true;
}

bool TwinRecord::PeekId(absl::string_view bytes, absl::string_view& id) {
  if (!IsValid(bytes)) {
    return false;
  }
  id = kSections.Find(bytes, 0);
  return true;
}

ModelNumber TwinRecord::model() const {
  return ModelNumber{kv::ReadFixed32(bytes_->data() + kModelAt)};
}

absl::Time TwinRecord::create_time() const {
  return TimeAt(*bytes_, kCreateTimeAt);
}

absl::Time TwinRecord::last_update_time() const {
  return TimeAt(*bytes_, kUpdateTimeAt);
}

absl::string_view TwinRecord::Section(int index) const {
  return kSections.Find(*bytes_, index);
}

}  // namespace twingraph::graph
