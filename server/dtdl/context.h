#pragma once

// The @context of documents: which DTDL version, limits and extensions apply
// where. Sources: DTDL.v4.md "Context", DTDL.Extensions.md, DTDL.onvif.v1.md.
// A ContextReader is used by one thread; contexts are constant once made.

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "server/dtdl/extension.h"
#include "server/dtdl/json_tree.h"
#include "server/dtdl/metamodel.h"
#include "server/dtdl/parser.h"
#include "server/dtdl/problems.h"

namespace twingraph::dtdl {

// What is in force at one place of a document.
struct Context {
  int version = 0;  // of DTDL; 0 where none was named
  Limits limits = {};
  // Extensions in force, in order; DTDL 2's built-in one first.
  std::vector<const Extension*> extensions;
  // Is a context named that is not known here? Then terms that are not known
  // either may be its.
  bool has_unknown_extension = false;
};

// Limits that documents may choose, without version, where ParseOptions
// accepts them.
std::span<const absl::string_view> NamedLimits();

class ContextReader {
 public:
  // Both outlive this.
  ContextReader(const ParseOptions& options, Problems& problems)
      : options_(options), problems_(problems) {}

  // The context of an object: `parent`'s, changed by its own @context member if
  // it has one. `parent` is null at the top of a document; then null comes back
  // where the object has no usable DTDL context. Lives as long as this.
  const Context* Read(const JsonNode& object, const Context* parent);

 private:
  bool ReadSpecifiers(const JsonNode& member, bool is_top, Context& context);
  bool ReadAll(std::vector<const JsonNode*> nodes, bool is_top,
               Context& context);
  bool ReadDtdl(const JsonNode& node, absl::string_view text,
                const JsonNode* next, Context& context);
  void ReadAffiliate(const JsonNode& node, absl::string_view text,
                     Context& context);
  bool ReadLimits(const JsonNode& node, absl::string_view text,
                  Context& context);
  // False, so that a check can end with it.
  bool Report(absl::string_view rule, const JsonNode& node,
              std::string message);

  const ParseOptions& options_;
  Problems& problems_;
  std::vector<std::unique_ptr<Context>> contexts_;
  // The same text gives the same context: most documents share one.
  absl::flat_hash_map<std::string, const Context*> by_text_;
};

}  // namespace twingraph::dtdl
