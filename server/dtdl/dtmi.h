#pragma once

// Digital twin model identifiers: "dtmi:" segments, and an optional version
// behind ";". Rules: opendigitaltwins-dtdl, DTMI/README.md, and the lengths and
// version forms of each DTDL version. Pure.

#include <compare>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace twingraph::dtdl {

// The version behind a DTMI. None sorts below every other one; a missing minor
// counts as 0.
struct ModelVersion {
  int major = 0;  // 0: no version
  int minor = 0;

  friend auto operator<=>(const ModelVersion&, const ModelVersion&) = default;
};

// A DTMI in its parts.
struct Dtmi {
  std::string path;  // "dtmi:demo:Room", without version
  ModelVersion version;
  bool has_minor = false;
  bool is_system = false;  // a segment begins with "_"

  bool has_version() const { return version.major > 0; }
};

// Longest DTMI of an Interface, and of anything else that a user names.
inline constexpr size_t kMaxInterfaceIdBytes = 128;
inline constexpr size_t kMaxDtmiBytes = 2048;

// Reads a DTMI by its grammar (segments; major of 1 to 9 digits, minor of 1 to
// 6, no leading zeros); nullopt for anything else, fragments among them.
std::optional<Dtmi> ParseDtmi(absl::string_view text);

// Is it a DTMI, with or without a fragment behind "#"? A fragment is a segment.
// Fragments are of the grammar, but not allowed in the ids of models.
bool IsDtmiText(absl::string_view text);

}  // namespace twingraph::dtdl
