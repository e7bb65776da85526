#include "tests/checks/model_mutator.h"

#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "storage/value/json.h"

namespace twingraph {
namespace {

using dtdl::ClassSet;
using dtdl::PropertyRule;
using enum dtdl::ClassId;

constexpr size_t kStockPerKey = 400;
constexpr size_t kMostSeeds = 5000;

constexpr const char* kNumeric[] = {"double", "float", "integer", "long"};
constexpr const char* kOther[] = {"boolean",  "date",   "dateTime",
                                  "duration", "string", "time"};
constexpr const char* kNumericOf4[] = {
    "byte",          "short",           "unsignedByte",
    "unsignedShort", "unsignedInteger", "unsignedLong"};
constexpr const char* kOtherOf4[] = {"bytes", "decimal", "scaledDecimal",
                                     "uuid"};
constexpr const char* kShapes[] = {"point",           "multiPoint",
                                   "lineString",      "polygon",
                                   "multiLineString", "multiPolygon"};

bool IsLanguageId(absl::string_view text) {
  return absl::StartsWith(text, "dtmi:dtdl:") ||
         absl::StartsWith(text, "dtmi:standard:") ||
         absl::StartsWith(text, "dtmi:iotcentral:");
}

// Does it refer to nothing outside of itself?
bool StandsAlone(Value value) {
  std::set<std::string> defined;
  ForEachId(value,
            [&defined](const Value& id) { defined.insert(id.as_string()); });
  bool stands_alone = true;
  ForEachText(value, [&](const Value& text) {
    stands_alone &= !absl::StartsWith(text.as_string(), "dtmi:") ||
                    IsLanguageId(text.as_string()) ||
                    defined.contains(text.as_string());
  });
  return stands_alone;
}

// What may stand where: all schemas are alike.
std::string KeyOf(int version, const PropertyRule& rule) {
  return rule.targets.Has(kArray) && rule.targets.Has(kPrimitive)
             ? absl::StrCat(version, " schema")
             : absl::StrCat(version, " ", rule.name, " ",
                            ListOf(rule.targets, version));
}

}  // namespace

void ModelMutator::AddSeed(const Value& document) {
  if (documents_.size() < kMostSeeds) {
    documents_.push_back(document);
  } else {
    random_.Of(documents_) = document;
  }
  Value copy = document;
  for (const ModelElement& element : ElementsOf(copy)) {
    if (element.rule != nullptr) {
      AddToStock(element);
    }
  }
}

void ModelMutator::AddToStock(const ModelElement& element) {
  if (!StandsAlone(*element.object)) {
    return;
  }
  const std::string key = KeyOf(element.version, *element.rule);
  for (const std::string& each :
       {key, absl::StrCat(element.context, " ", key)}) {
    if (each == key && absl::StrContains(FormatJson(*element.object), "[\"")) {
      continue;  // Perhaps a co-type, which needs its context.
    }
    std::vector<Value>& values = stock_[each];
    if (values.size() < kStockPerKey) {
      values.push_back(*element.object);
    } else {
      random_.Of(values) = *element.object;
    }
  }
}

void ModelMutator::Change(Value& document) {
  constexpr Step kSteps[] = {
      &ModelMutator::ReplaceSchema, &ModelMutator::ReplaceSchema,
      &ModelMutator::WrapSchema,    &ModelMutator::NameSchema,
      &ModelMutator::CloneElement,  &ModelMutator::RemoveElement,
      &ModelMutator::AddElement,    &ModelMutator::AddElement,
      &ModelMutator::Rename,        &ModelMutator::ChangeId,
      &ModelMutator::SetText,       &ModelMutator::SetFlag,
      &ModelMutator::SetQuantity,   &ModelMutator::RemoveMember,
      &ModelMutator::ChangeForm,    &ModelMutator::Join,
      &ModelMutator::Link};
  for (int tries = 0; tries < 8; ++tries) {
    Scene scene{document, ElementsOf(document)};
    if (scene.elements.empty() || (this->*random_.Of(kSteps))(scene)) {
      return;
    }
  }
}

const ModelElement* ModelMutator::AnyOf(const Elements& elements,
                                        ClassSet classes) {
  std::vector<const ModelElement*> found;
  for (const ModelElement& element : elements) {
    if (classes.Has(element.class_id)) {
      found.push_back(&element);
    }
  }
  return found.empty() ? nullptr : random_.Of(found);
}

Value ModelMutator::FromStock(const ModelElement& owner,
                              const PropertyRule& rule) {
  const std::string key = KeyOf(owner.version, rule);
  auto found = stock_.find(absl::StrCat(owner.context, " ", key));
  if (found == stock_.end() || random_.OneIn(2)) {
    found = stock_.find(key);
  }
  if (found == stock_.end()) {
    return {};
  }
  Value value = random_.Of(found->second);
  RenewIds(value);
  return value;
}

Value ModelMutator::PrimitiveOf(int version, bool is_numeric) {
  if (is_numeric) {
    return Value::String(version == 4 && random_.OneIn(2)
                             ? random_.Of(kNumericOf4)
                             : random_.Of(kNumeric));
  }
  switch (random_.Below(4)) {
    case 0:
      return PrimitiveOf(version, true);
    case 1:
      return Value::String(random_.Of(kShapes));
    case 2:
      return Value::String(version == 4 ? random_.Of(kOtherOf4)
                                        : random_.Of(kOther));
    default:
      return Value::String(random_.Of(kOther));
  }
}

std::string ModelMutator::FreshName() {
  return absl::StrCat("fuzz_", ++count_);
}

Value ModelMutator::FreshText() {
  std::string text;
  for (size_t left = random_.Below(20); left > 0; --left) {
    text += random_.OneIn(6) ? "\xC3\xA9"
                             : std::string(1, static_cast<char>('a' + left));
  }
  return Value::String(text);
}

void ModelMutator::RenewIds(Value& value) {
  absl::flat_hash_map<std::string, std::string> renewed;
  ForEachId(value, [&](const Value& id) {
    const std::string& old_id = id.as_string();
    const size_t version = old_id.find(';');
    renewed[old_id] = absl::StrCat(
        "dtmi:fuzz:", FreshName(),
        version == std::string::npos ? "" : old_id.substr(version));
  });
  ForEachText(value, [&renewed](Value& text) {
    if (const auto found = renewed.find(text.as_string());
        found != renewed.end()) {
      text = Value::String(found->second);
    }
  });
}

}  // namespace twingraph
