#include "server/engine/device.h"

namespace twingraph::engine {

absl::string_view FormatBindingState(BindingState state) {
  switch (state) {
    case BindingState::kUnbound:
      return "Unbound";
    case BindingState::kAttached:
      return "Attached";
    case BindingState::kDetached:
      return "Detached";
    case BindingState::kConflict:
      return "Conflict";
  }
  return "";
}

absl::string_view FormatConnectionState(ConnectionState state) {
  switch (state) {
    case ConnectionState::kUnknown:
      return "unknown";
    case ConnectionState::kOnline:
      return "online";
    case ConnectionState::kOffline:
      return "offline";
  }
  return "";
}

absl::string_view FormatConfidence(Confidence confidence) {
  switch (confidence) {
    case Confidence::kReported:
      return "reported";
    case Confidence::kInferred:
      return "inferred";
  }
  return "";
}

std::optional<BindingState> ParseBindingState(absl::string_view name) {
  for (const auto state : {BindingState::kUnbound, BindingState::kAttached,
                           BindingState::kDetached, BindingState::kConflict}) {
    if (name == FormatBindingState(state)) {
      return state;
    }
  }
  return std::nullopt;
}

std::optional<ConnectionState> ParseConnectionState(absl::string_view name) {
  for (const auto state : {ConnectionState::kUnknown, ConnectionState::kOnline,
                           ConnectionState::kOffline}) {
    if (name == FormatConnectionState(state)) {
      return state;
    }
  }
  return std::nullopt;
}

std::optional<Confidence> ParseConfidence(absl::string_view name) {
  for (const auto confidence : {Confidence::kReported, Confidence::kInferred}) {
    if (name == FormatConfidence(confidence)) {
      return confidence;
    }
  }
  return std::nullopt;
}

}  // namespace twingraph::engine
