// Covered by tests/conformance/kv.
#include "storage/kv_rocks/history_filter.h"

#include <string>

#include "storage/kv/history_entry.h"

namespace twingraph::kv_rocks {
namespace {

class HistoryFilter final : public rocksdb::CompactionFilter {
 public:
  explicit HistoryFilter(kv::Revision floor) : floor_(floor) {}

  const char* Name() const override { return "twingraph.HistoryFilter"; }

  bool Filter(int /*level*/, const rocksdb::Slice& key,
              const rocksdb::Slice& /*value*/, std::string* /*new_value*/,
              bool* /*value_changed*/) const override {
    return key.size() > kv::kHistoryRevisionBytes &&
           kv::HistoryRevision({key.data(), key.size()}) <= floor_;
  }

 private:
  const kv::Revision floor_;
};

}  // namespace

std::unique_ptr<rocksdb::CompactionFilter>
HistoryFilterFactory::CreateCompactionFilter(
    const rocksdb::CompactionFilter::Context& /*context*/) {
  return std::make_unique<HistoryFilter>(floor_.load());
}

}  // namespace twingraph::kv_rocks
