// Covered by tests/storage/graph/record_golden_test.cc.
#include "storage/graph/model_record.h"

#include <utility>

#include <zstd.h>

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/stored_map.h"
#include "storage/kv/fixed_int.h"
#include "storage/value/value.h"

namespace twingraph::graph {
namespace {

constexpr char kPlain = 0;
constexpr char kCompressed = 1;
constexpr size_t kCompressedHeader = 5;
// Below this, compressing saves nothing worth the time.
constexpr size_t kCompressFrom = 512;
// From here on also in a set, so that a row stays within the limit of a value.
constexpr size_t kCompressInASetFrom = size_t{64} << 10;
constexpr int kLevel = 3;

absl::Status Damaged(absl::string_view space) {
  return DataLoss("a stored model is damaged", {{"space", space}});
}

}  // namespace

std::string EncodeModelRecord(const ModelRecord& record) {
  Value::List dependencies;
  for (const std::string& id : record.dependencies) {
    dependencies.push_back(Value::String(id));
  }
  Value map =
      Value::MakeMap({{"n", Value::Int(ToInt(record.number))},
                      {"i", Value::String(record.id)},
                      {"t", Value::Int(absl::ToUnixNanos(record.upload_time))},
                      {"d", Value::Bool(record.is_decommissioned())},
                      {"r", Value::MakeList(std::move(dependencies))}});
  if (record.is_decommissioned()) {
    map.Set("x", Value::Int(absl::ToUnixNanos(*record.decommission_time)));
  }
  std::string out;
  EncodeValue(map, out);
  return out;
}

absl::StatusOr<ModelRecord> DecodeModelRecord(const kv::Row& row) {
  RETURN_IF_ERROR(ValidateEncoded(row.value));
  const ValueView map(row.value);
  ModelRecord record = {
      .id = TextIn(map, "i"),
      .number = static_cast<ModelNumber>(IntIn(map, "n")),
      .upload_time = TimeIn(map, "t"),
      .revision = row.revision,
  };
  if (BoolIn(map, "d")) {
    record.decommission_time = TimeIn(map, "x");
  }
  const ValueView dependencies = map.Find("r");
  if (!dependencies.is_defined() || record.id.empty()) {
    return Damaged("model");
  }
  for (size_t i = 0; i < dependencies.size(); ++i) {
    record.dependencies.emplace_back(dependencies.at(i).as_string());
  }
  return record;
}

std::string EncodeModelText(absl::string_view text, TextForm form) {
  std::string out(1, kCompressed);
  if (text.size() >=
      (form == TextForm::kAlone ? kCompressFrom : kCompressInASetFrom)) {
    kv::AppendFixed32(static_cast<uint32_t>(text.size()), out);
    out.resize(kCompressedHeader + ZSTD_compressBound(text.size()));
    const size_t size = ZSTD_compress(out.data() + kCompressedHeader,
                                      out.size() - kCompressedHeader,
                                      text.data(), text.size(), kLevel);
    if (ZSTD_isError(size) == 0 && size + kCompressedHeader < text.size()) {
      out.resize(kCompressedHeader + size);
      return out;
    }
  }
  out.assign(1, kPlain);
  out.append(text.data(), text.size());
  return out;
}

absl::StatusOr<std::string> DecodeModelText(absl::string_view bytes) {
  if (bytes.empty()) {
    return Damaged("model_text");
  }
  if (bytes[0] == kPlain) {
    return std::string(bytes.substr(1));
  }
  if (bytes[0] != kCompressed || bytes.size() < kCompressedHeader) {
    return Damaged("model_text");
  }
  std::string text(kv::ReadFixed32(bytes.data() + 1), '\0');
  const size_t size = ZSTD_decompress(text.data(), text.size(),
                                      bytes.data() + kCompressedHeader,
                                      bytes.size() - kCompressedHeader);
  if (ZSTD_isError(size) != 0 || size != text.size()) {
    return Damaged("model_text");
  }
  return text;
}

}  // namespace twingraph::graph
