// The checks of the metamodel table. Covered by
// tests/server/dtdl/parser_test.cc.
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/interface_reader.h"

namespace twingraph::dtdl {
namespace {

// DTDL.v3.md, "Name": a letter first, letters, digits and _ inside, no _ at the
// end.
bool IsName(absl::string_view text) {
  if (text.empty() || !absl::ascii_isalpha(text.front()) ||
      text.back() == '_') {
    return false;
  }
  for (const char c : text) {
    if (!absl::ascii_isalnum(c) && c != '_') {
      return false;
    }
  }
  return true;
}

// A BCP 47 tag as the reference parser takes it: language, script, region.
bool IsLanguageTag(absl::string_view tag) {
  const size_t dash = tag.find('-');
  const absl::string_view language = tag.substr(0, dash);
  if (language.size() < 2 || language.size() > 4) {
    return false;
  }
  for (const char c : language) {
    if (!absl::ascii_islower(c)) {
      return false;
    }
  }
  for (const char c : tag.substr(language.size())) {
    if (!absl::ascii_isalnum(c) && c != '-') {
      return false;
    }
  }
  return tag.back() != '-';
}

}  // namespace

void InterfaceReader::CheckMembers(const Element& element) {
  const int version = interface_->dtdl_version;
  for (const auto& [name, value] : element.node.members) {
    if (name == "@id") {
      if (element.element_class != ElementClass::kInterface) {
        CheckElementId(element, value);
      }
      continue;
    }
    if (absl::StartsWith(name, "@")) {
      continue;  // Read where they count: @context, @type.
    }
    const MemberRule* rule = FindMember(element.element_class, name, version);
    if (rule != nullptr) {
      CheckForm(element, *rule, value);
    } else if (!has_extension_ && !element.has_extra_type) {
      Report("propertyUndefinedTerm", value,
             absl::StrCat(element.path, "/", name),
             absl::StrCat("DTDL v", version, " has no member \"", name,
                          "\" of ", ClassName(element.element_class)));
    }
  }
  for (const MemberRule& rule : MembersOf(element.element_class)) {
    if (rule.is_required && rule.first_version <= version &&
        version <= rule.last_version &&
        element.node.Find(rule.name) == nullptr) {
      Report("missingRequiredProperty", element.node, element.path,
             absl::StrCat(ClassName(element.element_class), " needs \"",
                          rule.name, "\""));
    }
  }
}

void InterfaceReader::CheckForm(const Element& element, const MemberRule& rule,
                                const JsonNode& value) {
  const std::string path = absl::StrCat(element.path, "/", rule.name);
  const auto must_be = [&](absl::string_view what, absl::string_view id) {
    Report(id, value, path, absl::StrCat("\"", rule.name, "\" must be ", what));
  };
  int64_t number = 0;
  switch (rule.form) {
    case MemberForm::kBoolean:
      if (value.kind != JsonKind::kBool) {
        must_be("true or false", "booleanValueNotBoolean");
      }
      return;
    case MemberForm::kInteger:
      if (value.kind != JsonKind::kNumber ||
          !absl::SimpleAtoi(value.text, &number)) {
        must_be("an integer", "integerNotInteger");
      }
      return;
    case MemberForm::kString:
      if (!value.is_string()) {
        must_be("a string", "stringValueNotString");
      } else if (rule.name == "comment" &&
                 value.text.size() > limits_->comment_bytes) {
        must_be(absl::StrCat("at most ", limits_->comment_bytes,
                             " characters long"),
                "stringTooLong");
      }
      return;
    case MemberForm::kName:
      return CheckName(element, value, path);
    case MemberForm::kLanguageText:
      return CheckLanguageText(element, rule.name, value, path);
    case MemberForm::kReference:
      if (!value.is_string()) {
        must_be("the id of an interface", "refObjectNotAllowed");
      } else if (!ParseDtmi(value.text).has_value() ||
                 value.text.size() > kMaxDtmiBytes) {
        must_be("a DTMI", "badDtmiOrTerm");
      }
      return;
    case MemberForm::kElement:
      if (!value.is_object()) {
        must_be("a JSON object", "refNotStringOrObject");
      }
      return;
    case MemberForm::kReferenceList:
    case MemberForm::kSchema:
    case MemberForm::kElementList:
    case MemberForm::kAny:
      return;
  }
}

void InterfaceReader::CheckName(const Element& element, const JsonNode& value,
                                const std::string& path) {
  if (!value.is_string() || !IsName(value.text)) {
    Report("stringInvalid", value, path,
           absl::StrCat("the name of a ", ClassName(element.element_class),
                        " begins with a letter, has letters, digits and _, and "
                        "does not end with _"));
  } else if (value.text.size() > limits_->name_bytes) {
    Report("stringTooLong", value, path,
           absl::StrCat("a name has at most ", limits_->name_bytes,
                        " characters"));
  }
}

void InterfaceReader::CheckLanguageText(const Element& element,
                                        absl::string_view member,
                                        const JsonNode& value,
                                        const std::string& path) {
  const size_t limit = member == "displayName" ? limits_->display_name_bytes
                                               : limits_->description_bytes;
  const auto check_text = [&](const JsonNode& text, const std::string& where) {
    if (!text.is_string()) {
      Report("langStringValueNotString", text, where,
             absl::StrCat("\"", member, "\" of a ",
                          ClassName(element.element_class),
                          " must be a string or strings by language"));
    } else if (text.text.size() > limit) {
      Report(
          "langStringValueTooLong", text, where,
          absl::StrCat("\"", member, "\" has at most ", limit, " characters"));
    }
  };
  if (!value.is_object()) {
    return check_text(value, path);
  }
  for (const auto& [language, text] : value.members) {
    if (!IsLanguageTag(language)) {
      Report("langStringInvalidCode", text, path,
             absl::StrCat("\"", language,
                          "\" is not a language tag such as "
                          "\"en\" or \"en-US\""));
    }
    check_text(text, absl::StrCat(path, "/", language));
  }
}

void InterfaceReader::CheckElementId(const Element& element,
                                     const JsonNode& value) {
  const std::optional<Dtmi> dtmi =
      value.is_string() ? ParseDtmi(value.text) : std::nullopt;
  const bool is_valid = dtmi.has_value() && !dtmi->is_system &&
                        value.text.size() <= kMaxDtmiBytes;
  if (!is_valid) {
    Report("invalidId", value, element.path + "/@id",
           "\"@id\" must be a DTMI without reserved segments");
  }
}

}  // namespace twingraph::dtdl
