#include "server/query/schema.h"

#include <compare>
#include <cstdint>

#include "absl/strings/numbers.h"

namespace twingraph::query {
namespace {

// A DTMI in two parts. An id without a version sorts below all others.
struct ModelId {
  absl::string_view path;
  int64_t major = -1;
  int64_t minor = 0;
};

int64_t NumberOrZero(absl::string_view digits) {
  int64_t number = 0;
  return absl::SimpleAtoi(digits, &number) ? number : 0;
}

ModelId SplitModelId(absl::string_view dtmi) {
  const size_t semicolon = dtmi.find(';');
  if (semicolon == absl::string_view::npos) {
    return {dtmi};
  }
  const absl::string_view version = dtmi.substr(semicolon + 1);
  const size_t dot = version.find('.');
  if (dot == absl::string_view::npos) {
    return {dtmi.substr(0, semicolon), NumberOrZero(version)};
  }
  return {dtmi.substr(0, semicolon), NumberOrZero(version.substr(0, dot)),
          NumberOrZero(version.substr(dot + 1))};
}

}  // namespace

bool IsModelOrNewer(absl::string_view model, absl::string_view wanted) {
  const ModelId a = SplitModelId(model);
  const ModelId b = SplitModelId(wanted);
  if (a.path != b.path) {
    return false;
  }
  return a.major != b.major ? a.major > b.major : a.minor >= b.minor;
}

}  // namespace twingraph::query
