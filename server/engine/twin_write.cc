// Covered by tests/server/engine/twin_ops_test.cc.
#include "server/engine/twin_write.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "server/engine/time_text.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"

namespace twingraph::engine {
namespace {

constexpr char kMetadata[] = "$metadata";

absl::Status BadSourceTime(const std::string& path) {
  return InvalidFields(v1::ERROR_REASON_CONTENT_INVALID,
                       {{path, "a source time is an RFC 3339 string"}});
}

// Reads {"property": {"sourceTime": text}} of a twin or component.
absl::Status TakeSourceTimes(const Value& metadata,
                             const std::string& component, TwinInput& input) {
  if (!metadata.is_map()) {
    return absl::OkStatus();
  }
  for (const auto& [property, entry] : metadata.as_map()) {
    const Value* text = entry.Find("sourceTime");
    if (text == nullptr) {
      continue;
    }
    const auto time =
        text->is_string() ? ParseTime(text->as_string()) : std::nullopt;
    if (!time.has_value()) {
      return BadSourceTime(absl::StrCat("contents.", component,
                                        component.empty() ? "" : ".", kMetadata,
                                        ".", property));
    }
    input.source_times.push_back({component, property, *time});
  }
  return absl::OkStatus();
}

// Strings that are longer than the limit, anywhere.
void CheckStrings(const Value& value, const std::string& path, size_t limit,
                  std::vector<FieldViolation>& violations) {
  if (value.is_string() && value.as_string().size() > limit) {
    violations.push_back(
        {path, absl::StrCat("a string of ", value.as_string().size(),
                            " bytes is longer than the limit of ", limit)});
  } else if (value.is_map()) {
    for (const auto& [name, member] : value.as_map()) {
      CheckStrings(member, absl::StrCat(path, ".", name), limit, violations);
    }
  } else if (value.is_list()) {
    for (size_t i = 0; i < value.as_list().size(); ++i) {
      CheckStrings(value.as_list()[i], absl::StrCat(path, "[", i, "]"), limit,
                   violations);
    }
  }
}

bool IsComponent(const catalog::EffectiveModel& model,
                 const std::string& name) {
  const dtdl::Content* content = model.Find(name);
  return content != nullptr && content->kind == dtdl::ContentKind::kComponent;
}

void NoteOne(const PropertyName& name, bool is_present, absl::Time now,
             TwinTimes& times) {
  if (is_present) {
    times.Write(name, now);
  } else {
    times.Remove(name, now);
  }
}

}  // namespace

absl::StatusOr<std::shared_ptr<const catalog::EffectiveModel>> ModelOf(
    const catalog::Catalog& catalog, absl::string_view id) {
  auto model = catalog.Find(id);
  if (model == nullptr) {
    return graph::ModelNotFound(id);
  }
  return model;
}

absl::Status TakeMetadata(TwinInput& input) {
  if (!input.contents.is_map()) {
    return InvalidFields(v1::ERROR_REASON_CONTENT_INVALID,
                         {{"contents", "must be an object"}});
  }
  if (const Value* own = input.contents.Find(kMetadata)) {
    RETURN_IF_ERROR(TakeSourceTimes(*own, "", input));
    input.contents.Erase(kMetadata);
  }
  for (auto& [name, member] : input.contents.as_map()) {
    const Value* metadata = member.Find(kMetadata);
    if (metadata == nullptr) {
      continue;
    }
    RETURN_IF_ERROR(TakeSourceTimes(*metadata, name, input));
    member.Erase(kMetadata);
  }
  return absl::OkStatus();
}

absl::Status CheckContents(const Parts& parts, const catalog::Catalog& catalog,
                           const catalog::EffectiveModel& model,
                           absl::string_view twin, ContentRule rule,
                           Value& contents) {
  std::vector<FieldViolation> violations;
  if (rule == ContentRule::kKeep) {
    catalog::AcceptTwinContents(model, catalog, contents, violations);
  } else {
    catalog::CheckTwinContents(model, catalog,
                               catalog::MissingComponent::kRefuse, contents,
                               violations);
  }
  CheckStrings(contents, "contents", parts.limits.string_bytes, violations);
  if (!violations.empty()) {
    return InvalidFields(v1::ERROR_REASON_CONTENT_INVALID, violations,
                         {{"twin", twin}, {"model", model.id()}});
  }
  std::string encoded;
  EncodeValue(contents, encoded);
  if (encoded.size() > parts.limits.twin_bytes) {
    return InvalidArgument(
        v1::ERROR_REASON_LIMIT_EXCEEDED,
        absl::StrCat("the twin takes ", encoded.size(), " bytes; the limit is ",
                     parts.limits.twin_bytes),
        {{"what", "twin"},
         {"bytes", absl::StrCat(encoded.size())},
         {"limit", absl::StrCat(parts.limits.twin_bytes)}});
  }
  return absl::OkStatus();
}

void NoteChanges(const catalog::EffectiveModel& model, const TwinDraft& draft,
                 absl::Time now, TwinTimes& times) {
  for (const auto& [first, second] : draft.touched) {
    const Value* member = draft.contents.Find(first);
    if (!IsComponent(model, first)) {
      NoteOne({"", first}, member != nullptr, now, times);
    } else if (!second.empty()) {
      const bool is_present =
          member != nullptr && member->Find(second) != nullptr;
      NoteOne({first, second}, is_present, now, times);
    } else if (member != nullptr) {
      times.Write({first, ""}, now);
      for (const auto& [property, value] : member->as_map()) {
        times.Write({first, property}, now);
      }
    }
  }
  for (const auto& [name, time] : draft.source_times) {
    times.SetSourceTime(name, time);
  }
  times.Touch(now);
}

}  // namespace twingraph::engine
