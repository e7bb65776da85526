#pragma once

// The steps of ParseModels: documents to elements, references to what they
// name, rules, interfaces. One use; not thread-safe.

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"

#include "server/dtdl/context.h"
#include "server/dtdl/element.h"
#include "server/dtdl/element_reader.h"
#include "server/dtdl/pace.h"
#include "server/dtdl/parser.h"
#include "server/dtdl/problems.h"

namespace twingraph::dtdl {

class ModelSet {
 public:
  // `options` and what `stored` refers to outlive this.
  ModelSet(InterfaceLookup stored, const ParseOptions& options)
      : stored_(stored),
        options_(options),
        pace_(options.keep_going),
        contexts_(options, problems_),
        reader_(contexts_, problems_, elements_) {}

  // Reads document number `index`; `text` outlives this.
  void ReadDocument(int index, absl::string_view text);
  // Finds what references name, reading stored interfaces on the way.
  void Resolve();
  void Check();
  ParsedModels Finish() &&;

 private:
  void ResolveValue(Element& element, PropertyValue& value);
  Element* ReadStored(absl::string_view id);
  void NoteMissing(const Element& element, const PropertyValue& value);

  InterfaceLookup stored_;
  const ParseOptions& options_;
  Pace pace_;
  Problems problems_;
  ContextReader contexts_;
  ElementSet elements_;
  ElementReader reader_;
  // By Element::document; stored interfaces' after those of the set.
  std::vector<std::unique_ptr<JsonDocument>> documents_;
  std::vector<std::shared_ptr<const Interface>> stored_models_;
  absl::flat_hash_set<std::string> missing_ids_;
  std::vector<MissingReference> missing_;
  std::vector<Diagnostic> syntax_errors_;
};

}  // namespace twingraph::dtdl
