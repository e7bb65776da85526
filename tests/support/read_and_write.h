#pragma once

// A function for transactions of which every two conflict.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "storage/base/context.h"
#include "storage/commit/transaction.h"
#include "storage/kv/counter.h"
#include "tests/support/kv_engines.h"

namespace twingraph::commit {

// Adds one to a number in a plain row.
inline absl::Status ReadAndWrite(const Context& ctx, absl::string_view key,
                                 Transaction& tx) {
  const auto row = tx.GetForUpdate(ctx, kFacts, key);
  if (!row.ok()) {
    return row.status();
  }
  const int64_t number =
      row->has_value() ? *kv::DecodeCounter((*row)->value) : 0;
  return tx.Put(kFacts, key, kv::EncodeCounter(number + 1));
}

}  // namespace twingraph::commit
