// Covered by tests/server/engine/model_ops_test.cc.
#include "server/engine/flat_definition.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "storage/base/status_macros.h"
#include "storage/graph/errors.h"
#include "storage/value/json.h"

namespace twingraph::engine {
namespace {

constexpr char kContext[] = "@context";

absl::StatusOr<Value> Parse(const dtdl::Interface& interface) {
  absl::StatusOr<Value> value = ParseJsonValue(interface.text);
  if (!value.ok() || !value->is_map()) {
    return graph::Damaged("model_text");
  }
  return value;
}

// Takes a member out of an interface, by its term or its DTMI. One value and a
// list of one mean the same.
Value::List Take(Value& interface, absl::string_view term) {
  Value::List taken;
  std::erase_if(interface.as_map(), [&](auto& member) {
    auto& [key, value] = member;
    if (key != term &&
        !absl::StartsWith(key,
                          absl::StrCat("dtmi:dtdl:property:", term, ";"))) {
      return false;
    }
    if (value.is_list()) {
      std::move(value.as_list().begin(), value.as_list().end(),
                std::back_inserter(taken));
    } else {
      taken.push_back(std::move(value));
    }
    return true;
  });
  return taken;
}

void Append(Value::List more, Value::List& list) {
  std::move(more.begin(), more.end(), std::back_inserter(list));
}

// Adds what is no context of the language itself and not there yet.
void AddContexts(Value::List more, Value::List& contexts) {
  for (Value& context : more) {
    const bool is_language =
        context.is_string() &&
        absl::StartsWith(context.as_string(), "dtmi:dtdl:context;");
    if (!is_language && std::find(contexts.begin(), contexts.end(), context) ==
                            contexts.end()) {
      contexts.push_back(std::move(context));
    }
  }
}

void SetUnlessEmpty(absl::string_view key, Value::List list, Value& map) {
  if (!list.empty()) {
    map.Set(key, Value::MakeList(std::move(list)));
  }
}

}  // namespace

absl::StatusOr<std::string> FlatDefinition(
    const catalog::EffectiveModel& model) {
  ASSIGN_OR_RETURN(Value flat, Parse(*model.interface));
  Take(flat, "extends");
  Value::List contexts = Take(flat, kContext);
  Value::List contents = Take(flat, "contents");
  Value::List schemas = Take(flat, "schemas");
  for (const auto& ancestor : model.ancestors) {
    ASSIGN_OR_RETURN(Value base, Parse(*ancestor));
    AddContexts(Take(base, kContext), contexts);
    Append(Take(base, "contents"), contents);
    Append(Take(base, "schemas"), schemas);
  }
  SetUnlessEmpty(kContext, std::move(contexts), flat);
  SetUnlessEmpty("contents", std::move(contents), flat);
  SetUnlessEmpty("schemas", std::move(schemas), flat);
  return FormatJson(flat);
}

}  // namespace twingraph::engine
