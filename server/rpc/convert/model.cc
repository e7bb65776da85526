#include "server/rpc/convert/model.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "server/rpc/convert/value.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/value/json.h"

namespace twingraph::rpc {
namespace {

// Entries of a map<string, string>.
void WriteTexts(int field, const engine::LocalizedText& texts,
                WireWriter& writer) {
  constexpr int kKeyField = 1;
  constexpr int kValueField = 2;
  for (const auto& [language, text] : texts) {
    const size_t mark = writer.Begin(field);
    writer.String(kKeyField, language);
    writer.String(kValueField, text);
    writer.End(mark);
  }
}

absl::Status WriteDefinition(const std::string& definition,
                             WireWriter& writer) {
  const absl::StatusOr<Value> value = ParseJsonValue(definition);
  if (!value.ok() || !value->is_map()) {
    return DataLoss("the stored definition of a model is no JSON object");
  }
  std::string encoded;
  EncodeValue(*value, encoded);
  WriteMessage(writer, v1::Model::kDefinitionFieldNumber,
               [&] { WriteStruct(ValueView(encoded), writer); });
  return absl::OkStatus();
}

}  // namespace

bool HasDefinition(v1::ModelView view) {
  return view == v1::MODEL_VIEW_FULL || view == v1::MODEL_VIEW_TEXT;
}

absl::Status WriteModel(const engine::Model& model, v1::ModelView view,
                        WireWriter& writer) {
  using Proto = v1::Model;
  writer.String(Proto::kIdFieldNumber, model.id);
  WriteTexts(Proto::kDisplayNameFieldNumber, model.display_name, writer);
  WriteTexts(Proto::kDescriptionFieldNumber, model.description, writer);
  WriteTime(Proto::kUploadTimeFieldNumber, model.upload_time, writer);
  if (view == v1::MODEL_VIEW_TEXT) {
    writer.String(Proto::kDefinitionJsonFieldNumber, model.definition);
  }
  return view == v1::MODEL_VIEW_FULL ? WriteDefinition(model.definition, writer)
                                     : absl::OkStatus();
}

void WriteDiagnostic(const engine::ModelProblem& problem, int struct_count,
                     WireWriter& writer) {
  using Proto = v1::ModelDiagnostic;
  const auto document = static_cast<int>(problem.document);
  writer.Uint(Proto::kSeverityFieldNumber, Proto::SEVERITY_ERROR);
  writer.String(Proto::kRuleFieldNumber, problem.rule);
  writer.String(Proto::kModelIdFieldNumber, problem.model);
  writer.String(Proto::kPathFieldNumber, problem.path);
  writer.Int(Proto::kDocumentIndexFieldNumber, document);
  if (document >= struct_count) {
    writer.Int(Proto::kLineFieldNumber, problem.line);
    writer.Int(Proto::kColumnFieldNumber, problem.column);
  }
  writer.String(Proto::kMessageFieldNumber, problem.message);
}

absl::StatusOr<std::vector<std::string>> ToDocuments(
    const v1::UploadModelsRequest& request) {
  if (request.models().empty() && request.documents().empty()) {
    return InvalidField("models", "give at least one of models and documents");
  }
  std::vector<std::string> documents;
  for (int i = 0; i < request.models_size(); ++i) {
    ASSIGN_OR_RETURN(
        const Value model,
        ToValue(request.models(i), absl::StrCat("models[", i, "]")));
    documents.push_back(FormatJson(model));
  }
  documents.insert(documents.end(), request.documents().begin(),
                   request.documents().end());
  return documents;
}

}  // namespace twingraph::rpc
