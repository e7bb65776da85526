#pragma once

// Everything readable of a graph at one revision: the newest, an older one, or
// what a transaction sees. Lists come in pages that continue after a given
// place at the cost of a seek.
//
// Made by GraphStore (safe from any thread; ends before the store does) or by a
// GraphWriter (as its transaction: one thread at a time). A reader that is not
// from OpenSnapshot or a writer pays at its first index scan for finding what
// changed since its revision; after that it is as exact as the others.
//
// Errors of every call: CANCELLED, DEADLINE_EXCEEDED / CALL_ENDED; DATA_LOSS /
// STORE_CORRUPT; UNAVAILABLE / STORE_UNAVAILABLE; OUT_OF_RANGE /
// REVISION_EXPIRED; with ReadTier::kCacheOnly kv::IncompleteError().

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "storage/base/context.h"
#include "storage/commit/reader.h"
#include "storage/graph/expansion.h"
#include "storage/graph/hub_record.h"
#include "storage/graph/model_record.h"
#include "storage/graph/names.h"
#include "storage/graph/number.h"
#include "storage/graph/property_range.h"
#include "storage/graph/relationship_record.h"
#include "storage/graph/twin_record.h"

namespace twingraph::graph {

struct Parts;
class IndexOverlay;
class Interner;

// Some twins of an index.
struct TwinBatch {
  std::vector<TwinNumber> twins;
  // False: some may be out of the range, so the caller looks.
  bool is_exact = true;
};

// Some relationships of an index.
struct EdgeBatch {
  std::vector<Edge> edges;
  bool is_exact = true;
};

class GraphReader {
 public:
  // Reads through `reader`, which it owns. For GraphStore.
  GraphReader(const Parts& parts, std::unique_ptr<commit::Reader> reader,
              bool has_exact_indexes);
  // Reads through a transaction, with the names that it gave; both borrowed.
  // For GraphWriter.
  GraphReader(const Parts& parts, const commit::Reader& transaction,
              const Interner& interner);
  ~GraphReader();
  GraphReader(const GraphReader&) = delete;
  GraphReader& operator=(const GraphReader&) = delete;

  // --- State ---

  Revision revision() const { return reader_->revision(); }

  const commit::Head& head() const { return reader_->head(); }

  // --- Twins ---

  // nullopt where there is no such twin. One store read, or none for a twin
  // that was read lately.
  absl::StatusOr<std::optional<TwinRecord>> FindTwin(
      const Context& ctx, absl::string_view id) const;

  // Errors: NOT_FOUND / TWIN_NOT_FOUND.
  absl::StatusOr<TwinRecord> GetTwin(const Context& ctx,
                                     absl::string_view id) const;

  // In the order of `twins`, which may repeat.
  absl::StatusOr<std::vector<std::optional<TwinRecord>>> GetTwins(
      const Context& ctx, absl::Span<const TwinNumber> twins) const;

  // The numbers of ids, in their order. From memory for most.
  absl::StatusOr<std::vector<std::optional<TwinNumber>>> ResolveTwins(
      const Context& ctx, absl::Span<const std::string> ids) const;

  // The ids of numbers, in their order; empty where there is no such twin.
  // Reads the twins.
  absl::StatusOr<std::vector<std::string>> IdsOf(
      const Context& ctx, absl::Span<const TwinNumber> twins) const;

  // The models of twins, in their order; 0 where there is no such twin. From
  // memory where the revision allows, and then not 0 for a twin that was
  // deleted or made since.
  absl::StatusOr<std::vector<ModelNumber>> ModelsOf(
      const Context& ctx, absl::Span<const TwinNumber> twins) const;

  // Up to `limit` twins with ids behind `after` in byte order of ids, only
  // those of `models` unless that is empty. Fewer only at the end.
  absl::StatusOr<std::vector<TwinRecord>> ListTwins(
      const Context& ctx, absl::string_view after, size_t limit,
      absl::Span<const ModelNumber> models = {}) const;

  // Up to `limit` twins whose ids begin with `prefix`, behind the id `after`,
  // which moves to the last one's; by id. Fewer only at the end.
  absl::StatusOr<std::vector<TwinNumber>> ScanTwinIds(const Context& ctx,
                                                      absl::string_view prefix,
                                                      std::string& after,
                                                      size_t limit) const;

  // Up to `limit` twins above `after` in order of numbers; fewer only at the
  // end.
  absl::StatusOr<std::vector<TwinNumber>> ScanTwins(const Context& ctx,
                                                    TwinNumber after,
                                                    size_t limit) const;

  // ScanTwins over the twins whose own model is `model`.
  absl::StatusOr<std::vector<TwinNumber>> ScanTwinsOfModel(const Context& ctx,
                                                           ModelNumber model,
                                                           TwinNumber after,
                                                           size_t limit) const;

  // Are all indexes whole that the graph has? Else some are being built.
  bool AreIndexesBuilt() const;

  // Is every value of the path in the index? Then ScanProperty may be asked.
  bool IsIndexed(absl::Span<const std::string> path) const;

  // Replaces `batch` by up to `limit` twins of a range in order of values and
  // numbers, from `cursor` on, and moves `cursor` behind them; empty means from
  // the start, and empty afterwards means the end. REQUIRES: IsIndexed.
  // Errors: INVALID_ARGUMENT / INVALID_PAGE_TOKEN for a cursor that this range
  // never gave.
  absl::Status ScanProperty(const Context& ctx, const PropertyRange& range,
                            size_t limit, std::string& cursor,
                            TwinBatch& batch) const;

  // --- Relationships ---

  // nullopt where the source has none of this id.
  absl::StatusOr<std::optional<RelationshipRecord>> FindRelationshipOf(
      const Context& ctx, TwinNumber source, absl::string_view id) const;

  // nullopt where source or relationship are absent.
  absl::StatusOr<std::optional<RelationshipRecord>> FindRelationship(
      const Context& ctx, absl::string_view source, absl::string_view id) const;

  // Errors: NOT_FOUND / TWIN_NOT_FOUND, RELATIONSHIP_NOT_FOUND.
  absl::StatusOr<RelationshipRecord> GetRelationship(
      const Context& ctx, absl::string_view source, absl::string_view id) const;

  // In the order of `edges`, of which source and number count.
  absl::StatusOr<std::vector<std::optional<RelationshipRecord>>>
  GetRelationships(const Context& ctx, absl::Span<const Edge> edges) const;

  // Up to `limit` relationships of `source` behind the relationship id `after`
  // in byte order of ids; only those called `name` unless it is empty. Fewer
  // only at the end.
  absl::StatusOr<std::vector<RelationshipRecord>> ListOutgoing(
      const Context& ctx, TwinNumber source, absl::string_view name,
      absl::string_view after, size_t limit) const;

  // Up to `limit` relationships that point to `target` behind the edge `after`
  // (nullopt: from the first) in the order of Expand; only those called `name`
  // unless it is empty. Fewer only at the end.
  absl::StatusOr<std::vector<RelationshipRecord>> ListIncoming(
      const Context& ctx, TwinNumber target, absl::string_view name,
      const std::optional<Edge>& after, size_t limit) const;

  // See Expander.
  absl::Status Expand(const Context& ctx, const ExpandRequest& request,
                      size_t limit, ExpandPosition& position,
                      std::vector<ExpandedEdge>& edges) const;

  // Relationships of a twin in one direction, of all names or of one. Costs a
  // scan of them; counting ends at `limit`.
  absl::StatusOr<size_t> Degree(const Context& ctx, TwinNumber twin,
                                Direction direction,
                                std::optional<NameNumber> name,
                                size_t limit = SIZE_MAX) const;

  // Up to `limit` relationships above `after` in the order of Edge, of one name
  // or (0) of all; fewer only at the end.
  absl::StatusOr<std::vector<Edge>> ScanRelationships(const Context& ctx,
                                                      NameNumber name,
                                                      const Edge& after,
                                                      size_t limit) const;

  // ScanProperty over the properties of the relationships of one name.
  absl::Status ScanRelationshipProperty(const Context& ctx, NameNumber name,
                                        const PropertyRange& range,
                                        size_t limit, std::string& cursor,
                                        EdgeBatch& batch) const;

  // --- Names ---

  // 0 for a model id that no model ever had.
  ModelNumber FindModelNumber(absl::string_view id) const;

  // 0 for a name that no relationship ever had.
  NameNumber FindNameNumber(absl::string_view name) const;

  // The DTMI of a model number, empty for one never given. Lives as long as the
  // store; for a name that a transaction gave, as long as its writer.
  absl::string_view ModelIdOf(ModelNumber model) const;

  // Likewise for a relationship name.
  absl::string_view NameOf(NameNumber name) const;

  // --- Models ---

  absl::StatusOr<std::optional<ModelRecord>> FindModel(
      const Context& ctx, absl::string_view id) const;

  // Errors: NOT_FOUND / MODEL_NOT_FOUND.
  absl::StatusOr<ModelRecord> GetModel(const Context& ctx,
                                       absl::string_view id) const;

  // The documents of models, in their order; empty where there is none.
  absl::StatusOr<std::vector<std::string>> GetModelTexts(
      const Context& ctx, absl::Span<const ModelNumber> models) const;

  // Up to `limit` models with ids behind `after`, in byte order of ids (of
  // their first 512 bytes); fewer only at the end.
  absl::StatusOr<std::vector<ModelRecord>> ListModels(const Context& ctx,
                                                      absl::string_view after,
                                                      size_t limit) const;

  // The models that extend `model` or have it as a component. Exact in writers
  // and snapshots.
  absl::StatusOr<std::vector<ModelNumber>> ReferrersOf(const Context& ctx,
                                                       ModelNumber model) const;

  // --- Hubs ---

  absl::StatusOr<std::optional<HubRecord>> FindHub(const Context& ctx,
                                                   absl::string_view id) const;

  // Errors: NOT_FOUND / HUB_NOT_FOUND.
  absl::StatusOr<HubRecord> GetHub(const Context& ctx,
                                   absl::string_view id) const;

  // By id, behind `after`; fewer only at the end.
  absl::StatusOr<std::vector<HubRecord>> ListHubs(const Context& ctx,
                                                  absl::string_view after,
                                                  size_t limit) const;

  // The newest progress of a hub, whatever the revision of this reader; the
  // default where none was noted.
  absl::StatusOr<HubProgress> GetHubProgress(const Context& ctx,
                                             absl::string_view hub) const;

  absl::StatusOr<std::optional<DeviceRecord>> FindDevice(
      const Context& ctx, absl::string_view hub,
      absl::Span<const std::string> path) const;

  // Devices of a hub in the order of their paths, behind `after` (empty: from
  // the first); fewer only at the end.
  absl::StatusOr<std::vector<DeviceRecord>> ListDevices(
      const Context& ctx, absl::string_view hub,
      absl::Span<const std::string> after, size_t limit) const;

  // --- Counters: exact at this revision, one read each ---

  absl::StatusOr<int64_t> CountTwins(const Context& ctx) const;
  absl::StatusOr<int64_t> CountRelationships(const Context& ctx) const;
  absl::StatusOr<int64_t> CountModels(const Context& ctx) const;
  absl::StatusOr<int64_t> CountHubs(const Context& ctx) const;
  absl::StatusOr<int64_t> CountTwinsOfModel(const Context& ctx,
                                            ModelNumber model) const;
  absl::StatusOr<int64_t> CountRelationshipsOfName(const Context& ctx,
                                                   NameNumber name) const;
  absl::StatusOr<int64_t> CountDevices(const Context& ctx,
                                       absl::string_view hub, int state) const;

  // The rows below, and what the graph holds in memory: for checks.
  const commit::Reader& rows() const { return *reader_; }

  const Parts& parts() const { return parts_; }

 private:
  absl::StatusOr<std::optional<TwinRecord>> ReadTwin(const Context& ctx,
                                                     TwinNumber twin) const;
  absl::StatusOr<std::optional<TwinNumber>> FindNumber(
      const Context& ctx, absl::string_view id) const;
  absl::StatusOr<std::vector<TwinNumber>> OfModels(
      const Context& ctx, const std::vector<TwinNumber>& twins,
      absl::Span<const ModelNumber> models) const;

  const Parts& parts_;
  const std::unique_ptr<commit::Reader> owned_;
  const commit::Reader* const reader_;
  const Names names_;
  // Does the id map hold at least what this reader sees? Not in a transaction.
  const bool memory_is_right_;
  const std::unique_ptr<IndexOverlay> overlay_;
};

// Models as GraphReader::ListModels gives them, through any reader of rows: for
// followers that load before a graph is open.
absl::StatusOr<std::vector<ModelRecord>> ReadModels(
    const Context& ctx, const commit::Reader& reader, absl::string_view after,
    size_t limit);

}  // namespace twingraph::graph
