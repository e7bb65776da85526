// Covered by tests/storage/graph/graph_writer_test.cc.
#include <algorithm>
#include <cstdint>

#include "absl/strings/str_join.h"

#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/graph/graph_writer.h"
#include "storage/key/counter_key.h"
#include "storage/key/key_space.h"
#include "storage/key/model_key.h"
#include "storage/key/twin_key.h"

namespace twingraph::graph {
namespace {

// Referrers that an error names.
constexpr size_t kNamedReferrers = 10;

// Documents of one commit that are a large set (TextForm).
constexpr size_t kSetBytes = size_t{256} << 10;

// What keeps a model: "models", "hubs" or "twins", the ids of some, and how
// many.
absl::Status InUse(absl::string_view model, absl::string_view what,
                   const std::vector<std::string>& first, size_t count) {
  return FailedPrecondition(
      v1::ERROR_REASON_MODEL_IN_USE,
      absl::StrCat("the model '", model, "' is used by ", count, " ", what,
                   ", '", first.front(), "' among them"),
      {{"model", model},
       {"what", what},
       {"referrers", absl::StrJoin(first, ",")},
       {"count", absl::StrCat(count)}});
}

}  // namespace

absl::StatusOr<std::vector<ModelNumber>> GraphWriter::CreateModels(
    const Context& ctx, absl::Span<const ModelDraft> drafts) {
  size_t bytes = 0;
  for (const ModelDraft& draft : drafts) {
    bytes += draft.text.size();
  }
  const TextForm form =
      bytes < kSetBytes ? TextForm::kAlone : TextForm::kInASet;
  std::vector<ModelNumber> numbers;
  for (const ModelDraft& draft : drafts) {
    ASSIGN_OR_RETURN(numbers.emplace_back(), AddModel(ctx, draft, form));
  }
  // All are there now, so they may need each other in any order.
  for (size_t i = 0; i < drafts.size(); ++i) {
    RETURN_IF_ERROR(AddDependencies(ctx, drafts[i], numbers[i]));
  }
  return numbers;
}

absl::Status GraphWriter::SetDecommissioned(const Context& ctx,
                                            absl::string_view id,
                                            bool is_decommissioned) {
  ASSIGN_OR_RETURN(ModelRecord model, GetModelForUpdate(ctx, id));
  if (model.is_decommissioned() == is_decommissioned) {
    return absl::OkStatus();
  }
  model.decommission_time.reset();
  if (is_decommissioned) {
    model.decommission_time = time();
  }
  return transaction_.Put(key::kModelSpace, key::EncodeModelKey(id),
                          EncodeModelRecord(model));
}

absl::Status GraphWriter::DeleteModel(const Context& ctx,
                                      absl::string_view id) {
  ASSIGN_OR_RETURN(const ModelRecord model, GetModelForUpdate(ctx, id));
  RETURN_IF_ERROR(transaction_
                      .GetForUpdate(ctx, key::kGuardSpace,
                                    key::EncodeModelGuardKey(model.number))
                      .status());
  RETURN_IF_ERROR(RefuseUseOf(ctx, model));
  for (const std::string& dependency : model.dependencies) {
    RETURN_IF_ERROR(transaction_.Delete(
        key::kModelReferrerSpace,
        key::EncodeModelReferrerKey(reader_.FindModelNumber(dependency),
                                    model.number)));
  }
  RETURN_IF_ERROR(transaction_.Delete(key::kModelTextSpace,
                                      key::EncodeModelTextKey(model.number)));
  RETURN_IF_ERROR(Count(key::ModelCounterKey(), -1));
  return transaction_.Delete(key::kModelSpace, key::EncodeModelKey(id));
}

absl::StatusOr<ModelRecord> GraphWriter::GetModelForUpdate(
    const Context& ctx, absl::string_view id) {
  ASSIGN_OR_RETURN(const auto row,
                   transaction_.GetForUpdate(ctx, key::kModelSpace,
                                             key::EncodeModelKey(id)));
  if (!row.has_value()) {
    return ModelNotFound(id);
  }
  return DecodeModelRecord(*row);
}

absl::StatusOr<ModelNumber> GraphWriter::AddModel(const Context& ctx,
                                                  const ModelDraft& draft,
                                                  TextForm form) {
  const std::string key = key::EncodeModelKey(draft.id);
  ASSIGN_OR_RETURN(const auto row,
                   transaction_.GetForUpdate(ctx, key::kModelSpace, key));
  if (row.has_value()) {
    return AlreadyExists(v1::ERROR_REASON_MODEL_ALREADY_EXISTS,
                         absl::StrCat("a model '", draft.id, "' exists"),
                         {{"model", draft.id}});
  }
  ASSIGN_OR_RETURN(const ModelNumber number, interner_.Model(ctx, draft.id));
  RETURN_IF_ERROR(transaction_.Put(
      key::kModelSpace, key,
      EncodeModelRecord({.id = draft.id,
                         .number = number,
                         .upload_time = time(),
                         .dependencies = draft.dependencies})));
  RETURN_IF_ERROR(transaction_.Put(key::kModelTextSpace,
                                   key::EncodeModelTextKey(number),
                                   EncodeModelText(draft.text, form)));
  RETURN_IF_ERROR(Count(key::ModelCounterKey(), 1));
  return number;
}

absl::Status GraphWriter::AddDependencies(const Context& ctx,
                                          const ModelDraft& draft,
                                          ModelNumber number) {
  for (const std::string& id : draft.dependencies) {
    ASSIGN_OR_RETURN(const auto row,
                     transaction_.GetForUpdate(ctx, key::kModelSpace,
                                               key::EncodeModelKey(id)));
    if (!row.has_value()) {
      return InvalidArgument(
          v1::ERROR_REASON_MODEL_DEPENDENCY_MISSING,
          absl::StrCat("the model '", draft.id, "' needs '", id,
                       "', which is neither stored nor uploaded with it"),
          {{"model", draft.id}, {"missing", id}, {"count", "1"}});
    }
    ASSIGN_OR_RETURN(const ModelRecord needed, DecodeModelRecord(*row));
    RETURN_IF_ERROR(transaction_.Touch(
        key::kGuardSpace, key::EncodeModelGuardKey(needed.number)));
    RETURN_IF_ERROR(transaction_.Put(
        key::kModelReferrerSpace,
        key::EncodeModelReferrerKey(needed.number, number), ""));
  }
  return absl::OkStatus();
}

absl::Status GraphWriter::RefuseUseOf(const Context& ctx,
                                      const ModelRecord& model) {
  ASSIGN_OR_RETURN(auto referrers, reader_.ReferrersOf(ctx, model.number));
  // A model may have itself as a component, which does not keep it.
  std::erase(referrers, model.number);
  if (!referrers.empty()) {
    std::vector<std::string> ids;
    for (const ModelNumber referrer : referrers) {
      if (ids.size() < kNamedReferrers) {
        ids.emplace_back(reader_.ModelIdOf(referrer));
      }
    }
    return InUse(model.id, "models", ids, referrers.size());
  }
  RETURN_IF_ERROR(RefuseHubsOf(ctx, model));
  ASSIGN_OR_RETURN(const auto twins,
                   reader_.ScanTwinsOfModel(ctx, model.number, TwinNumber{},
                                            kNamedReferrers));
  if (twins.empty()) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const int64_t count,
                   reader_.CountTwinsOfModel(ctx, model.number));
  ASSIGN_OR_RETURN(const auto ids, reader_.IdsOf(ctx, twins));
  return InUse(model.id, "twins", ids, static_cast<size_t>(count));
}

absl::Status GraphWriter::RefuseHubsOf(const Context& ctx,
                                       const ModelRecord& model) {
  ASSIGN_OR_RETURN(const auto hubs, reader_.ListHubs(ctx, {}, SIZE_MAX));
  std::vector<std::string> ids;
  size_t count = 0;
  for (const HubRecord& hub : hubs) {
    if (hub.default_model != model.id) {
      continue;
    }
    ++count;
    if (ids.size() < kNamedReferrers) {
      ids.push_back(hub.id);
    }
  }
  return ids.empty() ? absl::OkStatus() : InUse(model.id, "hubs", ids, count);
}

}  // namespace twingraph::graph
