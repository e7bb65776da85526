// Covered by tests/storage/graph/check_graph_test.cc.
#include "storage/graph/fact_walk.h"

#include <algorithm>
#include <set>
#include <utility>

#include "storage/base/status_macros.h"
#include "storage/graph/fact_reads.h"
#include "storage/graph/index_rows.h"
#include "storage/graph/parts.h"
#include "storage/graph/scan_rows.h"
#include "storage/key/counter_key.h"
#include "storage/key/dict_key.h"
#include "storage/key/key_space.h"
#include "storage/key/model_key.h"
#include "storage/key/ordered_codec.h"
#include "storage/key/relationship_key.h"
#include "storage/key/twin_key.h"

namespace twingraph::graph {
namespace {

class Walk {
 public:
  Walk(const Context& ctx, const GraphReader& reader, FactSink& sink)
      : ctx_(ctx),
        reader_(reader),
        names_(reader.parts().dictionary, /*pending=*/nullptr),
        sink_(sink) {}

  absl::StatusOr<FactCounts> Run() {
    RETURN_IF_ERROR(ForEach(key::kTwinSpace, &Walk::Twin));
    RETURN_IF_ERROR(ForEach(key::kRelationshipSpace, &Walk::Relationship));
    RETURN_IF_ERROR(ForEach(key::kModelSpace, &Walk::Model));
    RETURN_IF_ERROR(ForEach(key::kDictSpace, &Walk::Name));
    RETURN_IF_ERROR(ForEach(key::kHubSpace, &Walk::Hub));
    RETURN_IF_ERROR(ForEach(key::kDeviceSpace, &Walk::Device));
    return counts_;
  }

 private:
  absl::Status ForEach(kv::SpaceId space,
                       absl::Status (Walk::*take)(absl::string_view key,
                                                  kv::Row&& row)) {
    const absl::Status status =
        ScanRows(ctx_, reader_.rows(), space, kv::Range::All(),
                 [&](const kv::Cursor& row) -> absl::StatusOr<bool> {
                   sink_.Begin(space, row.key(), row.revision());
                   RETURN_IF_ERROR((this->*take)(
                       row.key(), {std::string(row.value()), row.revision()}));
                   return true;
                 });
    return absl::IsDataLoss(status) ? sink_.Unreadable(status) : status;
  }

  absl::Status Twin(absl::string_view key, kv::Row&& row) {
    TwinNumber number{};
    if (!key::DecodeTwinKey(key, number)) {
      return Damaged(key::kTwinSpace, key);
    }
    const auto twin = DecodeTwin(number, std::move(row), names_);
    if (!twin.ok()) {
      return Damaged(key::kTwinSpace, key);
    }
    ++counts_.twins;
    NoteNumber(key::Sequence::kTwin, ToInt(number));
    if (twin->model_id().empty()) {
      sink_.Problem(key::kTwinSpace, key, "its model has no name");
    }
    sink_.Count(key::TwinCounterKey(), 1);
    sink_.Count(key::TwinsOfModelCounterKey(twin->model()), 1);
    RETURN_IF_ERROR(sink_.Own({key::kTwinIdSpace, std::string(twin->id()),
                               key::EncodeTwinIdValue(number)}));
    return OwnIndexRows(*twin);
  }

  absl::Status Relationship(absl::string_view key, kv::Row&& row) {
    TwinNumber source{};
    RelationshipNumber number{};
    if (!key::DecodeRelationshipKey(key, source, number)) {
      return Damaged(key::kRelationshipSpace, key);
    }
    const auto found =
        DecodeRelationship(source, number, std::move(row), names_);
    if (!found.ok()) {
      return Damaged(key::kRelationshipSpace, key);
    }
    ++counts_.relationships;
    NoteNumber(key::Sequence::kRelationship, ToInt(number));
    const Edge edge = found->edge();
    if (found->name().empty()) {
      sink_.Problem(key::kRelationshipSpace, key, "its name has no text");
    }
    sink_.Count(key::RelationshipCounterKey(), 1);
    sink_.Count(key::RelationshipsOfNameCounterKey(edge.name), 1);
    RETURN_IF_ERROR(NeedTwin(found->source_id(), edge.source));
    RETURN_IF_ERROR(NeedTwin(found->target_id(), edge.target));
    RETURN_IF_ERROR(
        sink_.Own({key::kRelationshipIdSpace,
                   key::EncodeRelationshipIdKey(source, found->id()),
                   key::EncodeRelationshipIdValue(edge)}));
    RETURN_IF_ERROR(sink_.Own({key::kOutSpace, key::EncodeOutKey(edge), ""}));
    RETURN_IF_ERROR(sink_.Own({key::kInSpace, key::EncodeInKey(edge), ""}));
    return OwnIndexRows(*found);
  }

  absl::Status Model(absl::string_view key, kv::Row&& row) {
    const auto model = DecodeModelRecord(row);
    if (!model.ok() || key::EncodeModelKey(model->id) != key) {
      return Damaged(key::kModelSpace, key);
    }
    ++counts_.models;
    sink_.Count(key::ModelCounterKey(), 1);
    RETURN_IF_ERROR(NeedNumber(model->id, model->number));
    RETURN_IF_ERROR(
        sink_.Own({key::kModelTextSpace, key::EncodeModelTextKey(model->number),
                   std::nullopt}));
    for (const std::string& id : model->dependencies) {
      const ModelNumber needed = reader_.FindModelNumber(id);
      RETURN_IF_ERROR(sink_.Need(
          {key::kModelSpace, key::EncodeModelKey(id), std::nullopt}));
      RETURN_IF_ERROR(
          sink_.Own({key::kModelReferrerSpace,
                     key::EncodeModelReferrerKey(needed, model->number), ""}));
    }
    return absl::OkStatus();
  }

  // Only the rows by number; each owns the one by text and itself.
  absl::Status Name(absl::string_view key, kv::Row&& row) {
    key::DictKind kind{};
    uint32_t number = 0;
    if (!key::DecodeDictNumberKey(key, kind, number)) {
      return absl::OkStatus();
    }
    NoteNumber(static_cast<key::Sequence>(kind), number);
    if (names_.Find(kind, row.value) != number ||
        names_.TextOf(kind, number) != row.value) {
      sink_.Problem(key::kDictSpace, key, "memory says something else");
    }
    std::string value;
    key::AppendInt(number, 4, value);
    RETURN_IF_ERROR(sink_.Own(
        {key::kDictSpace, key::EncodeDictTextKey(kind, row.value), value}));
    return sink_.Own({key::kDictSpace, std::string(key), row.value});
  }

  absl::Status Hub(absl::string_view key, kv::Row&& row) {
    const auto hub = DecodeHubRecord(row);
    if (!hub.ok() || hub->id != key) {
      return Damaged(key::kHubSpace, key);
    }
    sink_.Count(key::HubCounterKey(), 1);
    return hub->default_model.empty()
               ? absl::OkStatus()
               : sink_.Need({key::kModelSpace,
                             key::EncodeModelKey(hub->default_model),
                             std::nullopt});
  }

  absl::Status Device(absl::string_view key, kv::Row&& row) {
    const auto device = DecodeDeviceRecord(key, row);
    if (!device.ok()) {
      return Damaged(key::kDeviceSpace, key);
    }
    sink_.Count(
        key::DeviceCounterKey(device->hub, static_cast<uint8_t>(device->state)),
        1);
    if (device->twin.has_value()) {
      RETURN_IF_ERROR(NeedTwin(device->twin_id, *device->twin));
    }
    return sink_.Need({key::kHubSpace, device->hub, std::nullopt});
  }

  void NoteNumber(key::Sequence sequence, uint64_t number) {
    uint64_t& highest = counts_.highest[sequence];
    highest = std::max(highest, number);
  }

  template <typename Fact>
  absl::Status OwnIndexRows(const Fact& fact) {
    const Parts& parts = reader_.parts();
    std::set<IndexRow> built;
    const bool is_building = !reader_.AreIndexesBuilt();
    if (is_building) {
      for (IndexRow& row : IndexRowsOf(fact, parts.older_indexes(), names_)) {
        built.insert(std::move(row));
      }
    }
    for (IndexRow& row : IndexRowsOf(fact, parts.index_policy, names_)) {
      const bool may_come = is_building && !built.contains(row);
      RETURN_IF_ERROR(sink_.Own(
          {row.space, std::move(row.key), std::move(row.value), may_come}));
    }
    return absl::OkStatus();
  }

  absl::Status NeedTwin(absl::string_view id, TwinNumber number) {
    return sink_.Need(
        {key::kTwinIdSpace, std::string(id), key::EncodeTwinIdValue(number)});
  }

  absl::Status NeedNumber(const std::string& id, ModelNumber model) {
    std::string value;
    key::AppendInt(ToInt(model), 4, value);
    return sink_.Need({key::kDictSpace,
                       key::EncodeDictTextKey(key::DictKind::kModel, id),
                       value});
  }

  absl::Status Damaged(kv::SpaceId space, absl::string_view key) {
    sink_.Problem(space, key, "the row is damaged");
    return absl::OkStatus();
  }

  const Context& ctx_;
  const GraphReader& reader_;
  const Names names_;
  FactSink& sink_;
  FactCounts counts_;
};

}  // namespace

absl::StatusOr<FactCounts> WalkFacts(const Context& ctx,
                                     const GraphReader& reader,
                                     FactSink& sink) {
  return Walk(ctx, reader, sink).Run();
}

}  // namespace twingraph::graph
