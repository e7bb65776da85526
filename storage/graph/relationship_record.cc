// Covered by tests/storage/graph/record_golden_test.cc.
#include "storage/graph/relationship_record.h"

#include <utility>

#include "storage/base/status.h"
#include "storage/graph/sections.h"
#include "storage/kv/fixed_int.h"

namespace twingraph::graph {
namespace {

constexpr char kFormat = 1;
constexpr size_t kNameAt = 1;
constexpr size_t kTargetAt = 5;
constexpr SectionTable kSections = {.table_at = 13, .ends = 3};

bool IsValid(absl::string_view bytes) {
  return kSections.IsValid(bytes) && bytes[0] == kFormat;
}

}  // namespace

std::string RelationshipRecord::Encode(const Fields& fields) {
  std::string out(1, kFormat);
  kv::AppendFixed32(ToInt(fields.name), out);
  kv::AppendFixed64(ToInt(fields.target), out);
  AppendSections(
      {fields.id, fields.source_id, fields.target_id, fields.contents}, out);
  return out;
}

absl::StatusOr<RelationshipRecord> RelationshipRecord::Decode(
    TwinNumber source, RelationshipNumber number, kv::Row row,
    absl::string_view name) {
  if (!IsValid(row.value)) {
    return DataLoss("a stored relationship is damaged",
                    {{"space", "relationship"}});
  }
  RelationshipRecord record;
  record.bytes_ = std::make_shared<const std::string>(std::move(row.value));
  record.source_ = source;
  record.number_ = number;
  record.revision_ = row.revision;
  record.name_ = name;
  return record;
}

bool RelationshipRecord::PeekName(absl::string_view bytes, NameNumber& name) {
  if (!IsValid(bytes)) {
    return false;
  }
  name = NameNumber{kv::ReadFixed32(bytes.data() + kNameAt)};
  return true;
}

Edge RelationshipRecord::edge() const {
  return {.name = NameNumber{kv::ReadFixed32(bytes_->data() + kNameAt)},
          .source = source_,
          .target = TwinNumber{kv::ReadFixed64(bytes_->data() + kTargetAt)},
          .number = number_};
}

absl::string_view RelationshipRecord::Section(int index) const {
  return kSections.Find(*bytes_, index);
}

}  // namespace twingraph::graph
