#pragma once

// Devices and their ties to twins between proto and domain. Pure.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_ptr_field.h"

#include "server/engine/device.h"
#include "server/engine/device_ops.h"
#include "server/rpc/convert/wire_writer.h"
#include "twingraph/v1/device.pb.h"

namespace twingraph::rpc {

// Writes the content of a v1.DeviceBinding.
void WriteDeviceBinding(const engine::DeviceBlock& block, WireWriter& writer);

std::vector<std::string> ToStrings(
    const google::protobuf::RepeatedPtrField<std::string>& strings);

// Errors: INVALID_ARGUMENT / INVALID_FIELD for a time that is none.
absl::StatusOr<engine::Connection> ToConnection(
    const v1::Connection& connection, absl::string_view field);
absl::StatusOr<engine::DeviceRecord> ToDeviceRecord(
    const v1::DeviceRecord& record, absl::string_view field);

}  // namespace twingraph::rpc
