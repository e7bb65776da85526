// Covered by tests/server/engine/device_ops_test.cc.
#include "server/engine/proxy_twin.h"

#include "server/engine/device_codec.h"
#include "server/engine/twin_times.h"
#include "storage/base/status_macros.h"

namespace twingraph::engine {
namespace {

DeviceBlock BlockIn(const Value& details) {
  std::string encoded;
  EncodeValue(details.is_map() ? details : Value::MakeMap(), encoded);
  return DecodeDevice(ValueView(encoded));
}

}  // namespace

absl::StatusOr<DeviceBlock> BlockOf(const Context& ctx,
                                    const graph::GraphReader& reader,
                                    const graph::DeviceRecord& device) {
  if (device.twin.has_value()) {
    ASSIGN_OR_RETURN(
        const auto twins,
        reader.GetTwins(ctx, absl::MakeConstSpan(&*device.twin, 1)));
    if (twins[0].has_value() && twins[0]->is_proxy()) {
      return DecodeDevice(twins[0]->device());
    }
  }
  DeviceBlock block = BlockIn(device.details);
  block.hub = device.hub;
  block.path = device.path;
  block.generation = device.generation;
  block.state = static_cast<BindingState>(device.state);
  return block;
}

absl::StatusOr<std::optional<graph::TwinRecord>> ProxyOf(
    const Context& ctx, const graph::DeviceRecord& device,
    graph::GraphWriter& writer) {
  if (!device.twin.has_value()) {
    return std::nullopt;
  }
  ASSIGN_OR_RETURN(auto proxy, writer.FindTwinForUpdate(ctx, device.twin_id));
  if (!proxy.has_value() || !proxy->is_proxy()) {
    return std::nullopt;
  }
  return proxy;
}

absl::Status SaveBlock(const Context& ctx, const graph::TwinRecord& proxy,
                       const DeviceBlock& block, graph::GraphWriter& writer) {
  TwinTimes times = TwinTimes::Decode(proxy.metadata());
  times.Touch(writer.time());
  return writer.UpdateTwin(ctx, proxy,
                           {.id = std::string(proxy.id()),
                            .model = std::string(proxy.model_id()),
                            .contents = DecodeValue(proxy.contents()),
                            .metadata = times.Encode(),
                            .device = EncodeDevice(block)});
}

absl::Status DetachProxy(const Context& ctx, const graph::DeviceRecord& device,
                         graph::GraphWriter& writer) {
  ASSIGN_OR_RETURN(const auto proxy, ProxyOf(ctx, device, writer));
  if (proxy.has_value()) {
    DeviceBlock block = DecodeDevice(proxy->device());
    block.state = BindingState::kDetached;
    block.connection = {};
    RETURN_IF_ERROR(SaveBlock(ctx, *proxy, block, writer));
  }
  graph::DeviceRecord detached = device;
  detached.state = static_cast<int>(BindingState::kDetached);
  return writer.PutDevice(ctx, detached);
}

absl::Status RemoveProxy(const Context& ctx, const graph::DeviceRecord& device,
                         graph::GraphWriter& writer) {
  ASSIGN_OR_RETURN(const auto proxy, ProxyOf(ctx, device, writer));
  if (proxy.has_value()) {
    RETURN_IF_ERROR(writer.DeleteTwin(ctx, device.twin_id));
  }
  return writer.DeleteDevice(ctx, device.hub, device.path);
}

}  // namespace twingraph::engine
