// Covered by tests/server/dtdl/parser_test.cc.
#include "server/dtdl/model_set.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/model_builder.h"
#include "server/dtdl/term.h"
#include "server/dtdl/validator/validator.h"
#include "storage/base/status.h"

namespace twingraph::dtdl {
namespace {

Diagnostic SyntaxError(int index, const absl::Status& status) {
  Diagnostic diagnostic;
  diagnostic.rule = "notJson";
  diagnostic.document = index;
  diagnostic.message = std::string(status.message());
  if (!absl::SimpleAtoi(MetadataOf(status, "line"), &diagnostic.line) ||
      !absl::SimpleAtoi(MetadataOf(status, "column"), &diagnostic.column)) {
    diagnostic.line = 1;
    diagnostic.column = 1;
  }
  return diagnostic;
}

// An id that only the language or a partner could define.
bool IsReservedReference(absl::string_view id) {
  return absl::StartsWith(id, "dtmi:dtdl:") ||
         absl::StartsWith(id, "dtmi:standard:") ||
         absl::StartsWith(id, "dtmi:iotcentral:") ||
         absl::StartsWith(id, "dtmi:iotoperations:");
}

// Values of a property are a set (JSON-LD 1.1, "Sets and lists"): an element
// that is referred to beside its definition, or twice, is one value.
void DropRepeats(Element& element) {
  absl::flat_hash_set<std::pair<const PropertyRule*, const Element*>> known;
  const auto is_repeat = [&](const PropertyValue& value) {
    return value.rule != nullptr && value.rule->is_plural &&
           value.element != nullptr &&
           !known.insert({value.rule, value.element}).second;
  };
  element.values.erase(
      std::remove_if(element.values.begin(), element.values.end(), is_repeat),
      element.values.end());
}

}  // namespace

void ModelSet::ReadDocument(int index, absl::string_view text) {
  if (!pace_.GoesOn()) {
    return;
  }
  documents_.push_back(std::make_unique<JsonDocument>());
  JsonDocument& document = *documents_.back();
  if (const absl::Status status = document.Parse(text); !status.ok()) {
    syntax_errors_.push_back(SyntaxError(index, status));
    return;
  }
  problems_.Enter(&document, index);
  if (!document.root().is_array()) {
    reader_.ReadTop(document.root(), index, /*is_stored=*/false);
    return;
  }
  for (const JsonNode& node : JsonChildren(document.root())) {
    if (!pace_.GoesOn()) {
      return;
    }
    reader_.ReadTop(node, index, /*is_stored=*/false);
  }
}

void ModelSet::Resolve() {
  // Reading a stored interface adds elements, which are resolved in turn.
  for (size_t i = 0; i < elements_.elements().size() && pace_.GoesOn(); ++i) {
    Element& element = elements_.elements()[i];
    bool has_references = false;
    for (PropertyValue& value : element.values) {
      const bool is_open = value.rule != nullptr && !value.reference.empty() &&
                           value.standard == nullptr &&
                           value.element == nullptr &&
                           !value.rule->targets.Has(ClassId::kCommandType);
      if (is_open) {
        ResolveValue(element, value);
        has_references = true;
      }
    }
    if (has_references) {
      DropRepeats(element);
    }
  }
}

void ModelSet::ResolveValue(Element& element, PropertyValue& value) {
  value.element = elements_.Find(value.reference);
  if (value.element == nullptr &&
      value.rule->targets.Has(ClassId::kInterface)) {
    value.element = ReadStored(value.reference);
  }
  if (value.element == nullptr && !element.is_stored) {
    NoteMissing(element, value);
  }
}

Element* ModelSet::ReadStored(absl::string_view id) {
  std::shared_ptr<const Interface> model = stored_(id);
  if (model == nullptr) {
    return nullptr;
  }
  auto document = std::make_unique<JsonDocument>();
  if (!document->Parse(model->text).ok()) {
    return nullptr;
  }
  const auto index = static_cast<int>(documents_.size());
  problems_.Enter(nullptr, index);
  Element* element =
      reader_.ReadTop(document->root(), index, /*is_stored=*/true);
  stored_models_.push_back(std::move(model));
  documents_.push_back(std::move(document));
  return element;
}

void ModelSet::NoteMissing(const Element& element, const PropertyValue& value) {
  problems_.Enter(documents_[static_cast<size_t>(element.document)].get(),
                  element.document);
  if (IsReservedReference(value.reference)) {
    problems_.Add("undefinedReservedId", element.id, *value.node,
                  absl::StrCat("\"", value.reference,
                               "\" lies in a reserved namespace and is not "
                               "defined there"));
    return;
  }
  const std::string model(element.interface == nullptr ? element.id
                                                       : element.interface->id);
  if (missing_ids_.insert(absl::StrCat(model, " ", value.reference)).second) {
    missing_.push_back(
        {model, std::string(value.reference),
         problems_.Make("missingDependency", model, *value.node,
                        absl::StrCat("\"", value.reference,
                                     "\" is not defined; add what defines "
                                     "it, or correct the reference"))});
  }
}

void ModelSet::Check() {
  std::vector<const JsonDocument*> documents;
  documents.reserve(documents_.size());
  for (const auto& document : documents_) {
    documents.push_back(document.get());
  }
  RuleReport report(documents, problems_);
  CheckRules(elements_, pace_, report);
  if (options_.allow_inline_interfaces) {
    return;
  }
  for (const Element& element : elements_.elements()) {
    if (element.Is(ClassId::kInterface) && element.parent != nullptr) {
      report.Add("inlineInterface", element, *element.node,
                 "an interface must be defined by itself, not inside another; "
                 "refer to it by its @id");
    }
  }
}

ParsedModels ModelSet::Finish() && {
  ParsedModels result;
  if (pace_.has_ended()) {
    result.is_complete = false;
    return result;
  }
  result.diagnostics = std::move(problems_).Take();
  result.diagnostics.insert(result.diagnostics.end(), syntax_errors_.begin(),
                            syntax_errors_.end());
  std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return std::tie(a.document, a.line, a.column) <
                            std::tie(b.document, b.line, b.column);
                   });
  result.missing = std::move(missing_);
  // Elements come document by document, and an interface of a valid set needs
  // no other one's text: each document goes once the next begins, so that the
  // heap does not hold the trees and the interfaces of the whole set at once.
  const bool is_valid = result.diagnostics.empty();
  size_t done = 0;
  for (const Element& element : elements_.elements()) {
    if (!element.Is(ClassId::kInterface) || element.is_stored) {
      continue;
    }
    const auto index = static_cast<size_t>(element.document);
    for (; is_valid && done < index; ++done) {
      documents_[done].reset();
    }
    result.interfaces.push_back(MakeInterface(element, *documents_[index]));
    result.documents.push_back(element.document);
  }
  return result;
}

}  // namespace twingraph::dtdl
