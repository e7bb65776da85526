#include "storage/kv_rocks/pinning_tables.h"

#include <utility>

namespace twingraph::kv_rocks {
namespace {

// Of the cache: write buffers, which are charged to it too, take up to a
// quarter; the other quarter is for what is held here.
constexpr size_t kMostHeld = 2;

class PinningTableFactory final : public rocksdb::TableFactory {
 public:
  explicit PinningTableFactory(const rocksdb::BlockBasedTableOptions& options)
      : cache_(options.block_cache),
        plain_(rocksdb::NewBlockBasedTableFactory(options)),
        pinning_(rocksdb::NewBlockBasedTableFactory(Pinning(options))) {}

  const char* Name() const override { return "twingraph.PinningTables"; }

  // What RocksDB asks of a table factory beyond its two methods.
  const rocksdb::Customizable* Inner() const override { return plain_.get(); }

  using rocksdb::TableFactory::NewTableReader;

  rocksdb::Status NewTableReader(
      const rocksdb::ReadOptions& read,
      const rocksdb::TableReaderOptions& options,
      std::unique_ptr<rocksdb::RandomAccessFileReader>&& file,
      uint64_t file_size, std::unique_ptr<rocksdb::TableReader>* reader,
      bool prefetch) const override {
    const bool fits =
        cache_->GetPinnedUsage() < cache_->GetCapacity() / kMostHeld;
    return (fits ? pinning_ : plain_)
        ->NewTableReader(read, options, std::move(file), file_size, reader,
                         prefetch);
  }

  rocksdb::TableBuilder* NewTableBuilder(
      const rocksdb::TableBuilderOptions& options,
      rocksdb::WritableFileWriter* file) const override {
    return plain_->NewTableBuilder(options, file);
  }

  bool IsDeleteRangeSupported() const override { return true; }

 private:
  static rocksdb::BlockBasedTableOptions Pinning(
      rocksdb::BlockBasedTableOptions options) {
    options.metadata_cache_options.unpartitioned_pinning =
        rocksdb::PinningTier::kAll;
    return options;
  }

  const std::shared_ptr<rocksdb::Cache> cache_;
  const std::unique_ptr<rocksdb::TableFactory> plain_;
  const std::unique_ptr<rocksdb::TableFactory> pinning_;
};

}  // namespace

std::shared_ptr<rocksdb::TableFactory> NewPinningTableFactory(
    const rocksdb::BlockBasedTableOptions& options) {
  return std::make_shared<PinningTableFactory>(options);
}

}  // namespace twingraph::kv_rocks
