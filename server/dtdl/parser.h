#pragma once

// From DTDL text to interfaces: a whole set at once, in any order, with every
// problem of every document. Pure; safe from any thread.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "server/dtdl/diagnostic.h"
#include "server/dtdl/model.h"

namespace twingraph::dtdl {

// Finds an interface that is known apart from the set; null if it is not.
using InterfaceLookup =
    absl::FunctionRef<std::shared_ptr<const Interface>(absl::string_view id)>;

// What to do with a context of an extension that is not known here, its
// co-types and its properties.
enum class UndefinedExtensions {
  kByVersion,  // accept in DTDL 2, refuse in DTDL 3 and 4
  kAllow,
  kDisallow,
};

struct ParseOptions {
  UndefinedExtensions undefined_extensions = UndefinedExtensions::kByVersion;
  // Documents of a newer DTDL version are refused.
  int max_dtdl_version = 4;
  // Limit contexts, without version, that a document may choose in place of
  // DTDL's own limits: "dtmi:dtdl:limits:onvif".
  std::vector<std::string> acceptable_limits = {};
  // May an interface be defined inside another, where that extends it or has it
  // as a component? The language allows it; a store, where each model stands
  // for itself, does not.
  bool allow_inline_interfaces = false;
  // Asked now and then while a set is read and checked; false ends that.
  // Empty: never ends.
  std::function<bool()> keep_going = {};
};

// An interface that the set needs and that is nowhere.
struct MissingReference {
  std::string model;    // who needs it
  std::string missing;  // its id
  // Where the first reference stands; its rule is "missingDependency".
  Diagnostic place;
};

struct ParsedModels {
  // The interfaces in the order of the documents. Those that have problems may
  // be incomplete.
  std::vector<std::shared_ptr<const Interface>> interfaces;
  // Index of the document of each interface.
  std::vector<int> documents;
  // At most 20,000.
  std::vector<Diagnostic> diagnostics;
  std::vector<MissingReference> missing;
  // False: `keep_going` ended the work, and all of the above is empty.
  bool is_complete = true;

  // May the set be stored?
  bool ok() const {
    return is_complete && diagnostics.empty() && missing.empty();
  }
};

// Parses documents, each one interface or an array of them, and checks them by
// themselves, with each other and with the interfaces that `stored` knows,
// which are taken to be valid. A document may refer to an interface that is
// nowhere: that is a missing reference, not a diagnostic.
ParsedModels ParseModels(absl::Span<const std::string> documents,
                         InterfaceLookup stored,
                         const ParseOptions& options = {});

// A content of an interface, its own or an inherited one.
struct EffectiveContent {
  const Content* content = nullptr;
  // The interface that declares it.
  const Interface* declared_in = nullptr;
};

// All interfaces that `interface` extends, at any distance, each once, nearest
// first. Unknown ones are left out.
std::vector<std::shared_ptr<const Interface>> AncestorsOf(
    const Interface& interface, InterfaceLookup lookup);

// The contents of an interface and of all that it extends, sorted by name.
// Pointers live as long as the interfaces.
std::vector<EffectiveContent> EffectiveContents(
    const Interface& interface,
    absl::Span<const std::shared_ptr<const Interface>> ancestors);

}  // namespace twingraph::dtdl
