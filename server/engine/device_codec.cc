#include "server/engine/device_codec.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "server/engine/time_text.h"
#include "server/query/row.h"

namespace twingraph::engine {
namespace {

void SetText(absl::string_view name, absl::string_view text, Value& out) {
  if (!text.empty()) {
    out.Set(name, Value::String(text));
  }
}

void SetTime(absl::string_view name, absl::Time time, Value& out) {
  if (time != absl::InfinitePast()) {
    out.Set(name, Value::String(query::FormatQueryTime(time)));
  }
}

void SetPath(absl::string_view name, const std::vector<std::string>& path,
             Value& out) {
  if (path.empty()) {
    return;
  }
  Value::List parts;
  for (const std::string& part : path) {
    parts.push_back(Value::String(part));
  }
  out.Set(name, Value::MakeList(std::move(parts)));
}

Value EncodeConnection(const Connection& connection) {
  Value out = Value::MakeMap();
  SetText("state", FormatConnectionState(connection.state), out);
  if (connection.state != ConnectionState::kUnknown) {
    SetText("confidence", FormatConfidence(connection.confidence), out);
  }
  SetTime("since", connection.since, out);
  SetText("reason", connection.reason, out);
  return out;
}

std::string TextOf(ValueView map, absl::string_view name) {
  const ValueView text = map.Find(name);
  return text.is_defined() ? std::string(text.as_string()) : "";
}

absl::Time TimeOf(ValueView map, absl::string_view name) {
  return ParseTime(TextOf(map, name)).value_or(absl::InfinitePast());
}

std::vector<std::string> PathOf(ValueView map, absl::string_view name) {
  std::vector<std::string> path;
  const ValueView parts = map.Find(name);
  const size_t count = parts.is_defined() ? parts.size() : 0;
  path.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    path.emplace_back(parts.at(i).as_string());
  }
  return path;
}

Connection DecodeConnection(ValueView stored) {
  Connection connection;
  if (!stored.is_defined()) {
    return connection;
  }
  connection.state = ParseConnectionState(TextOf(stored, "state"))
                         .value_or(ConnectionState::kUnknown);
  connection.confidence = ParseConfidence(TextOf(stored, "confidence"))
                              .value_or(Confidence::kInferred);
  connection.since = TimeOf(stored, "since");
  connection.reason = TextOf(stored, "reason");
  return connection;
}

}  // namespace

Value EncodeDevice(const DeviceBlock& block) {
  Value out = Value::MakeMap();
  SetText("hub", block.hub, out);
  SetPath("path", block.path, out);
  SetText("generation", block.generation, out);
  SetText("state", FormatBindingState(block.state), out);
  out.Set("connection", EncodeConnection(block.connection));
  if (block.disabled) {
    out.Set("disabled", Value::Bool(/*value=*/true));
  }
  SetText("model", block.announced_model, out);
  SetText("displayName", block.display_name, out);
  if (!block.tags.as_map().empty()) {
    out.Set("tags", block.tags);
  }
  SetPath("gatewayPath", block.gateway_path, out);
  SetTime("lastActivity", block.last_activity, out);
  return out;
}

DeviceBlock DecodeDevice(ValueView stored) {
  DeviceBlock block;
  block.hub = TextOf(stored, "hub");
  block.path = PathOf(stored, "path");
  block.generation = TextOf(stored, "generation");
  block.state = ParseBindingState(TextOf(stored, "state"))
                    .value_or(BindingState::kUnbound);
  block.connection = DecodeConnection(stored.Find("connection"));
  block.disabled = stored.Find("disabled").is_defined();
  block.announced_model = TextOf(stored, "model");
  block.display_name = TextOf(stored, "displayName");
  if (const ValueView tags = stored.Find("tags"); tags.is_defined()) {
    block.tags = DecodeValue(tags);
  }
  block.gateway_path = PathOf(stored, "gatewayPath");
  block.last_activity = TimeOf(stored, "lastActivity");
  return block;
}

}  // namespace twingraph::engine
