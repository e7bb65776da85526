#include "server/rpc/convert/model.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "server/rpc/convert/value.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/value/json.h"

namespace twingraph::rpc {
namespace {

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
  writer.String(Proto::kElementIdFieldNumber, problem.element);
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
  if (view == v1::MODEL_VIEW_FULL) {
    RETURN_IF_ERROR(WriteDefinition(model.definition, writer));
  } else if (view == v1::MODEL_VIEW_TEXT) {
    writer.String(Proto::kDefinitionJsonFieldNumber, model.definition);
  }
  writer.Uint(Proto::kStateFieldNumber, model.decommission_time.has_value()
                                            ? v1::MODEL_STATE_DECOMMISSIONED
                                            : v1::MODEL_STATE_ACTIVE);
  WriteTime(Proto::kDecommissionTimeFieldNumber,
            model.decommission_time.value_or(absl::InfinitePast()), writer);
  writer.String(Proto::kEtagFieldNumber, model.etag);
  writer.Int(Proto::kDtdlVersionFieldNumber, model.dtdl_version);
  return absl::OkStatus();
}

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

void WriteDiagnostics(const std::vector<engine::ModelProblem>& problems,
                      int struct_count, WireWriter& writer) {
  using Response = v1::UploadModelsResponse;
  const size_t count = std::min(problems.size(), kDiagnosticLimit);
  for (size_t i = 0; i < count; ++i) {
    WriteMessage(writer, Response::kDiagnosticsFieldNumber,
                 [&] { WriteDiagnostic(problems[i], struct_count, writer); });
  }
  writer.Uint(Response::kDiagnosticCountFieldNumber, problems.size());
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

absl::StatusOr<engine::ListModelsOptions> ToListOptions(
    const v1::ListModelsRequest& request) {
  engine::ListModelsOptions options{
      .ids = {request.ids().begin(), request.ids().end()},
      .include_dependencies = request.include_dependencies(),
      .has_definition = HasDefinition(request.view())};
  switch (request.state()) {
    case v1::MODEL_STATE_UNSPECIFIED:
      return options;
    case v1::MODEL_STATE_ACTIVE:
      options.is_decommissioned = false;
      return options;
    case v1::MODEL_STATE_DECOMMISSIONED:
      options.is_decommissioned = true;
      return options;
    default:
      return InvalidField("state", "is no state of a model");
  }
}

}  // namespace twingraph::rpc
