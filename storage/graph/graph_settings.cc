// Covered by tests/storage/graph/graph_store_test.cc.
#include "storage/graph/graph_settings.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status.h"
#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/graph/stored_map.h"
#include "storage/key/key_space.h"
#include "storage/value/value.h"
#include "storage/value/value_codec.h"

namespace twingraph::graph {
namespace {

constexpr char kSettingsKey[] = "graph";

absl::Status CheckFormat(const GraphSettings& settings) {
  if (settings.format <= kGraphFormat) {
    return absl::OkStatus();
  }
  return FailedPrecondition(
      v1::ERROR_REASON_STORE_FORMAT_TOO_NEW,
      absl::StrCat("the store has format ", settings.format,
                   ", and this version knows formats up to ", kGraphFormat),
      {{"format", absl::StrCat(settings.format)},
       {"newest_known", absl::StrCat(kGraphFormat)}});
}

Value ListOf(const std::vector<std::string>& paths) {
  Value::List list;
  for (const std::string& path : paths) {
    list.push_back(Value::String(path));
  }
  return Value::MakeList(std::move(list));
}

template <typename Number>
Value NumberOf(Number number) {
  return Value::Int(static_cast<int64_t>(ToInt(number)));
}

std::vector<std::string> PathsIn(ValueView map, const char* name) {
  std::vector<std::string> paths;
  const ValueView list = map.Find(name);
  for (size_t i = 0; list.is_defined() && i < list.size(); ++i) {
    paths.emplace_back(list.at(i).as_string());
  }
  return paths;
}

// Is a path, or one that it lies below, on a list?
bool IsBelow(const std::string& path, const std::vector<std::string>& list) {
  return std::any_of(list.begin(), list.end(), [&](const std::string& each) {
    return path == each || absl::StartsWith(path, absl::StrCat(each, "/"));
  });
}

// The paths of `list` that are not below `other`.
std::vector<std::string> Without(const std::vector<std::string>& list,
                                 const std::vector<std::string>& other) {
  std::vector<std::string> rest;
  std::copy_if(list.begin(), list.end(), std::back_inserter(rest),
               [&](const std::string& path) { return !IsBelow(path, other); });
  return rest;
}

// The paths that both lists leave out.
std::vector<std::string> LeftOutByBoth(const std::vector<std::string>& a,
                                       const std::vector<std::string>& b) {
  std::vector<std::string> both;
  for (const auto& [list, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
    std::copy_if(list->begin(), list->end(), std::back_inserter(both),
                 [&, other = other](const std::string& path) {
                   return IsBelow(path, *other) && !IsBelow(path, both);
                 });
  }
  return both;
}

// Makes settings of a store those of a store that builds the paths that are not
// on `wanted`, from the start where it was building others; false where it has
// or builds them all. A path that has its index keeps it.
bool BeginBuild(const std::vector<std::string>& wanted,
                GraphSettings& settings) {
  std::vector<std::string> remaining =
      LeftOutByBoth(wanted, settings.unindexed_paths);
  if (Without(settings.unindexed_paths, remaining).empty()) {
    return false;
  }
  settings.format = kGraphFormat;
  settings.unindexed_before.insert(settings.unindexed_before.end(),
                                   settings.unindexed_paths.begin(),
                                   settings.unindexed_paths.end());
  settings.unindexed_paths = std::move(remaining);
  settings.build = IndexBuild();
  return true;
}

}  // namespace

std::string EncodeGraphSettings(const GraphSettings& settings) {
  Value map = Value::MakeMap({{"format", Value::Int(settings.format)},
                              {"unindexed", ListOf(settings.unindexed_paths)}});
  if (settings.format > 1) {
    map.Set("before", ListOf(settings.unindexed_before));
  }
  if (settings.build.has_value()) {
    const IndexBuild& build = *settings.build;
    map.Set("build", Value::MakeMap({{"twin", NumberOf(build.twin)},
                                     {"name", NumberOf(build.edge.name)},
                                     {"source", NumberOf(build.edge.source)},
                                     {"target", NumberOf(build.edge.target)},
                                     {"number", NumberOf(build.edge.number)}}));
  }
  std::string bytes;
  EncodeValue(map, bytes);
  return bytes;
}

absl::StatusOr<GraphSettings> DecodeGraphSettings(absl::string_view bytes) {
  RETURN_IF_ERROR(ValidateEncoded(bytes));
  const ValueView map(bytes);
  GraphSettings settings;
  settings.format = IntIn(map, "format");
  if (settings.format == 0 || !map.Find("unindexed").is_defined()) {
    return Damaged("meta");
  }
  settings.unindexed_paths = PathsIn(map, "unindexed");
  settings.unindexed_before = PathsIn(map, "before");
  const ValueView build = map.Find("build");
  if (build.is_defined()) {
    const auto number = [&](const char* name) {
      return static_cast<uint64_t>(IntIn(build, name));
    };
    settings.build = IndexBuild{
        .twin = TwinNumber{number("twin")},
        .edge = {.name = NameNumber{static_cast<uint32_t>(number("name"))},
                 .source = TwinNumber{number("source")},
                 .target = TwinNumber{number("target")},
                 .number = RelationshipNumber{number("number")}}};
  }
  return settings;
}

absl::StatusOr<GraphSettings> ReadSettingsForUpdate(
    const Context& ctx, commit::Transaction& transaction) {
  ASSIGN_OR_RETURN(const auto row, transaction.GetForUpdate(
                                       ctx, key::kMetaSpace, kSettingsKey));
  if (!row.has_value()) {
    return GraphSettings{.format = 0};
  }
  ASSIGN_OR_RETURN(GraphSettings settings, DecodeGraphSettings(row->value));
  settings.revision = row->revision;
  RETURN_IF_ERROR(CheckFormat(settings));
  return settings;
}

absl::Status WriteSettings(const GraphSettings& settings,
                           commit::Transaction& transaction) {
  return transaction.Put(key::kMetaSpace, kSettingsKey,
                         EncodeGraphSettings(settings));
}

absl::StatusOr<GraphSettings> OpenSettings(
    const Context& ctx, commit::Store& store,
    const std::optional<std::vector<std::string>>& unindexed_paths) {
  GraphSettings settings;
  const auto open = [&](commit::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(settings, ReadSettingsForUpdate(ctx, transaction));
    if (settings.format == 0) {
      settings = {.unindexed_paths =
                      unindexed_paths.value_or(DefaultUnindexedPaths())};
      return WriteSettings(settings, transaction);
    }
    if (unindexed_paths.has_value() && BeginBuild(*unindexed_paths, settings)) {
      return WriteSettings(settings, transaction);
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(store.RunTransaction(ctx, {}, open).status());
  return settings;
}

std::vector<std::string> DefaultUnindexedPaths() {
  return {"/$device/connection", "/$device/lastActivity"};
}

std::vector<std::string> PathsBeingBuilt(const GraphSettings& settings) {
  return Without(settings.unindexed_before, settings.unindexed_paths);
}

std::vector<std::string> PathsThatKeepTheirIndex(
    const std::vector<std::string>& wanted, const GraphSettings& settings) {
  return Without(wanted, settings.unindexed_paths);
}

}  // namespace twingraph::graph
