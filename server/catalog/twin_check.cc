#include "server/catalog/twin_check.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace twingraph::catalog {

bool IsReservedName(absl::string_view name) {
  return name.empty() || absl::StartsWith(name, "$");
}

void CheckTwinContents(const EffectiveModel& model, const Catalog& catalog,
                       MissingComponent missing, Value& contents,
                       std::vector<FieldViolation>& violations) {
  const auto models = [&catalog](absl::string_view id) {
    return std::shared_ptr<const dtdl::EffectiveModel>(catalog.Find(id));
  };
  dtdl::TwinChecker(models, dtdl::NumberForm::kStruct, violations)
      .CheckContents(model, missing, "contents", contents);
}

void AcceptTwinContents(const EffectiveModel& model, const Catalog& catalog,
                        Value& contents,
                        std::vector<FieldViolation>& violations) {
  const auto models = [&catalog](absl::string_view id) {
    return std::shared_ptr<const dtdl::EffectiveModel>(catalog.Find(id));
  };
  std::vector<FieldViolation> found;
  dtdl::TwinChecker checker(models, dtdl::NumberForm::kStruct, found);
  for (auto& [name, value] : contents.as_map()) {
    if (IsReservedName(name)) {
      violations.push_back(
          {absl::StrCat("contents.", name), "no content can have this name"});
      continue;
    }
    found.clear();
    Value checked = value;
    checker.CheckMember(model, name, absl::StrCat("contents.", name), checked);
    if (found.empty()) {
      value = std::move(checked);
    }
  }
  checker.CheckMissing(model, MissingComponent::kAdd, "contents", contents);
}

}  // namespace twingraph::catalog
