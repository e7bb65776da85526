#include "storage/value/patch.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"

namespace twingraph {
namespace {

absl::Status PatchError(absl::string_view message) {
  return InvalidArgument(v1::ERROR_REASON_INVALID_PATCH, message);
}

absl::StatusOr<std::string> UnescapePart(absl::string_view part) {
  std::string out;
  for (size_t i = 0; i < part.size(); ++i) {
    if (part[i] != '~') {
      out.push_back(part[i]);
      continue;
    }
    ++i;
    if (i == part.size() || (part[i] != '0' && part[i] != '1')) {
      return PatchError("a JSON pointer may use ~ only as ~0 or ~1");
    }
    out.push_back(part[i] == '0' ? '~' : '/');
  }
  return out;
}

// Index of a list element as RFC 6901 writes it: no sign, no leading zero.
std::optional<size_t> ParseIndex(const std::string& part) {
  size_t index = 0;
  const bool is_canonical =
      part == "0" || (!part.empty() && part[0] >= '1' && part[0] <= '9');
  if (!is_canonical || !absl::SimpleAtoi(part, &index)) {
    return std::nullopt;
  }
  return index;
}

Value* FindChild(Value& parent, const std::string& part) {
  if (!parent.is_list()) {
    return parent.Find(part);
  }
  const std::optional<size_t> index = ParseIndex(part);
  if (!index.has_value() || *index >= parent.as_list().size()) {
    return nullptr;
  }
  return &parent.as_list()[*index];
}

// The path as a JSON pointer, for messages.
std::string PointerOf(absl::Span<const std::string> path) {
  std::string pointer;
  for (const std::string& part : path) {
    absl::StrAppend(&pointer, "/",
                    absl::StrReplaceAll(part, {{"~", "~0"}, {"/", "~1"}}));
  }
  return pointer;
}

// The value that holds the last part of the path.
absl::StatusOr<Value*> FindParent(Value& root,
                                  absl::Span<const std::string> path) {
  if (path.empty()) {
    return PatchError("the whole document cannot be patched at once");
  }
  Value* parent = &root;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    parent = FindChild(*parent, path[i]);
    if (parent == nullptr) {
      return PatchError(absl::StrCat("nothing is at ",
                                     PointerOf(path.first(i + 1)),
                                     ", so nothing can be changed inside"));
    }
  }
  if (!parent->is_map() && !parent->is_list()) {
    return PatchError("the parent of the path is neither object nor array");
  }
  return parent;
}

absl::Status InsertIntoList(Value::List& list, const std::string& part,
                            Value value) {
  const std::optional<size_t> index =
      part == "-" ? list.size() : ParseIndex(part);
  if (!index.has_value() || *index > list.size()) {
    return PatchError(absl::StrCat("\"", part, "\" is not a place in an array ",
                                   "of ", list.size(), " elements"));
  }
  list.insert(list.begin() + static_cast<std::ptrdiff_t>(*index),
              std::move(value));
  return absl::OkStatus();
}

absl::StatusOr<Value*> FindExisting(Value& root,
                                    absl::Span<const std::string> path) {
  ASSIGN_OR_RETURN(Value* const parent, FindParent(root, path));
  Value* const child = FindChild(*parent, path.back());
  if (child == nullptr) {
    return PatchError(absl::StrCat("nothing is at ", PointerOf(path)));
  }
  return child;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ParseJsonPointer(
    absl::string_view pointer) {
  std::vector<std::string> parts;
  if (pointer.empty()) {
    return parts;
  }
  if (pointer[0] != '/') {
    return PatchError("a JSON pointer begins with \"/\"");
  }
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const size_t length = std::min(pointer.find('/'), pointer.size());
    ASSIGN_OR_RETURN(std::string part, UnescapePart(pointer.substr(0, length)));
    parts.push_back(std::move(part));
    pointer.remove_prefix(length);
  }
  return parts;
}

absl::Status AddAtPath(Value& root, absl::Span<const std::string> path,
                       Value value) {
  ASSIGN_OR_RETURN(Value* const parent, FindParent(root, path));
  if (parent->is_list()) {
    return InsertIntoList(parent->as_list(), path.back(), std::move(value));
  }
  parent->Set(path.back(), std::move(value));
  return absl::OkStatus();
}

absl::Status ReplaceAtPath(Value& root, absl::Span<const std::string> path,
                           Value value) {
  ASSIGN_OR_RETURN(Value* const existing, FindExisting(root, path));
  *existing = std::move(value);
  return absl::OkStatus();
}

absl::Status RemoveAtPath(Value& root, absl::Span<const std::string> path) {
  RETURN_IF_ERROR(FindExisting(root, path).status());
  Value& parent = **FindParent(root, path);
  if (parent.is_map()) {
    parent.Erase(path.back());
    return absl::OkStatus();
  }
  Value::List& list = parent.as_list();
  list.erase(list.begin() +
             static_cast<std::ptrdiff_t>(*ParseIndex(path.back())));
  return absl::OkStatus();
}

}  // namespace twingraph
