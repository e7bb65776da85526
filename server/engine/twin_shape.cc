// Covered by tests/server/engine/twin_ops_test.cc.
#include "server/engine/twin_shape.h"

#include "server/engine/device_codec.h"

namespace twingraph::engine {
namespace {

bool IsComponent(const catalog::EffectiveModel* model, absl::string_view name) {
  const dtdl::Content* content = model == nullptr ? nullptr : model->Find(name);
  return content != nullptr && content->kind == dtdl::ContentKind::kComponent;
}

}  // namespace

std::vector<PropertyMetadata> MetadataOf(const catalog::EffectiveModel* model,
                                         ValueView contents,
                                         const TwinTimes& times) {
  std::vector<PropertyMetadata> metadata;
  const auto add = [&](PropertyName name) {
    const TwinTimes::Entry entry = times.Get(name);
    metadata.push_back({std::move(name.component), std::move(name.property),
                        entry.update_time, entry.source_time});
  };
  // Properties of the twin itself first, then each component.
  for (size_t i = 0; i < contents.size(); ++i) {
    const auto [name, value] = contents.entry(i);
    if (!IsComponent(model, name)) {
      add({"", std::string(name)});
    }
  }
  for (size_t i = 0; i < contents.size(); ++i) {
    const auto [name, value] = contents.entry(i);
    if (!IsComponent(model, name)) {
      continue;
    }
    add({std::string(name), ""});
    for (size_t j = 0; j < value.size(); ++j) {
      add({std::string(name), std::string(value.entry(j).first)});
    }
  }
  return metadata;
}

Twin ToTwin(const Parts& parts, const graph::TwinRecord& record,
            TwinView view) {
  Twin twin;
  twin.id = std::string(record.id());
  twin.model = std::string(record.model_id());
  twin.contents = std::string(record.contents().bytes());
  twin.etag = parts.EtagOf(record.revision());
  twin.create_time = record.create_time();
  twin.update_time = record.last_update_time();
  if (record.is_proxy()) {
    twin.device = DecodeDevice(record.device());
  }
  if (view == TwinView::kFull) {
    const auto model = parts.catalog.Current()->Find(record.model_id());
    twin.metadata = MetadataOf(model.get(), record.contents(),
                               TwinTimes::Decode(record.metadata()));
  }
  return twin;
}

Relationship ToRelationship(const Parts& parts,
                            const graph::RelationshipRecord& record) {
  return {.id = std::string(record.id()),
          .source = std::string(record.source_id()),
          .name = std::string(record.name()),
          .target = std::string(record.target_id()),
          .properties = std::string(record.contents().bytes()),
          .etag = parts.EtagOf(record.revision())};
}

}  // namespace twingraph::engine
