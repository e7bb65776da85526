#include "client/cli/output/count.h"

#include "absl/strings/str_cat.h"

namespace twingraph::cli {

std::string Count(uint64_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

}  // namespace twingraph::cli
