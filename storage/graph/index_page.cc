// Covered by tests/storage/graph/graph_model_test.cc.
#include "storage/graph/index_page.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph::graph {

absl::Status IndexPage::Read(
    const Context& ctx, const IndexOverlay& index, const PropertyRange& range,
    size_t limit, std::string& cursor,
    absl::FunctionRef<absl::Status(absl::string_view key,
                                   absl::string_view value)>
        take) const {
  kv::Range keys = KeysOf(range, prefix);
  if (!cursor.empty()) {
    const std::string last = prefix + cursor;
    if (!keys.Contains(last)) {
      return InvalidArgument(v1::ERROR_REASON_INVALID_PAGE_TOKEN,
                             "the position is not one of this range",
                             {{"token", "cursor"}});
    }
    keys = kv::Range::After(keys, last);
  }
  cursor.clear();
  if (keys.IsEmpty()) {
    return absl::OkStatus();
  }
  size_t count = 0;
  std::string last;
  return index.Scan(ctx, space, keys,
                    [&](absl::string_view key,
                        absl::string_view value) -> absl::StatusOr<bool> {
                      if (count == limit) {
                        cursor = last.substr(prefix.size());
                        return false;
                      }
                      RETURN_IF_ERROR(take(key, value));
                      last = std::string(key);
                      ++count;
                      return true;
                    });
}

}  // namespace twingraph::graph
