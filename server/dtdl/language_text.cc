// Covered by tests/server/dtdl/cases_test.cc.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/literal.h"
#include "server/dtdl/text_form.h"

namespace twingraph::dtdl {
namespace {

constexpr absl::string_view kDefaultLanguage = "en";

// Reads the forms of one localizable value into a map.
class LanguageTextReader {
 public:
  LanguageTextReader(int limit, const LiteralPlace& place)
      : limit_(limit), place_(place) {}

  LanguageMap Read(const JsonNode& member) && {
    if (member.is_string()) {
      Keep(std::string(kDefaultLanguage), member);
    } else if (member.is_object()) {
      ReadMap(member);
    } else if (member.is_array()) {
      for (const JsonNode& element : JsonChildren(member)) {
        ReadElement(element);
      }
    } else {
      place_.Report(
          "langStringElementNotStringOrObject", member,
          "the value must be a string, an object of texts by language, or an "
          "array of them");
    }
    return std::move(map_);
  }

 private:
  // False where the language has a text already.
  bool Keep(std::string language, const JsonNode& text) {
    if (LengthOf(text.text) > limit_) {
      place_.Report("langStringValueTooLong", text,
                    absl::StrCat("the text has ", LengthOf(text.text),
                                 " characters; shorten it to ", limit_));
    }
    return map_.emplace(std::move(language), std::string(text.text)).second;
  }

  // {"en": "door", "de": "Tuer"}
  void ReadMap(const JsonNode& object) {
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
        Keep(std::string(member.key), member);
      }
    }
  }

  void ReadElement(const JsonNode& element) {
    if (element.is_object()) {
      ReadTagged(element);
    } else if (!element.is_string()) {
      place_.Report("langStringElementNotStringOrObject", element,
                    "each element must be a string or an object with @value");
    } else if (!Keep(std::string(kDefaultLanguage), element)) {
      ReportTwice(element, kDefaultLanguage);
    }
  }

  // {"@value": "door", "@language": "en"}
  void ReadTagged(const JsonNode& object) {
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
    } else if (!Keep(std::string(tag), *value)) {
      ReportTwice(object, tag);
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

  void ReportTwice(const JsonNode& node, absl::string_view language) {
    place_.Report(
        "langStringElementCodeNotUnique", node,
        absl::StrCat("language \"", language, "\" has two texts; remove one"));
  }

  const int limit_;
  const LiteralPlace& place_;
  LanguageMap map_;
};

}  // namespace

LanguageMap ReadLanguageText(const JsonNode& member, int limit,
                             const LiteralPlace& place) {
  return LanguageTextReader(limit, place).Read(member);
}

}  // namespace twingraph::dtdl
