// Covered by tests/storage/graph/graph_store_test.cc.
#include "storage/graph/graph_settings.h"

#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/graph/stored_map.h"
#include "storage/key/key_space.h"
#include "storage/value/value.h"
#include "storage/value/value_codec.h"

namespace twingraph::graph {
namespace {

constexpr char kSettingsKey[] = "graph";

absl::Status CheckFormat(const GraphSettings& settings) {
  if (settings.format <= kGraphFormat) {
    return absl::OkStatus();
  }
  return FailedPrecondition(
      v1::ERROR_REASON_STORE_FORMAT_TOO_NEW,
      absl::StrCat("the store has format ", settings.format,
                   ", and this version knows formats up to ", kGraphFormat),
      {{"format", absl::StrCat(settings.format)},
       {"newest_known", absl::StrCat(kGraphFormat)}});
}

}  // namespace

std::string EncodeGraphSettings(const GraphSettings& settings) {
  Value::List paths;
  for (const std::string& path : settings.unindexed_paths) {
    paths.push_back(Value::String(path));
  }
  std::string bytes;
  EncodeValue(
      Value::MakeMap({{"format", Value::Int(settings.format)},
                      {"unindexed", Value::MakeList(std::move(paths))}}),
      bytes);
  return bytes;
}

absl::StatusOr<GraphSettings> DecodeGraphSettings(absl::string_view bytes) {
  RETURN_IF_ERROR(ValidateEncoded(bytes));
  const ValueView map(bytes);
  GraphSettings settings;
  settings.format = IntIn(map, "format");
  const ValueView paths = map.Find("unindexed");
  if (settings.format == 0 || !paths.is_defined()) {
    return Damaged("meta");
  }
  for (size_t i = 0; i < paths.size(); ++i) {
    settings.unindexed_paths.emplace_back(paths.at(i).as_string());
  }
  return settings;
}

absl::StatusOr<GraphSettings> OpenSettings(
    const Context& ctx, commit::Store& store,
    const std::vector<std::string>& unindexed_paths) {
  ASSIGN_OR_RETURN(const auto row,
                   store.Newest()->Get(ctx, key::kMetaSpace, kSettingsKey));
  if (row.has_value()) {
    ASSIGN_OR_RETURN(GraphSettings settings, DecodeGraphSettings(row->value));
    RETURN_IF_ERROR(CheckFormat(settings));
    return settings;
  }
  GraphSettings settings;
  settings.unindexed_paths = unindexed_paths;
  RETURN_IF_ERROR(store
                      .RunTransaction(ctx, {},
                                      [&](commit::Transaction& transaction) {
                                        return transaction.Put(
                                            key::kMetaSpace, kSettingsKey,
                                            EncodeGraphSettings(settings));
                                      })
                      .status());
  return settings;
}

}  // namespace twingraph::graph
