#pragma once

// Values of properties that are no elements: strings, numbers, booleans and
// texts by language, in all the forms that JSON-LD gives them ("x", ["x"],
// {"@value": "x", "@type": "xsd:string"}). Sources: DTDL.v4.md "Representation
// of literals", "Localizable strings". Not thread-safe.

#include "absl/strings/string_view.h"

#include "server/dtdl/json_tree.h"
#include "server/dtdl/metamodel.h"
#include "server/dtdl/model.h"
#include "server/dtdl/problems.h"

namespace twingraph::dtdl {

// Where a literal stands, for its diagnostics.
struct LiteralPlace {
  Problems& problems;
  absl::string_view element;   // id
  absl::string_view property;  // term
  int version = 0;             // of DTDL

  // False, so that a check can end with it.
  bool Report(absl::string_view rule, const JsonNode& node,
              absl::string_view message) const;
};

// The JSON string, number or boolean that `member` stands for; null with a
// report where it has not the form of `kind`, and null without where it is an
// empty array. REQUIRES: kind is neither kElement nor kLanguageString.
const JsonNode* ReadLiteral(const JsonNode& member, PropertyKind kind,
                            const LiteralPlace& place);

// Checks a text by language; longest text `limit` characters.
void CheckLanguageText(const JsonNode& member, int limit,
                       const LiteralPlace& place);

// The texts of a value that CheckLanguageText has nothing against.
LanguageMap ReadLanguageText(const JsonNode& member);

// Is the token an integer without fraction and exponent, of 32 bits?
bool IsIntegerToken(absl::string_view token);

// Length in UTF-16 units, which is what DTDL's limits count. REQUIRES: UTF-8.
int LengthOf(absl::string_view text);

}  // namespace twingraph::dtdl
