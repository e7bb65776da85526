// Covered by tests/storage/graph/graph_guard_test.cc.
#include "storage/graph/interner.h"

#include <limits>

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/names.h"
#include "storage/key/key_space.h"
#include "storage/key/ordered_codec.h"

namespace twingraph::graph {
namespace {

using key::DictKind;

constexpr int kNumberWidth = 4;

// The letters of the first sequences are those of the kinds.
key::Sequence SequenceOf(DictKind kind) {
  return static_cast<key::Sequence>(kind);
}

}  // namespace

uint32_t Names::Find(DictKind kind, absl::string_view text) const {
  const uint32_t number = committed_.Find(kind, text);
  return number == 0 && pending_ != nullptr ? pending_->FindNew(kind, text)
                                            : number;
}

absl::string_view Names::TextOf(DictKind kind, uint32_t number) const {
  const absl::string_view text = committed_.TextOf(kind, number);
  return text.empty() && pending_ != nullptr ? pending_->NewTextOf(kind, number)
                                             : text;
}

absl::StatusOr<uint32_t> Interner::Intern(const Context& ctx, DictKind kind,
                                          absl::string_view text) {
  if (const uint32_t known = committed_.Find(kind, text); known != 0) {
    return known;
  }
  if (const uint32_t added = FindNew(kind, text); added != 0) {
    return added;
  }
  ASSIGN_OR_RETURN(const uint32_t number, ReadOrAdd(ctx, kind, text));
  new_names_.emplace(std::pair(kind, std::string(text)), number);
  return number;
}

absl::StatusOr<ModelNumber> Interner::Model(const Context& ctx,
                                            absl::string_view id) {
  ASSIGN_OR_RETURN(const uint32_t number, Intern(ctx, DictKind::kModel, id));
  return ModelNumber{number};
}

absl::StatusOr<NameNumber> Interner::Name(const Context& ctx,
                                          absl::string_view name) {
  ASSIGN_OR_RETURN(const uint32_t number,
                   Intern(ctx, DictKind::kRelationshipName, name));
  return NameNumber{number};
}

absl::StatusOr<PathNumber> Interner::Path(const Context& ctx,
                                          absl::string_view path) {
  ASSIGN_OR_RETURN(const uint32_t number, Intern(ctx, DictKind::kPath, path));
  return PathNumber{number};
}

uint32_t Interner::FindNew(DictKind kind, absl::string_view text) const {
  if (new_names_.empty()) {
    return 0;
  }
  const auto found = new_names_.find(std::pair(kind, std::string(text)));
  return found == new_names_.end() ? 0 : found->second;
}

absl::string_view Interner::NewTextOf(DictKind kind, uint32_t number) const {
  for (const auto& [name, known] : new_names_) {
    if (name.first == kind && known == number) {
      return name.second;
    }
  }
  return "";
}

// The row is read for update: who names the same thing at once meets it.
absl::StatusOr<uint32_t> Interner::ReadOrAdd(const Context& ctx, DictKind kind,
                                             absl::string_view text) {
  const std::string text_key = key::EncodeDictTextKey(kind, text);
  ASSIGN_OR_RETURN(const auto row,
                   transaction_.GetForUpdate(ctx, key::kDictSpace, text_key));
  uint64_t number = 0;
  if (row.has_value()) {
    absl::string_view value = row->value;
    if (!key::ReadInt(value, kNumberWidth, number)) {
      return DataLoss("a number of a name is damaged", {{"space", "dict"}});
    }
    return static_cast<uint32_t>(number);
  }
  ASSIGN_OR_RETURN(number,
                   transaction_.ReserveNumbers(
                       ctx, key::kSequenceSpace,
                       key::EncodeSequenceKey(SequenceOf(kind)), /*count=*/1));
  if (number > std::numeric_limits<uint32_t>::max()) {
    return InvalidArgument(v1::ERROR_REASON_LIMIT_EXCEEDED,
                           "the graph has no number left for a new name",
                           {{"what", "names"}});
  }
  std::string value;
  key::AppendInt(number, kNumberWidth, value);
  RETURN_IF_ERROR(transaction_.Put(key::kDictSpace, text_key, value));
  RETURN_IF_ERROR(transaction_.Put(
      key::kDictSpace,
      key::EncodeDictNumberKey(kind, static_cast<uint32_t>(number)), text));
  return static_cast<uint32_t>(number);
}

}  // namespace twingraph::graph
