#pragma once

// One transaction on a graph: facts, indexes and counters change together, and
// no order of commits leaves a relationship without its ends, a twin without a
// model or a model without what it needs. Given to the function of
// GraphStore::RunTransaction, which may run again, so it keeps no effect
// outside. Not for two threads at a time.
//
// It knows no DTDL: whether contents fit a model is for the layer above.
//
// Errors of every call: those of GraphReader; INVALID_ARGUMENT / LIMIT_EXCEEDED
// for a row past the store's limits. After an error other than the ones named
// at a call the transaction must not be committed.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"

#include "storage/base/context.h"
#include "storage/commit/transaction.h"
#include "storage/graph/graph_reader.h"
#include "storage/graph/index_entries.h"
#include "storage/graph/interner.h"
#include "storage/value/value.h"

namespace twingraph::graph {

// The whole new state of a twin.
struct TwinDraft {
  std::string id = {};
  std::string model = {};  // DTMI
  Value contents = Value::MakeMap();
  // What the layer above keeps about single properties; a map.
  Value metadata = Value::MakeMap();
  // The system block of a proxy twin; a map.
  std::optional<Value> device = {};
};

// The whole new state of a relationship.
struct RelationshipDraft {
  std::string source = {};  // twin id
  std::string id = {};      // unique for its source
  std::string name = {};
  std::string target = {};  // twin id
  Value contents = Value::MakeMap();
};

struct ModelDraft {
  std::string id = {};  // DTMI
  std::string text = {};
  // The models that it extends or has as components.
  std::vector<std::string> dependencies = {};
};

// Whether a write may meet something that is there.
enum class WriteMode {
  kCreate,  // refused where it exists
  kPut,     // replaces what exists
};

// What becomes of the relationships of a twin that is deleted.
enum class DeleteMode { kRefuse, kCascade };

class GraphWriter {
 public:
  // Both are borrowed. For GraphStore.
  GraphWriter(const Parts& parts, commit::Transaction& transaction);
  GraphWriter(const GraphWriter&) = delete;
  GraphWriter& operator=(const GraphWriter&) = delete;

  // What the transaction sees, its own writes among it.
  const GraphReader& reader() const { return reader_; }

  // The time of this run; what is stored as "now".
  absl::Time time() const { return transaction_.time(); }

  // For log payload, causation and result.
  commit::Transaction& transaction() { return transaction_; }

  // --- Twins ---

  // Reads a twin that will be changed: the commit depends on it.
  absl::StatusOr<std::optional<TwinRecord>> FindTwinForUpdate(
      const Context& ctx, absl::string_view id);

  // Errors: NOT_FOUND / TWIN_NOT_FOUND.
  absl::StatusOr<TwinRecord> GetTwinForUpdate(const Context& ctx,
                                              absl::string_view id);

  // Makes a twin with create and update time time().
  // Errors: ALREADY_EXISTS / TWIN_ALREADY_EXISTS; NOT_FOUND / MODEL_NOT_FOUND;
  // FAILED_PRECONDITION / MODEL_DECOMMISSIONED; INVALID_ARGUMENT /
  // LIMIT_EXCEEDED.
  absl::StatusOr<TwinNumber> CreateTwin(const Context& ctx,
                                        const TwinDraft& draft);

  // Gives a twin a new state and the update time time(). Index rows change for
  // the paths whose values differ. REQUIRES: `current` comes from
  // Find/GetTwinForUpdate of this transaction and is the newest; draft.id is
  // its id.
  // Errors: for another model as CreateTwin; LIMIT_EXCEEDED.
  absl::Status UpdateTwin(const Context& ctx, const TwinRecord& current,
                          const TwinDraft& draft);

  // Errors: NOT_FOUND / TWIN_NOT_FOUND; FAILED_PRECONDITION /
  // TWIN_HAS_RELATIONSHIPS with both counts (kRefuse).
  absl::Status DeleteTwin(const Context& ctx, absl::string_view id,
                          DeleteMode mode = DeleteMode::kRefuse);

  // --- Relationships ---

  // Makes a relationship or, with kPut, replaces one. One whose name or target
  // changes becomes another one under its id.
  // Errors: NOT_FOUND / TWIN_NOT_FOUND (source), TARGET_TWIN_NOT_FOUND;
  // ALREADY_EXISTS / RELATIONSHIP_ALREADY_EXISTS (kCreate).
  absl::StatusOr<RelationshipNumber> PutRelationship(
      const Context& ctx, const RelationshipDraft& draft, WriteMode mode);

  // Reads a relationship that will be changed: the commit depends on it.
  // Errors: NOT_FOUND / TWIN_NOT_FOUND, RELATIONSHIP_NOT_FOUND.
  absl::StatusOr<RelationshipRecord> GetRelationshipForUpdate(
      const Context& ctx, absl::string_view source, absl::string_view id);

  // Errors: NOT_FOUND / TWIN_NOT_FOUND, RELATIONSHIP_NOT_FOUND.
  absl::Status DeleteRelationship(const Context& ctx, absl::string_view source,
                                  absl::string_view id);

  // --- Models ---

  // Stores models with the upload time time(); they may need each other.
  // Returns their numbers in order. A model that was deleted gets its number
  // again, so its twins belong to it.
  // Errors: ALREADY_EXISTS / MODEL_ALREADY_EXISTS; INVALID_ARGUMENT /
  // MODEL_DEPENDENCY_MISSING; LIMIT_EXCEEDED.
  absl::StatusOr<std::vector<ModelNumber>> CreateModels(
      const Context& ctx, absl::Span<const ModelDraft> drafts);

  // Reads a model that will be changed: the commit depends on it.
  // Errors: NOT_FOUND / MODEL_NOT_FOUND.
  absl::StatusOr<ModelRecord> GetModelForUpdate(const Context& ctx,
                                                absl::string_view id);

  // Closes a model to new twins as of time(), or opens it again. One that is so
  // already stays as it is.
  // Errors: NOT_FOUND / MODEL_NOT_FOUND.
  absl::Status SetDecommissioned(const Context& ctx, absl::string_view id,
                                 bool is_decommissioned);

  // Errors: NOT_FOUND / MODEL_NOT_FOUND; FAILED_PRECONDITION / MODEL_IN_USE
  // with the first users while models need it, hubs have it as their default
  // model or twins are of it.
  absl::Status DeleteModel(const Context& ctx, absl::string_view id);

  // --- Hubs ---

  // Errors: ALREADY_EXISTS / HUB_ALREADY_EXISTS (kCreate); NOT_FOUND /
  // MODEL_NOT_FOUND for its default model.
  absl::Status PutHub(const Context& ctx, const HubRecord& hub, WriteMode mode);

  // Removes a hub with its progress and the records of its devices, not their
  // twins. Errors: NOT_FOUND / HUB_NOT_FOUND.
  absl::Status DeleteHub(const Context& ctx, absl::string_view id);

  // Errors: NOT_FOUND / HUB_NOT_FOUND.
  absl::Status PutHubProgress(const Context& ctx, absl::string_view hub,
                              const HubProgress& progress);

  // Reads a device that will be changed: the commit depends on it.
  absl::StatusOr<std::optional<DeviceRecord>> FindDeviceForUpdate(
      const Context& ctx, absl::string_view hub,
      absl::Span<const std::string> path);

  // Errors: NOT_FOUND / HUB_NOT_FOUND; LIMIT_EXCEEDED for too long a path.
  absl::Status PutDevice(const Context& ctx, const DeviceRecord& device);

  // Removes the record, not the twin; an absent one is fine.
  absl::Status DeleteDevice(const Context& ctx, absl::string_view hub,
                            absl::Span<const std::string> path);

  // --- Indexes ---

  // Adds the index rows of a fact that is there for paths that were not indexed
  // before; for index_build. An absent twin is fine.
  absl::Status AddIndexRows(const Context& ctx, TwinNumber twin);
  absl::Status AddIndexRows(const Context& ctx, const Edge& edge);

 private:
  // The number of a twin, which the commit then depends on being there or not.
  absl::StatusOr<std::optional<TwinNumber>> FindNumberForUpdate(
      const Context& ctx, absl::string_view id);
  absl::StatusOr<std::optional<TwinRecord>> ReadTwinForUpdate(
      const Context& ctx, TwinNumber twin);
  // A model that new twins may have; it stays while the commit is made.
  absl::StatusOr<ModelNumber> UseModel(const Context& ctx,
                                       const std::string& id);
  absl::Status WriteTwin(TwinNumber twin, const TwinRecord::Fields& fields);
  absl::Status WriteTwinIndex(const Context& ctx, TwinNumber twin,
                              const EntryChanges& changes);
  absl::Status ChangeModel(TwinNumber twin, std::optional<ModelNumber> from,
                           std::optional<ModelNumber> to);
  absl::Status DeleteRelationshipsOf(const Context& ctx, TwinNumber twin);
  absl::Status RefuseRelationshipsOf(const Context& ctx,
                                     const TwinRecord& twin);

  absl::StatusOr<RelationshipRecord> ReadForUpdate(const Context& ctx,
                                                   const Edge& edge);
  absl::StatusOr<RelationshipNumber> AddRelationship(
      const Context& ctx, Edge edge, const RelationshipDraft& draft);
  absl::Status UpdateRelationship(const Context& ctx,
                                  const RelationshipRecord& current,
                                  const RelationshipDraft& draft);
  absl::Status RemoveRelationship(const Context& ctx,
                                  const RelationshipRecord& current);
  absl::Status WriteRelationship(const Edge& edge,
                                 const RelationshipDraft& draft,
                                 absl::string_view contents);
  absl::Status WriteRelationshipIndex(const Context& ctx, const Edge& edge,
                                      const EntryChanges& changes);

  absl::StatusOr<ModelNumber> AddModel(const Context& ctx,
                                       const ModelDraft& draft, TextForm form);
  absl::Status AddDependencies(const Context& ctx, const ModelDraft& draft,
                               ModelNumber number);
  absl::Status RefuseUseOf(const Context& ctx, const ModelRecord& model);
  absl::Status RefuseHubsOf(const Context& ctx, const ModelRecord& model);

  absl::Status RequireHub(const Context& ctx, absl::string_view id);
  absl::Status Count(const std::string& counter, int64_t delta);

  const Parts& parts_;
  commit::Transaction& transaction_;
  Interner interner_;
  GraphReader reader_;
};

}  // namespace twingraph::graph
