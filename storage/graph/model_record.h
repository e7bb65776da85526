#pragma once

// A stored model, and its document. Plain value.
//
// Stored form (space `model`), an encoded map (value_codec.h); frozen, golden
// test record_golden_test:
//
//   {"n": number, "i": id, "t": upload time in nanoseconds since 1970,
//    "d": decommissioned, "r": [ids of the models that it needs],
//    "x": decommission time likewise; only where it is decommissioned}
//
// Document (space `model_text`): format:1 then the text; format 0: as it is,
// 1: compressed by zstd, with its length:4 (little endian) before.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "storage/graph/number.h"

namespace twingraph::graph {

struct ModelRecord {
  std::string id = {};  // DTMI
  ModelNumber number{};
  absl::Time upload_time = {};
  // Since when no new twins may have it; nullopt while they may.
  std::optional<absl::Time> decommission_time = {};
  // The models that it extends or has as components.
  std::vector<std::string> dependencies = {};
  // The commit that wrote this state; 0: a transaction's own write.
  Revision revision = 0;

  bool is_decommissioned() const { return decommission_time.has_value(); }
};

std::string EncodeModelRecord(const ModelRecord& record);

// Errors: DATA_LOSS / STORE_CORRUPT.
absl::StatusOr<ModelRecord> DecodeModelRecord(const kv::Row& row);

// Whether a document is compressed by itself.
enum class TextForm {
  kAlone,   // where that makes it smaller
  kInASet,  // only a large one: the commit compresses a set far better than its
            // parts
};

std::string EncodeModelText(absl::string_view text,
                            TextForm form = TextForm::kAlone);

// Errors: DATA_LOSS / STORE_CORRUPT.
absl::StatusOr<std::string> DecodeModelText(absl::string_view bytes);

}  // namespace twingraph::graph
