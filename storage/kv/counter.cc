#include "storage/kv/counter.h"

#include "storage/kv/fixed_int.h"

namespace twingraph::kv {

std::string EncodeCounter(int64_t number) {
  std::string value;
  AppendFixed64(static_cast<uint64_t>(number), value);
  return value;
}

std::optional<int64_t> DecodeCounter(absl::string_view value) {
  if (value.size() != sizeof(int64_t)) {
    return std::nullopt;
  }
  return static_cast<int64_t>(ReadFixed64(value.data()));
}

int64_t AddWrapping(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) +
                              static_cast<uint64_t>(b));
}

}  // namespace twingraph::kv
