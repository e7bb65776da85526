#pragma once

// Keys of hubs and their devices.
//
//   hub           hub id bytes            -> record (graph/hub_record.h)
//   hub_progress  hub id bytes            -> progress (graph/hub_record.h)
//   guard         'h' hub id bytes        (twin_key.h has the others)
//   device        text(hub id) text(part)* -> record (graph/hub_record.h)
//
// `text` is AppendText of ordered_codec.h, so the devices of a hub lie beside
// each other in the order of their paths, those below a gateway behind it.
// Frozen; golden test key_golden_test. Pure.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace twingraph::key {

std::string EncodeHubGuardKey(absl::string_view hub);

std::string EncodeDeviceKey(absl::string_view hub,
                            absl::Span<const std::string> path);
bool DecodeDeviceKey(absl::string_view key, std::string& hub,
                     std::vector<std::string>& path);

// What the keys of a hub's devices begin with.
std::string DevicePrefix(absl::string_view hub);

}  // namespace twingraph::key
