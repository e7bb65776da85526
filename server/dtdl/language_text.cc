// Covered by tests/server/dtdl/cases_test.cc.
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/literal.h"
#include "server/dtdl/text_form.h"

namespace twingraph::dtdl {
namespace {

constexpr absl::string_view kDefaultLanguage = "en";

// Checks the forms of one localizable value.
class LanguageTextChecker {
 public:
  LanguageTextChecker(int limit, const LiteralPlace& place)
      : limit_(limit), place_(place) {}

  void Check(const JsonNode& member) {
    if (member.is_string()) {
      CheckLength(member);
    } else if (member.is_object()) {
      CheckMap(member);
    } else if (member.is_array()) {
      for (const JsonNode& element : JsonChildren(member)) {
        CheckElement(element);
      }
    } else {
      place_.Report(
          "langStringElementNotStringOrObject", member,
          "the value must be a string, an object of texts by language, or an "
          "array of them");
    }
  }

 private:
  void CheckLength(const JsonNode& text) {
    if (LengthOf(text.text) > limit_) {
      place_.Report("langStringValueTooLong", text,
                    absl::StrCat("the text has ", LengthOf(text.text),
                                 " characters; shorten it to ", limit_));
    }
  }

  // {"en": "door", "de": "Tuer"}
  void CheckMap(const JsonNode& object) {
    const bool is_tagged = object.count == 2 &&
                           object.Find("@value") != nullptr &&
                           object.Find("@language") != nullptr;
    if (is_tagged) {
      place_.Report("langTagValueInLangMap", object,
                    "a value with @language must stand in an array; write "
                    "[{\"@value\": ..., \"@language\": ...}] or {\"en\": ...}");
      return;
    }
    for (const JsonNode& member : JsonChildren(object)) {
      if (absl::StartsWith(member.key, "@")) {
        place_.Report("langMapObjKeyword", member,
                      absl::StrCat("an object of texts by language has only "
                                   "language tags; remove ",
                                   member.key));
      } else if (!IsLanguageTag(member.key)) {
        place_.Report("langStringInvalidCode", member,
                      absl::StrCat("\"", member.key,
                                   "\" is no language tag; use one such as "
                                   "\"en\" or \"pt-BR\""));
      } else if (!member.is_string()) {
        place_.Report("langStringValueNotString", member,
                      "the text of a language must be a string");
      } else {
        CheckLength(member);
      }
    }
  }

  void CheckElement(const JsonNode& element) {
    if (element.is_object()) {
      CheckTagged(element);
    } else if (!element.is_string()) {
      place_.Report("langStringElementNotStringOrObject", element,
                    "each element must be a string or an object with @value");
    } else {
      CheckText(kDefaultLanguage, element, element);
    }
  }

  // {"@value": "door", "@language": "en"}
  void CheckTagged(const JsonNode& object) {
    for (const JsonNode& member : JsonChildren(object)) {
      if (member.key != "@value" && member.key != "@language") {
        CheckOther(member);
      }
    }
    const JsonNode* value = object.Find("@value");
    if (value == nullptr) {
      place_.Report("langStringElementNoValue", object,
                    "the object has no @value; add it");
      return;
    }
    if (!value->is_string()) {
      place_.Report("langStringElementValueNotString", *value,
                    "@value must be a string");
      return;
    }
    const JsonNode* language = object.Find("@language");
    if (language != nullptr && !language->is_string()) {
      place_.Report("langStringElementCodeNotString", *language,
                    "@language must be a string");
      return;
    }
    const absl::string_view tag =
        language == nullptr ? kDefaultLanguage : language->text;
    if (!IsLanguageTag(tag)) {
      place_.Report("langStringElementInvalidCode", *language,
                    absl::StrCat("\"", tag,
                                 "\" is no language tag; use one such as "
                                 "\"en\" or \"pt-BR\""));
    } else {
      CheckText(tag, *value, object);
    }
  }

  // A member beside @value and @language. DTDL 2 lets other keywords pass.
  void CheckOther(const JsonNode& member) {
    const bool is_keyword = absl::StartsWith(member.key, "@");
    if (member.key == "@id") {
      place_.Report("langStringElementId", member, "remove @id");
    } else if (member.key == "@context") {
      place_.Report("langStringElementContext", member, "remove @context");
    } else if (member.key == "@graph") {
      place_.Report("langStringElementGraph", member, "remove @graph");
    } else if (!is_keyword) {
      place_.Report("langStringElementInvalidProp", member,
                    absl::StrCat("only @value and @language are allowed; "
                                 "remove \"",
                                 member.key, "\""));
    } else if (place_.version >= 3) {
      place_.Report("langStringElementKeyword", member,
                    absl::StrCat("only @value and @language are allowed; "
                                 "remove ",
                                 member.key));
    }
  }

  // A text of an array, which stands in `element`.
  void CheckText(absl::string_view language, const JsonNode& text,
                 const JsonNode& element) {
    CheckLength(text);
    if (!languages_.insert(language).second) {
      place_.Report("langStringElementCodeNotUnique", element,
                    absl::StrCat("language \"", language,
                                 "\" has two texts; remove one"));
    }
  }

  const int limit_;
  const LiteralPlace& place_;
  std::set<absl::string_view> languages_;  // of an array
};

}  // namespace

void CheckLanguageText(const JsonNode& member, int limit,
                       const LiteralPlace& place) {
  LanguageTextChecker(limit, place).Check(member);
}

LanguageMap ReadLanguageText(const JsonNode& member) {
  LanguageMap texts;
  const auto add = [&texts](absl::string_view language, const JsonNode& text) {
    texts.emplace(language, text.text);
  };
  if (member.is_string()) {
    add(kDefaultLanguage, member);
    return texts;
  }
  for (const JsonNode& each : JsonChildren(member)) {
    if (member.is_object()) {
      add(each.key, each);
    } else if (!each.is_object()) {
      add(kDefaultLanguage, each);
    } else if (const JsonNode* value = each.Find("@value")) {
      const JsonNode* language = each.Find("@language");
      add(language == nullptr ? kDefaultLanguage : language->text, *value);
    }
  }
  return texts;
}

}  // namespace twingraph::dtdl
