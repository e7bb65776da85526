// Covered by tests/storage/graph/graph_writer_test.cc.
#include <utility>

#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/graph/graph_reader.h"
#include "storage/graph/scan_rows.h"
#include "storage/key/key_space.h"
#include "storage/key/model_key.h"

namespace twingraph::graph {

absl::StatusOr<std::optional<ModelRecord>> GraphReader::FindModel(
    const Context& ctx, absl::string_view id) const {
  ASSIGN_OR_RETURN(const auto row, reader_->Get(ctx, key::kModelSpace,
                                                key::EncodeModelKey(id)));
  if (!row.has_value()) {
    return std::nullopt;
  }
  return DecodeModelRecord(*row);
}

absl::StatusOr<ModelRecord> GraphReader::GetModel(const Context& ctx,
                                                  absl::string_view id) const {
  ASSIGN_OR_RETURN(auto model, FindModel(ctx, id));
  if (!model.has_value()) {
    return ModelNotFound(id);
  }
  return *std::move(model);
}

absl::StatusOr<std::vector<std::string>> GraphReader::GetModelTexts(
    const Context& ctx, absl::Span<const ModelNumber> models) const {
  std::vector<std::string> keys;
  keys.reserve(models.size());
  for (const ModelNumber model : models) {
    keys.push_back(key::EncodeModelTextKey(model));
  }
  ASSIGN_OR_RETURN(const auto rows,
                   reader_->MultiGet(ctx, key::kModelTextSpace, keys));
  std::vector<std::string> texts(models.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].has_value()) {
      ASSIGN_OR_RETURN(texts[i], DecodeModelText(rows[i]->value));
    }
  }
  return texts;
}

absl::StatusOr<std::vector<ModelRecord>> GraphReader::ListModels(
    const Context& ctx, absl::string_view after, size_t limit) const {
  return ReadModels(ctx, *reader_, after, limit);
}

absl::StatusOr<std::vector<ModelNumber>> GraphReader::ReferrersOf(
    const Context& ctx, ModelNumber model) const {
  std::vector<ModelNumber> referrers;
  RETURN_IF_ERROR(
      ScanRows(ctx, *reader_, key::kModelReferrerSpace,
               kv::Range::Prefix(key::ModelPrefix(model)),
               [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
                 ModelNumber same{};
                 if (!key::DecodeModelReferrerKey(row.key(), same,
                                                  referrers.emplace_back())) {
                   return Damaged("model_referrer");
                 }
                 return true;
               }));
  return referrers;
}

absl::StatusOr<std::vector<ModelRecord>> ReadModels(
    const Context& ctx, const commit::Reader& reader, absl::string_view after,
    size_t limit) {
  kv::Range range = kv::Range::All();
  if (!after.empty()) {
    range = kv::Range::After(range, key::EncodeModelKey(after));
  }
  std::vector<ModelRecord> models;
  RETURN_IF_ERROR(ScanRows(
      ctx, reader, key::kModelSpace, range,
      [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
        if (models.size() == limit) {
          return false;
        }
        ASSIGN_OR_RETURN(
            models.emplace_back(),
            DecodeModelRecord({std::string(row.value()), row.revision()}));
        return true;
      }));
  return models;
}

}  // namespace twingraph::graph
