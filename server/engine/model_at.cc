// Covered by tests/server/engine/model_ops_test.cc.
#include "server/engine/model_at.h"

#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"

#include "server/dtdl/parser.h"
#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"

namespace twingraph::engine {
namespace {

LocalizedText ToText(const dtdl::LanguageMap& map) {
  return {map.begin(), map.end()};
}

// What the catalog has of a model, if it is what `reader` sees.
std::shared_ptr<const catalog::EffectiveModel> KnownAt(
    const Parts& parts, const graph::GraphReader& reader,
    absl::string_view id) {
  auto model = parts.catalog.Current()->Find(id);
  return model != nullptr && model->revision <= reader.revision() ? model
                                                                  : nullptr;
}

// Parses the documents of `records`, which were checked before they were
// stored. The interfaces are in the order of the records.
absl::StatusOr<std::vector<std::shared_ptr<const dtdl::Interface>>> ReadStored(
    const Context& ctx, const graph::GraphReader& reader,
    const std::vector<graph::ModelRecord>& records) {
  std::vector<graph::ModelNumber> numbers;
  numbers.reserve(records.size());
  for (const graph::ModelRecord& record : records) {
    numbers.push_back(record.number);
  }
  ASSIGN_OR_RETURN(const auto texts, reader.GetModelTexts(ctx, numbers));
  dtdl::ParsedModels parsed =
      dtdl::ParseModels(texts, [](absl::string_view) { return nullptr; });
  if (parsed.interfaces.size() != records.size()) {
    return graph::Damaged("model_text");
  }
  return std::move(parsed.interfaces);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const dtdl::Interface>> InterfaceAt(
    const Parts& parts, const Context& ctx, const graph::GraphReader& reader,
    const graph::ModelRecord& record) {
  if (const auto known = KnownAt(parts, reader, record.id)) {
    return known->interface;
  }
  ASSIGN_OR_RETURN(const auto interfaces, ReadStored(ctx, reader, {record}));
  return interfaces.front();
}

absl::StatusOr<std::shared_ptr<const catalog::EffectiveModel>> EffectiveModelAt(
    const Parts& parts, const Context& ctx, const graph::GraphReader& reader,
    const graph::ModelRecord& record) {
  if (auto known = KnownAt(parts, reader, record.id)) {
    return known;
  }
  ASSIGN_OR_RETURN(const auto records,
                   WithDependencies(ctx, reader, {record.id}));
  ASSIGN_OR_RETURN(const auto interfaces, ReadStored(ctx, reader, records));
  absl::flat_hash_map<absl::string_view, catalog::StoredModel> models;
  for (size_t i = 0; i < records.size(); ++i) {
    models[records[i].id] = {
        .number = records[i].number,
        .revision = reader.revision(),
        .is_decommissioned = records[i].is_decommissioned(),
        .interface = interfaces[i]};
  }
  return catalog::MakeEffectiveModel(
      models.at(record.id), [&](absl::string_view id) {
        const auto found = models.find(id);
        return found == models.end() ? catalog::StoredModel() : found->second;
      });
}

absl::StatusOr<std::vector<graph::ModelRecord>> WithDependencies(
    const Context& ctx, const graph::GraphReader& reader,
    std::vector<std::string> ids) {
  std::map<std::string, graph::ModelRecord> found;
  while (!ids.empty()) {
    const std::string id = std::move(ids.back());
    ids.pop_back();
    if (found.contains(id)) {
      continue;
    }
    ASSIGN_OR_RETURN(graph::ModelRecord record, reader.GetModel(ctx, id));
    ids.insert(ids.end(), record.dependencies.begin(),
               record.dependencies.end());
    found.emplace(id, std::move(record));
  }
  std::vector<graph::ModelRecord> records;
  records.reserve(found.size());
  for (auto& [id, record] : found) {
    records.push_back(std::move(record));
  }
  return records;
}

Model ToModel(const Parts& parts, const graph::ModelRecord& record,
              const dtdl::Interface& interface) {
  Model model;
  model.id = record.id;
  model.display_name = ToText(interface.display_name);
  model.description = ToText(interface.description);
  model.dtdl_version = interface.dtdl_version;
  model.upload_time = record.upload_time;
  model.decommission_time = record.decommission_time;
  if (record.revision != 0) {
    model.etag = parts.EtagOf(record.revision);
  }
  return model;
}

}  // namespace twingraph::engine
