#pragma once

// A step of execution: pulls batches from the step before it. Which rows come,
// and in which order, depends on the plan and the revision only, not on how
// they are cut into batches, so a place in the stream can be named and gone
// back to. One thread at a time.

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "server/query/exec/bindings.h"
#include "server/query/exec/document_cache.h"
#include "server/query/plan/plan.h"

namespace twingraph::query {

// What all steps of an execution work with.
struct ExecutionContext {
  // Rows that a batch of any step aims at: fewer where documents are read and
  // are large, so that those which a condition looked at are there for output.
  size_t StepRows() const { return documents.Capacity(1024); }

  const BoundQuery& query;
  const GraphView& view;
  DocumentCache& documents;
  ExecutionStats& stats;
};

class Operator {
 public:
  virtual ~Operator() = default;

  // Clears `rows` and fills it with the next ones; none are left where it stays
  // empty.
  // Errors: those of the view and of the context.
  virtual absl::Status Next(const Context& ctx, Bindings& rows) = 0;

  // The place from which the coming Next goes on, as bytes.
  virtual std::string Place() const = 0;

  // Goes to a place that Place named. Called before the first Next.
  // Errors: INVALID_PAGE_TOKEN.
  virtual absl::Status GoTo(const Context& ctx, absl::string_view place) = 0;
};

// For each maker: `context` and the part of the plan outlive the step.

// The step that an access names.
std::unique_ptr<Operator> MakeScan(const ExecutionContext& context,
                                   const Access& access);

// Follows a hop over one relationship from the rows of `input`: a row for each.
// In a trail, relationships that the row has already are left out.
std::unique_ptr<Operator> MakeExpand(const ExecutionContext& context,
                                     const Hop& hop,
                                     std::unique_ptr<Operator> input);

// Follows a hop over several relationships: a row for each twin where a trail
// ends, by number, however many trails there are.
std::unique_ptr<Operator> MakeWalk(const ExecutionContext& context,
                                   const Hop& hop,
                                   std::unique_ptr<Operator> input);

// Keeps the rows for which all hops over several relationships can be walked at
// once without using a relationship twice.
std::unique_ptr<Operator> MakeTrailCheck(const ExecutionContext& context,
                                         std::unique_ptr<Operator> input);

// Keeps the rows on which all conjuncts named by `tests` are true.
std::unique_ptr<Operator> MakeFilter(const ExecutionContext& context,
                                     const std::vector<size_t>& tests,
                                     std::unique_ptr<Operator> input);

// A place that is no place.
absl::Status BadPlace();

}  // namespace twingraph::query
