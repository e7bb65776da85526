#pragma once

// How the members of a device's message become values of its proxy: those
// called like properties of the model are checked and stored unless they are
// older than what is stored; telemetry is checked and let through. Pure.

#include <string>
#include <vector>

#include "absl/time/time.h"

#include "server/catalog/catalog.h"
#include "server/engine/twin_times.h"
#include "storage/base/status.h"
#include "storage/value/value.h"

namespace twingraph::engine {

// The twin that is written to.
struct DeviceValues {
  const catalog::EffectiveModel* model = nullptr;
  const catalog::Catalog& catalog;
  absl::Time now;
  absl::Time source_time = absl::InfinitePast();  // not known
  Value contents;
  TwinTimes times;
};

// Takes the members of `values`, a map, into `target`: of the component, or of
// the twin itself where it is empty. With `is_patch`, null removes a property
// (JSON Merge Patch, RFC 7396); with `is_complete`, properties that `values`
// lacks are removed. Adds violations for what does not conform; `target` is
// then of no use.
void WriteDeviceValues(const std::string& component, const Value& values,
                       bool is_patch, bool is_complete, DeviceValues& target,
                       std::vector<FieldViolation>& violations);

}  // namespace twingraph::engine
