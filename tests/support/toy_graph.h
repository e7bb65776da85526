#pragma once

// A graph in containers, as the query layer reads one: small, obvious, and able
// to lie about its statistics, so that a test can drive the planner anywhere.
// Filled first, then read; reading is safe from any thread.

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

#include "server/query/graph_view.h"
#include "server/query/schema.h"
#include "storage/value/value.h"

namespace twingraph::query {

struct ToyOptions {
  // False: no property index at all.
  bool has_index = true;
  // False: ranges also give twins that merely have the property.
  bool is_index_exact = true;
  // Not 0: estimates are made up from this seed, and none is exact.
  uint64_t estimate_seed = 0;
};

class ToyGraph final : public GraphView, public GraphStatistics, public Schema {
 public:
  ToyGraph();

  // --- Filling ---

  void AddModel(const std::string& id, const std::vector<std::string>& bases);
  // REQUIRES: the model was added. Properties named in `components` are
  // components.
  void AddTwin(const std::string& id, const std::string& model,
               const Value& contents, absl::Time time = absl::UnixEpoch());
  // REQUIRES: both twins were added.
  void AddRelationship(const std::string& source, const std::string& id,
                       const std::string& name, const std::string& target,
                       const Value& contents = Value::MakeMap());
  // Adds what the lines of tests/golden/query/fixture.ndjson say.
  void AddLines(const std::vector<std::string>& lines);

  std::set<std::string> components;
  ToyOptions options;

  // --- All there is, for who walks it by hand ---

  size_t twin_count() const { return twins_.size(); }

  TwinDocument document(TwinNumber twin) const;
  ModelNumber model(TwinNumber twin) const;

  const std::vector<EdgeRef>& edges() const { return edges_; }

  RelationshipDocument document(const EdgeRef& edge) const;
  // kNoName where no relationship has it.
  NameNumber name(absl::string_view text) const;

  // --- Schema ---

  ModelSet ModelsOf(absl::string_view dtmi, bool is_exact) const override;

  // --- GraphStatistics ---

  Cardinality CountTwins() const override;
  Cardinality CountTwinsOfModel(ModelNumber model) const override;
  Cardinality CountRelationships(NameNumber name) const override;
  std::optional<Cardinality> CountProperty(
      const PropertyRange& range) const override;

  // --- GraphView ---

  const GraphStatistics& statistics() const override { return *this; }

  absl::Status FindTwins(const Context& ctx, absl::Span<const std::string> ids,
                         std::vector<TwinNumber>& numbers) const override;
  absl::StatusOr<NameNumber> FindRelationshipName(
      const Context& ctx, absl::string_view name) const override;
  absl::Status ReadTwins(const Context& ctx,
                         absl::Span<const TwinNumber> numbers, TwinParts parts,
                         std::vector<TwinDocument>& documents) const override;
  absl::Status ReadModels(const Context& ctx,
                          absl::Span<const TwinNumber> numbers,
                          std::vector<ModelNumber>& models) const override;
  absl::Status ReadRelationships(
      const Context& ctx, absl::Span<const EdgeRef> edges,
      std::vector<RelationshipDocument>& documents) const override;
  absl::Status ScanTwins(const Context& ctx, TwinNumber after, size_t limit,
                         std::vector<TwinNumber>& numbers) const override;
  absl::Status ScanTwinsOfModel(
      const Context& ctx, ModelNumber model, TwinNumber after, size_t limit,
      std::vector<TwinNumber>& numbers) const override;
  absl::Status ScanProperty(const Context& ctx, const PropertyRange& range,
                            size_t limit, std::string& cursor,
                            PropertyBatch& batch) const override;
  absl::Status Expand(const Context& ctx, const ExpandRequest& request,
                      size_t limit, ExpandPosition& position,
                      std::vector<ExpandedEdge>& edges) const override;
  absl::Status ScanRelationships(const Context& ctx, NameNumber name,
                                 const EdgeRef& after, size_t limit,
                                 std::vector<EdgeRef>& edges) const override;

 private:
  struct Model {
    std::string id;
    std::set<std::string> kinds;  // itself and all that it extends
  };

  struct Bytes {
    std::string etag;
    std::string contents;
    std::string metadata;
    std::string component_metadata;
  };

  struct Twin {
    std::string id;
    ModelNumber model = 0;
    absl::Time time;
    std::shared_ptr<const Bytes> bytes;
  };

  struct Relationship {
    std::string id;
    std::shared_ptr<const Bytes> bytes;
  };

  Cardinality Count(uint64_t value, uint64_t key) const;
  // The twins of a range in the order of the index.
  std::vector<TwinNumber> InRange(const PropertyRange& range) const;

  std::vector<Model> models_;  // number - 1
  std::vector<Twin> twins_;    // number - 1
  std::map<std::string, TwinNumber> twin_numbers_;
  std::vector<std::string> names_;  // number - 1
  std::vector<EdgeRef> edges_;      // sorted
  std::map<EdgeRef, Relationship> relationships_;
};

}  // namespace twingraph::query
