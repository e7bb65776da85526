#include "server/engine/twin_patch.h"

#include <cstddef>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "server/engine/time_text.h"
#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/value/patch.h"

namespace twingraph::engine {
namespace {

using Path = absl::Span<const std::string>;

constexpr size_t kPathBytes = 1024;

absl::Status PatchError(absl::string_view message) {
  return InvalidArgument(v1::ERROR_REASON_INVALID_PATCH, message);
}

bool IsRemove(const PatchOperation& operation) {
  return operation.op == "remove";
}

absl::Status PatchModel(const PatchOperation& operation, TwinDraft& draft) {
  if (IsRemove(operation)) {
    return PatchError("a twin's model can be replaced, not removed");
  }
  if (!operation.value->is_string()) {
    return PatchError("a model is named by a string");
  }
  draft.model = operation.value->as_string();
  return absl::OkStatus();
}

absl::Status PatchSourceTime(const PatchOperation& operation, PropertyName name,
                             TwinDraft& draft) {
  absl::Time& target = draft.source_times[std::move(name)];
  if (IsRemove(operation)) {
    target = absl::InfinitePast();
    return absl::OkStatus();
  }
  const std::optional<absl::Time> time =
      operation.value->is_string() ? ParseTime(operation.value->as_string())
                                   : std::nullopt;
  if (!time.has_value()) {
    return PatchError("a source time is an RFC 3339 string");
  }
  target = *time;
  return absl::OkStatus();
}

// `path` begins behind the name of the component, which may be empty.
absl::Status PatchMetadata(const PatchOperation& operation,
                           const std::string& component, Path path,
                           TwinDraft& draft) {
  if (path.size() == 2 && path[1] == "$model" && component.empty()) {
    return PatchModel(operation, draft);
  }
  if (path.size() == 3 && path[2] == "sourceTime") {
    return PatchSourceTime(operation, {component, path[1]}, draft);
  }
  return PatchError(
      "of the metadata only $model and the sourceTime of a property can be "
      "patched");
}

absl::Status PatchContents(const PatchOperation& operation, Path path,
                           TwinDraft& draft) {
  draft.touched.emplace(path[0], path.size() > 1 ? path[1] : "");
  if (IsRemove(operation)) {
    return RemoveAtPath(draft.contents, path);
  }
  return operation.op == "add"
             ? AddAtPath(draft.contents, path, *operation.value)
             : ReplaceAtPath(draft.contents, path, *operation.value);
}

absl::Status ApplyOperation(const PatchOperation& operation, TwinDraft& draft) {
  if (operation.op != "add" && operation.op != "replace" &&
      !IsRemove(operation)) {
    return PatchError("op must be add, replace or remove");
  }
  if (!IsRemove(operation) && !operation.value.has_value()) {
    return PatchError(absl::StrCat(operation.op, " needs a value"));
  }
  if (operation.path.size() > kPathBytes) {
    return PatchError(absl::StrCat("the path has ", operation.path.size(),
                                   " bytes; at most ", kPathBytes,
                                   " are allowed"));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> path,
                   ParseJsonPointer(operation.path));
  if (!path.empty() && path[0] == "$metadata") {
    return PatchMetadata(operation, "", path, draft);
  }
  if (path.size() > 1 && path[1] == "$metadata") {
    return PatchMetadata(operation, path[0], Path(path).subspan(1), draft);
  }
  if (path.empty() || path[0].empty() || path[0][0] == '$') {
    return PatchError("this path cannot be patched");
  }
  return PatchContents(operation, path, draft);
}

// A source time says when a value was measured, so there must be one.
absl::Status CheckSourceTimes(const TwinDraft& draft) {
  for (const auto& [name, time] : draft.source_times) {
    const Value* owner = name.component.empty()
                             ? &draft.contents
                             : draft.contents.Find(name.component);
    if (time != absl::InfinitePast() &&
        (owner == nullptr || owner->Find(name.property) == nullptr)) {
      absl::Status status = PatchError(
          absl::StrCat("the twin has no property \"", name.component,
                       name.component.empty() ? "" : "/", name.property,
                       "\" that a source time could stand for"));
      AddMetadata(
          status, "path",
          absl::StrCat(name.component.empty() ? "" : "/", name.component,
                       "/$metadata/", name.property, "/sourceTime"));
      return status;
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyTwinPatch(const std::vector<PatchOperation>& operations,
                            TwinDraft& draft) {
  for (size_t i = 0; i < operations.size(); ++i) {
    absl::Status status = ApplyOperation(operations[i], draft);
    if (!status.ok()) {
      AddMetadata(status, "operation", absl::StrCat(i));
      AddMetadata(status, "op", operations[i].op);
      AddMetadata(status, "path", operations[i].path.substr(0, kPathBytes));
      return status;
    }
  }
  return CheckSourceTimes(draft);
}

}  // namespace twingraph::engine
