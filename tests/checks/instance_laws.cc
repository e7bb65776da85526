#include "tests/checks/instance_laws.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "storage/value/json.h"
#include "tests/checks/instance_maker.h"
#include "tests/checks/json_shape.h"
#include "tests/checks/law.h"

namespace twingraph {
namespace {

using dtdl::NumberForm;

constexpr size_t kModels = 4;    // of a set
constexpr size_t kContents = 6;  // of a model

std::string Shown(const std::vector<FieldViolation>& violations) {
  std::string text;
  for (const FieldViolation& each : violations) {
    absl::StrAppend(&text, each.field, ": ", each.description, "\n");
  }
  return text;
}

}  // namespace

void InstanceLaws::Check(const dtdl::ModelIndex& index) {
  const size_t first = random_.Below(index.models().size());
  size_t at = 0;
  for (const auto& [id, model] : index.models()) {
    if (at >= first && at < first + kModels) {
      CheckModel(index, *model);
    }
    ++at;
  }
}

void InstanceLaws::CheckModel(const dtdl::ModelIndex& index,
                              const dtdl::EffectiveModel& model) {
  for (const auto& schema : model.interface->schemas) {
    if (random_.OneIn(2)) {
      CheckSchema(*schema);
    }
  }
  const auto& contents = model.contents;
  for (size_t left = contents.empty() ? 0 : kContents; left > 0; --left) {
    const dtdl::Content& content = *random_.Of(contents).content;
    if (content.schema != nullptr) {
      CheckSchema(*content.schema);
    }
    for (const auto* payload : {&content.request, &content.response}) {
      if (payload->has_value()) {
        CheckSchema(*(*payload)->schema);
      }
    }
  }
  CheckTwin(index, model);
}

void InstanceLaws::CheckSchema(const dtdl::Schema& schema) {
  const NumberForm form =
      random_.OneIn(2) ? NumberForm::kJson : NumberForm::kStruct;
  InstanceMaker maker(random_, form);
  if (std::optional<Value> made = maker.Make(schema)) {
    Require(CheckAny(schema, form, *made), "what is made to conform conforms",
            {std::string(SchemaName(schema.kind)), FormatJson(*made)});
    mutator_.Change(*made);
    CheckAny(schema, form, *made);
  }
  WrongValue wrong = maker.MakeWrong(schema, "value");
  const std::string text = FormatJson(wrong.value);
  std::vector<FieldViolation> violations;
  ++checks_;
  dtdl::CheckInstance(schema, form, "value", wrong.value, violations);
  Require(violations.size() == 1 && violations.front().field == wrong.place,
          "what is wrong in one place has one violation that names it",
          {wrong.place, text, Shown(violations)});
  CheckAny(schema, form, mutator_.AnyPart());
}

bool InstanceLaws::CheckAny(const dtdl::Schema& schema, NumberForm form,
                            const Value& value) {
  Value once = value;
  std::vector<FieldViolation> violations;
  ++checks_;
  if (!dtdl::CheckInstance(schema, form, "value", once, violations)) {
    Require(!violations.empty(), "a refusal has a reason", {FormatJson(value)});
    return false;
  }
  ++conforming_;
  Value twice = once;
  Require(dtdl::CheckInstance(schema, form, "value", twice, violations) &&
              FormatJson(twice) == FormatJson(once),
          "what conforms conforms in its own form", {FormatJson(value)});
  return true;
}

void InstanceLaws::CheckTwin(const dtdl::ModelIndex& index,
                             const dtdl::EffectiveModel& model) {
  InstanceMaker maker(random_, NumberForm::kJson);
  std::optional<Value> twin = maker.MakeTwin(
      model, [&index](absl::string_view id) { return index.Find(id); });
  std::vector<FieldViolation> violations;
  Require(CheckTwinText(index, model, *twin, violations),
          "a twin that is made to conform conforms",
          {model.interface->text, FormatJson(*twin), Shown(violations)});
  std::string place = "value.no such property";
  Value wrong = *twin;
  wrong.Set("no such property", Value::Int(1));
  for (const dtdl::EffectiveContent& each : model.contents) {
    const dtdl::Content& content = *each.content;
    if (content.kind == dtdl::ContentKind::kProperty && random_.OneIn(2)) {
      WrongValue value = maker.MakeWrong(*content.schema,
                                         absl::StrCat("value.", content.name));
      wrong = *twin;
      wrong.Set(content.name, std::move(value.value));
      place = std::move(value.place);
    }
  }
  violations.clear();
  CheckTwinText(index, model, wrong, violations);
  Require(violations.size() == 1 && violations.front().field == place,
          "a twin that is wrong in one place has one violation that names it",
          {model.interface->text, FormatJson(wrong), place, Shown(violations)});
  mutator_.Change(*twin);
  CheckTwinText(index, model, *twin, violations);
}

bool InstanceLaws::CheckTwinText(const dtdl::ModelIndex& index,
                                 const dtdl::EffectiveModel& model,
                                 const Value& twin,
                                 std::vector<FieldViolation>& violations) {
  ++checks_;
  const auto subject = index.FindSubject(model.id());
  Require(subject.has_value(), "a model's id is a subject", {model.id()});
  const bool conforms =
      index.Check(*subject, ReshapeJson(twin, random_), violations);
  conforming_ += conforms ? 1 : 0;
  return conforms;
}

}  // namespace twingraph
