// Covered by tests/server/engine/device_ops_test.cc.
#include "server/engine/device_apply.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "server/engine/built_in_model.h"
#include "server/engine/device_codec.h"
#include "server/engine/device_values.h"
#include "server/engine/proxy_twin.h"
#include "server/engine/twin_id.h"
#include "server/engine/twin_write.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::engine {
namespace {

constexpr size_t kPathParts = 8;
constexpr size_t kPathPartBytes = 256;

// Contents of a twin under another model: what conforms stays. `old` may be
// undefined: a new twin.
Value Carried(const catalog::Catalog& catalog,
              const catalog::EffectiveModel& model, ValueView old) {
  Value kept = Value::MakeMap();
  for (size_t i = 0; old.is_defined() && i < old.size(); ++i) {
    const auto [name, view] = old.entry(i);
    Value one = Value::MakeMap();
    one.Set(name, DecodeValue(view));
    std::vector<FieldViolation> violations;
    catalog::CheckTwinContents(model, catalog, catalog::MissingComponent::kAdd,
                               one, violations);
    if (violations.empty()) {
      kept.Set(name, *one.Find(name));
    }
  }
  std::vector<FieldViolation> none;
  catalog::CheckTwinContents(model, catalog, catalog::MissingComponent::kAdd,
                             kept, none);
  return kept;
}

bool IsSame(ValueView stored, const Value& value) {
  std::string encoded;
  EncodeValue(value, encoded);
  return stored.is_defined() && stored.bytes() == encoded;
}

bool IsNewer(const Connection& next, const Connection& known) {
  return next.since == absl::InfinitePast() ||
         known.since == absl::InfinitePast() || next.since >= known.since;
}

}  // namespace

absl::Status DeviceApplier::Apply(const DeviceEvent& event,
                                  absl::Status& refusal) {
  refusal_ = absl::OkStatus();
  const absl::Status status =
      std::visit([this](const auto& each) { return Visit(each); }, event);
  refusal = refusal_;
  return status;
}

absl::Status DeviceApplier::Refuse(absl::Status status) {
  refusal_ = std::move(status);
  return absl::OkStatus();
}

absl::Status DeviceApplier::CheckRecord(const DeviceRecord& record) const {
  const bool has_wrong_part = std::any_of(
      record.path.begin(), record.path.end(), [](const std::string& part) {
        return part.empty() || part.size() > kPathPartBytes ||
               part.find('\0') != std::string::npos;
      });
  if (record.path.empty() || record.path.size() > kPathParts ||
      has_wrong_part) {
    return InvalidField("device.path", "1 to 8 parts of 1 to 256 bytes");
  }
  const std::string id = MakeProxyId(hub_.id_template, hub_.id, record.path);
  if (id.size() > kProxyIdBytes) {
    return InvalidField(
        "device.path",
        absl::StrCat("the id of the proxy twin would take ", id.size(),
                     " bytes; the limit is ", kProxyIdBytes));
  }
  return absl::OkStatus();
}

std::string DeviceApplier::ModelFor(const std::string& announced,
                                    absl::string_view current) const {
  for (const std::string& id : {announced, hub_.default_model}) {
    const auto model = catalog_->Find(id);
    if (model != nullptr && (!model->is_decommissioned || id == current)) {
      return id;
    }
  }
  return kDeviceModelId;
}

absl::Status DeviceApplier::Visit(const DeviceUpserted& event) {
  const DeviceRecord& record = event.device;
  if (absl::Status status = CheckRecord(record); !status.ok()) {
    return Refuse(std::move(status));
  }
  const std::string twin_id =
      MakeProxyId(hub_.id_template, hub_.id, record.path);
  ASSIGN_OR_RETURN(const auto twin, writer_.FindTwinForUpdate(ctx_, twin_id));
  DeviceBlock block;
  if (twin.has_value() && twin->is_proxy()) {
    block = DecodeDevice(twin->device());
    const bool is_other = block.hub != hub_.id || block.path != record.path;
    if (is_other && block.state == BindingState::kAttached) {
      return NoteConflict(record, twin_id, {});
    }
  }
  if (block.generation != record.generation) {
    block.connection = {};  // Another device in the same place.
  }
  if (record.connection.state != ConnectionState::kUnknown &&
      IsNewer(record.connection, block.connection)) {
    block.connection = record.connection;
  }
  block.hub = hub_.id;
  block.path = record.path;
  block.generation = record.generation;
  block.state = BindingState::kAttached;
  block.disabled = record.disabled;
  block.display_name = record.display_name;
  block.gateway_path = record.gateway_path;
  block.tags = record.tags;
  return Bind(record, twin_id, std::move(block), twin);
}

// Makes the proxy, or ties one that is there to its device.
absl::Status DeviceApplier::Bind(const DeviceRecord& record,
                                 const std::string& twin_id, DeviceBlock block,
                                 const std::optional<graph::TwinRecord>& twin) {
  const std::string wanted_model = ModelFor(
      record.model, twin.has_value() ? twin->model_id() : absl::string_view());
  const std::string announced_before =
      std::exchange(block.announced_model, record.model);
  if (!twin.has_value()) {
    const auto model = catalog_->Find(wanted_model);
    graph::TwinDraft draft{.id = twin_id,
                           .model = wanted_model,
                           .contents = Carried(*catalog_, *model, ValueView()),
                           .metadata = TwinTimes(writer_.time()).Encode(),
                           .device = EncodeDevice(block)};
    ASSIGN_OR_RETURN(const graph::TwinNumber number,
                     writer_.CreateTwin(ctx_, draft));
    return PutRecord(record, number, twin_id);
  }
  // A model that a client gave the twin stays; one that the device gave before
  // follows the device.
  const bool follows_device = twin->model_id() == kDeviceModelId ||
                              twin->model_id() == hub_.default_model ||
                              twin->model_id() == announced_before;
  const bool switches = follows_device && twin->model_id() != wanted_model;
  Value device = EncodeDevice(block);
  if (!switches && IsSame(twin->device(), device)) {
    // A snapshot tells mostly what is known: nothing to write.
    return PutRecord(record, twin->number(), twin_id);
  }
  const auto model = catalog_->Find(wanted_model);
  TwinTimes times = TwinTimes::Decode(twin->metadata());
  times.Touch(writer_.time());
  RETURN_IF_ERROR(writer_.UpdateTwin(
      ctx_, *twin,
      {.id = twin_id,
       .model = switches ? wanted_model : std::string(twin->model_id()),
       .contents = switches ? Carried(*catalog_, *model, twin->contents())
                            : DecodeValue(twin->contents()),
       .metadata = times.Encode(),
       .device = std::move(device)}));
  return PutRecord(record, twin->number(), twin_id);
}

absl::Status DeviceApplier::PutRecord(const DeviceRecord& record,
                                      graph::TwinNumber twin,
                                      const std::string& twin_id) {
  const graph::DeviceRecord next{
      .hub = hub_.id,
      .path = record.path,
      .generation = record.generation,
      .state = static_cast<int>(BindingState::kAttached),
      .twin = twin,
      .twin_id = twin_id};
  ASSIGN_OR_RETURN(const auto known,
                   writer_.FindDeviceForUpdate(ctx_, hub_.id, record.path));
  const bool is_known = known.has_value() && known->state == next.state &&
                        known->generation == next.generation &&
                        known->twin == next.twin &&
                        known->twin_id == next.twin_id;
  return is_known ? absl::OkStatus() : writer_.PutDevice(ctx_, next);
}

// The id belongs to the proxy of another device: this one waits.
absl::Status DeviceApplier::NoteConflict(const DeviceRecord& record,
                                         const std::string& twin_id,
                                         DeviceBlock block) {
  block.hub = hub_.id;
  block.path = record.path;
  block.generation = record.generation;
  block.state = BindingState::kConflict;
  block.display_name = record.display_name;
  block.announced_model = record.model;
  return writer_.PutDevice(ctx_,
                           {.hub = hub_.id,
                            .path = record.path,
                            .generation = record.generation,
                            .state = static_cast<int>(BindingState::kConflict),
                            .twin_id = twin_id,
                            .details = EncodeDevice(block)});
}

absl::StatusOr<std::optional<DeviceApplier::Bound>> DeviceApplier::FindBound(
    const std::vector<std::string>& path, const std::string& generation) {
  ASSIGN_OR_RETURN(auto device,
                   writer_.FindDeviceForUpdate(ctx_, hub_.id, path));
  const bool is_bound =
      device.has_value() &&
      device->state == static_cast<int>(BindingState::kAttached) &&
      (generation.empty() || generation == device->generation);
  if (!is_bound) {
    return std::nullopt;
  }
  ASSIGN_OR_RETURN(auto proxy, ProxyOf(ctx_, *device, writer_));
  if (!proxy.has_value()) {
    return std::nullopt;
  }
  DeviceBlock block = DecodeDevice(proxy->device());
  return Bound{*std::move(device), *std::move(proxy), std::move(block)};
}

// FindBound for events that need a device: refuses the event where there is
// none.
absl::StatusOr<std::optional<DeviceApplier::Bound>> DeviceApplier::NeedBound(
    const std::vector<std::string>& path, const std::string& generation) {
  ASSIGN_OR_RETURN(auto bound, FindBound(path, generation));
  if (!bound.has_value()) {
    const std::string device = absl::StrJoin(path, "/");
    refusal_ = NotFound(
        v1::ERROR_REASON_DEVICE_NOT_FOUND,
        absl::StrCat("the hub \"", hub_.id, "\" has no device \"", device, "\"",
                     generation.empty() ? "" : " of this generation",
                     "; announce it first"),
        {{"hub", hub_.id}, {"device", device}});
  }
  return bound;
}

absl::Status DeviceApplier::Visit(const DeviceRemoved& event) {
  ASSIGN_OR_RETURN(const auto bound, FindBound(event.path, event.generation));
  return bound.has_value() ? DetachProxy(ctx_, bound->device, writer_)
                           : absl::OkStatus();
}

absl::Status DeviceApplier::Visit(const DeviceDisabled& event) {
  ASSIGN_OR_RETURN(auto bound, FindBound(event.path, event.generation));
  if (!bound.has_value()) {
    return absl::OkStatus();
  }
  bound->block.disabled = true;
  if (!event.reason.empty()) {
    bound->block.connection.reason = event.reason;
  }
  return SaveBlock(ctx_, bound->proxy, bound->block, writer_);
}

absl::Status DeviceApplier::Visit(const ModelAnnounced& event) {
  ASSIGN_OR_RETURN(auto bound, NeedBound(event.path, event.generation));
  if (!bound.has_value()) {
    return absl::OkStatus();
  }
  DeviceRecord record;
  record.path = event.path;
  record.generation = bound->device.generation;
  record.model = event.model;
  return Bind(record, bound->device.twin_id, std::move(bound->block),
              bound->proxy);
}

absl::Status DeviceApplier::Visit(const ConnectionChanged& event) {
  ASSIGN_OR_RETURN(auto bound, NeedBound(event.path, event.generation));
  if (!bound.has_value() ||
      !IsNewer(event.connection, bound->block.connection)) {
    return absl::OkStatus();
  }
  bound->block.connection = event.connection;
  if (event.connection.since == absl::InfinitePast()) {
    bound->block.connection.since = writer_.time();
  }
  return SaveBlock(ctx_, bound->proxy, bound->block, writer_);
}

absl::Status DeviceApplier::Visit(const DeviceMessage& event) {
  ASSIGN_OR_RETURN(auto bound, NeedBound(event.path, event.generation));
  if (!bound.has_value()) {
    return absl::OkStatus();
  }
  return WriteValues(*std::move(bound), event.component, event.body,
                     event.source_time, /*is_patch=*/false,
                     /*is_complete=*/false);
}

absl::Status DeviceApplier::Visit(const ReportedPatch& event) {
  ASSIGN_OR_RETURN(auto bound, NeedBound(event.path, event.generation));
  if (!bound.has_value()) {
    return absl::OkStatus();
  }
  return WriteValues(*std::move(bound), event.component, event.patch,
                     event.source_time, /*is_patch=*/true, event.complete);
}

absl::Status DeviceApplier::WriteValues(Bound bound,
                                        const std::string& component,
                                        const Value& values,
                                        absl::Time source_time, bool is_patch,
                                        bool is_complete) {
  const auto model = catalog_->Find(bound.proxy.model_id());
  TwinTimes times = TwinTimes::Decode(bound.proxy.metadata());
  DeviceValues target{.model = model.get(),
                      .catalog = *catalog_,
                      .now = writer_.time(),
                      .source_time = source_time,
                      .contents = DecodeValue(bound.proxy.contents()),
                      .times = times};
  std::vector<FieldViolation> violations;
  if (!values.is_map()) {
    violations.push_back({"body", "must be a JSON object"});
  } else if (model != nullptr && model->id() != kDeviceModelId) {
    WriteDeviceValues(component, values, is_patch, is_complete, target,
                      violations);
  }
  if (!violations.empty()) {
    return Refuse(InvalidFields(
        v1::ERROR_REASON_DEVICE_MESSAGE_INVALID, violations,
        {{"hub", hub_.id}, {"device", absl::StrJoin(bound.device.path, "/")}}));
  }
  bound.block.last_activity = writer_.time();
  if (bound.block.connection.state == ConnectionState::kUnknown) {
    bound.block.connection = {.state = ConnectionState::kOnline,
                              .confidence = Confidence::kInferred,
                              .since = writer_.time(),
                              .reason = "message received"};
  }
  target.times.Touch(writer_.time());
  return writer_.UpdateTwin(ctx_, bound.proxy,
                            {.id = std::string(bound.proxy.id()),
                             .model = std::string(bound.proxy.model_id()),
                             .contents = std::move(target.contents),
                             .metadata = target.times.Encode(),
                             .device = EncodeDevice(bound.block)});
}

}  // namespace twingraph::engine
