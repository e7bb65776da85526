#include "server/rpc/convert/hub.h"

#include "server/rpc/convert/device.h"
#include "server/rpc/convert/value.h"
#include "storage/base/status.h"

namespace twingraph::rpc {

void WriteHub(const engine::Hub& hub,
              const std::optional<hubs::ConnectorInfo>& connector,
              WireWriter& writer) {
  using Proto = v1::Hub;
  const engine::HubSettings& settings = hub.settings;
  writer.String(Proto::kIdFieldNumber, settings.id);
  writer.String(Proto::kKindFieldNumber, settings.kind);
  writer.String(Proto::kDisplayNameFieldNumber, settings.display_name);
  writer.String(Proto::kTwinIdTemplateFieldNumber, settings.twin_id_template);
  writer.String(Proto::kDefaultModelIdFieldNumber, settings.default_model);
  WriteTime(Proto::kAttachTimeFieldNumber, hub.attach_time, writer);
  if (connector.has_value()) {
    WriteMessage(writer, Proto::kConnectorFieldNumber, [&] {
      using Connector = v1::HubConnector;
      writer.String(Connector::kNameFieldNumber, connector->name);
      writer.String(Connector::kVersionFieldNumber, connector->version);
      writer.String(Connector::kInstanceIdFieldNumber, connector->instance);
      WriteTime(Connector::kConnectTimeFieldNumber, connector->connect_time,
                writer);
    });
  }
  writer.Int(Proto::kDeviceCountFieldNumber, hub.device_count);
}

void WriteDevice(const engine::Device& device, WireWriter& writer) {
  writer.String(v1::Device::kTwinIdFieldNumber, device.twin);
  WriteMessage(writer, v1::Device::kBindingFieldNumber,
               [&] { WriteDeviceBinding(device.block, writer); });
}

absl::StatusOr<engine::HubSettings> ToHubSettings(const v1::Hub& hub) {
  if (hub.id().empty()) {
    return InvalidField("hub.id", "is required");
  }
  if (hub.kind().empty()) {
    return InvalidField("hub.kind", "is required");
  }
  return engine::HubSettings{.id = hub.id(),
                             .kind = hub.kind(),
                             .display_name = hub.display_name(),
                             .twin_id_template = hub.twin_id_template(),
                             .default_model = hub.default_model_id()};
}

engine::DetachMode ToDetachMode(v1::DetachMode mode) {
  return mode == v1::DETACH_MODE_REMOVE ? engine::DetachMode::kRemove
                                        : engine::DetachMode::kKeep;
}

}  // namespace twingraph::rpc
