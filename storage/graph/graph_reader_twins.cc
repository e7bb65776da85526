// Covered by tests/storage/graph/graph_model_test.cc.
#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"

#include "storage/base/batch_pace.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/graph/fact_reads.h"
#include "storage/graph/graph_reader.h"
#include "storage/graph/index_overlay.h"
#include "storage/graph/index_page.h"
#include "storage/graph/parts.h"
#include "storage/graph/property_path.h"
#include "storage/graph/scan_rows.h"
#include "storage/key/index_key.h"
#include "storage/key/key_space.h"
#include "storage/key/model_key.h"
#include "storage/key/twin_key.h"

namespace twingraph::graph {
namespace {

// Twins that are looked at together when a list is filtered.
constexpr size_t kListBatch = 256;

// What twins that are read for their models should take together.
constexpr size_t kReadBytes = size_t{256} << 10;

}  // namespace

// Memory first: it knows the newest state, and when that is not enough.
absl::StatusOr<std::optional<TwinNumber>> GraphReader::FindNumber(
    const Context& ctx, absl::string_view id) const {
  if (memory_is_right_) {
    const std::optional<TwinNumber> known = parts_.id_map.Find(id);
    if (parts_.id_map.IsExactAt(revision(), known)) {
      return known;
    }
  }
  ASSIGN_OR_RETURN(const auto row, reader_->Get(ctx, key::kTwinIdSpace, id));
  TwinNumber twin{};
  if (!row.has_value()) {
    return std::nullopt;
  }
  if (!key::DecodeTwinIdValue(row->value, twin)) {
    return Damaged("twin_id");
  }
  return twin;
}

// Memory first. A transaction reads the store, where its own writes are.
absl::StatusOr<std::optional<TwinRecord>> GraphReader::ReadTwin(
    const Context& ctx, TwinNumber twin) const {
  if (memory_is_right_) {
    if (auto row = parts_.records.Find(twin, revision()); row.has_value()) {
      return DecodeTwin(twin, *std::move(row), names_);
    }
  }
  ASSIGN_OR_RETURN(
      auto row, reader_->Get(ctx, key::kTwinSpace, key::EncodeTwinKey(twin)));
  if (!row.has_value()) {
    return std::nullopt;
  }
  if (memory_is_right_) {
    parts_.records.Keep(twin, revision(), *row);
  }
  return DecodeTwin(twin, *std::move(row), names_);
}

absl::StatusOr<std::optional<TwinRecord>> GraphReader::FindTwin(
    const Context& ctx, absl::string_view id) const {
  if (const auto known = parts_.id_map.Find(id); known.has_value()) {
    ASSIGN_OR_RETURN(auto twin, ReadTwin(ctx, *known));
    if (twin.has_value()) {
      return twin;
    }
  }
  if (memory_is_right_ && parts_.id_map.IsCompleteAt(revision())) {
    return std::nullopt;
  }
  ASSIGN_OR_RETURN(const auto number, FindNumber(ctx, id));
  if (!number.has_value()) {
    return std::nullopt;
  }
  return ReadTwin(ctx, *number);
}

absl::StatusOr<TwinRecord> GraphReader::GetTwin(const Context& ctx,
                                                absl::string_view id) const {
  ASSIGN_OR_RETURN(auto twin, FindTwin(ctx, id));
  if (!twin.has_value()) {
    return TwinNotFound(id);
  }
  return *std::move(twin);
}

absl::StatusOr<std::vector<std::optional<TwinRecord>>> GraphReader::GetTwins(
    const Context& ctx, absl::Span<const TwinNumber> twins) const {
  return ReadTwins(ctx, *reader_, names_, twins);
}

absl::StatusOr<std::vector<std::optional<TwinNumber>>>
GraphReader::ResolveTwins(const Context& ctx,
                          absl::Span<const std::string> ids) const {
  std::vector<std::optional<TwinNumber>> numbers;
  numbers.reserve(ids.size());
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(numbers.emplace_back(), FindNumber(ctx, id));
  }
  return numbers;
}

absl::StatusOr<std::vector<std::string>> GraphReader::IdsOf(
    const Context& ctx, absl::Span<const TwinNumber> twins) const {
  ASSIGN_OR_RETURN(const auto records, GetTwins(ctx, twins));
  std::vector<std::string> ids;
  ids.reserve(records.size());
  for (const auto& record : records) {
    ids.emplace_back(record.has_value() ? std::string(record->id()) : "");
  }
  return ids;
}

absl::StatusOr<std::vector<ModelNumber>> GraphReader::ModelsOf(
    const Context& ctx, absl::Span<const TwinNumber> twins) const {
  std::vector<ModelNumber> models(twins.size());
  std::vector<TwinNumber> unknown;
  std::vector<size_t> places;
  for (size_t i = 0; i < twins.size(); ++i) {
    const auto known = memory_is_right_
                           ? parts_.id_map.ModelAt(twins[i], revision())
                           : std::nullopt;
    if (known.has_value()) {
      models[i] = *known;
    } else {
      unknown.push_back(twins[i]);
      places.push_back(i);
    }
  }
  BatchPace pace;
  for (size_t done = 0; done < unknown.size();) {
    const auto some =
        absl::MakeConstSpan(unknown).subspan(done, pace.Next(kReadBytes));
    ASSIGN_OR_RETURN(const auto records, GetTwins(ctx, some));
    size_t bytes = 0;
    for (size_t i = 0; i < records.size(); ++i) {
      if (records[i].has_value()) {
        models[places[done + i]] = records[i]->model();
        bytes += records[i]->contents().bytes().size();
      }
    }
    pace.Note(some.size(), bytes);
    done += some.size();
  }
  return models;
}

absl::StatusOr<std::vector<TwinRecord>> GraphReader::ListTwins(
    const Context& ctx, absl::string_view after, size_t limit,
    absl::Span<const ModelNumber> models) const {
  std::vector<TwinRecord> list;
  std::string position(after);
  for (bool is_end = false; list.size() < limit && !is_end;) {
    const size_t wanted =
        models.empty() ? limit - list.size() : size_t{kListBatch};
    ASSIGN_OR_RETURN(const auto numbers,
                     ScanTwinIds(ctx, /*prefix=*/"", position, wanted));
    is_end = numbers.size() < wanted;
    ASSIGN_OR_RETURN(auto chosen, OfModels(ctx, numbers, models));
    chosen.resize(std::min(chosen.size(), limit - list.size()));
    ASSIGN_OR_RETURN(auto records, GetTwins(ctx, chosen));
    for (auto& record : records) {
      if (record.has_value()) {
        list.push_back(*std::move(record));
      }
    }
  }
  return list;
}

absl::StatusOr<std::vector<TwinNumber>> GraphReader::OfModels(
    const Context& ctx, const std::vector<TwinNumber>& twins,
    absl::Span<const ModelNumber> models) const {
  if (models.empty()) {
    return twins;
  }
  ASSIGN_OR_RETURN(const auto model_of, ModelsOf(ctx, twins));
  std::vector<TwinNumber> chosen;
  for (size_t i = 0; i < twins.size(); ++i) {
    if (absl::c_linear_search(models, model_of[i])) {
      chosen.push_back(twins[i]);
    }
  }
  return chosen;
}

absl::StatusOr<std::vector<TwinNumber>> GraphReader::ScanTwinIds(
    const Context& ctx, absl::string_view prefix, std::string& after,
    size_t limit) const {
  std::vector<TwinNumber> twins;
  const kv::Range range = kv::Range::After(kv::Range::Prefix(prefix), after);
  RETURN_IF_ERROR(ScanRows(ctx, *reader_, key::kTwinIdSpace, range,
                           [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
                             if (twins.size() == limit) {
                               return false;
                             }
                             if (!key::DecodeTwinIdValue(
                                     row.value(), twins.emplace_back())) {
                               return Damaged("twin_id");
                             }
                             after = std::string(row.key());
                             return true;
                           }));
  return twins;
}

absl::StatusOr<std::vector<TwinNumber>> GraphReader::ScanTwins(
    const Context& ctx, TwinNumber after, size_t limit) const {
  std::vector<TwinNumber> twins;
  const kv::Range range =
      kv::Range::After(kv::Range::All(), key::EncodeTwinKey(after));
  RETURN_IF_ERROR(
      ScanRows(ctx, *reader_, key::kTwinSpace, range,
               [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
                 if (twins.size() == limit) {
                   return false;
                 }
                 if (!key::DecodeTwinKey(row.key(), twins.emplace_back())) {
                   return Damaged("twin");
                 }
                 return true;
               }));
  return twins;
}

absl::StatusOr<std::vector<TwinNumber>> GraphReader::ScanTwinsOfModel(
    const Context& ctx, ModelNumber model, TwinNumber after,
    size_t limit) const {
  std::vector<TwinNumber> twins;
  const kv::Range range =
      kv::Range::After(kv::Range::Prefix(key::ModelPrefix(model)),
                       key::EncodeModelIndexKey(model, after));
  RETURN_IF_ERROR(overlay_->Scan(
      ctx, key::kModelIndexSpace, range,
      [&](absl::string_view key, absl::string_view) -> absl::StatusOr<bool> {
        if (twins.size() == limit) {
          return false;
        }
        ModelNumber same{};
        if (!key::DecodeModelIndexKey(key, same, twins.emplace_back())) {
          return Damaged("model_index");
        }
        return true;
      }));
  return twins;
}

absl::Status GraphReader::ScanProperty(const Context& ctx,
                                       const PropertyRange& range, size_t limit,
                                       std::string& cursor,
                                       TwinBatch& batch) const {
  batch.twins.clear();
  batch.is_exact = IsExact(range);
  const uint32_t path =
      names_.Find(key::DictKind::kPath, FormatPath(range.path));
  IndexPage page = {.space = key::kPropertyIndexSpace,
                    .prefix = key::PropertyIndexPrefix(PathNumber{path})};
  return page.Read(
      ctx, *overlay_, range, limit, cursor,
      [&](absl::string_view key, absl::string_view) -> absl::Status {
        PathNumber same{};
        absl::string_view ordered;
        if (!key::DecodePropertyIndexKey(key, same, ordered,
                                         batch.twins.emplace_back())) {
          return Damaged("property_index");
        }
        return absl::OkStatus();
      });
}

}  // namespace twingraph::graph
