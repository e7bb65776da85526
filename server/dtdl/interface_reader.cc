// Covered by tests/server/dtdl/parser_test.cc.
#include "server/dtdl/interface_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace twingraph::dtdl {
namespace {

using enum ElementClass;

// One value or an array of them, as JSON-LD allows.
template <typename Visit>
void ForEach(const JsonNode& node, const std::string& path, Visit visit) {
  if (!node.is_array()) {
    visit(node, path);
    return;
  }
  for (size_t i = 0; i < node.elements.size(); ++i) {
    visit(node.elements[i], absl::StrCat(path, "/", i));
  }
}

}  // namespace

void InterfaceReader::Report(absl::string_view rule, const JsonNode& node,
                             const std::string& path, std::string message) {
  problems_.Add(rule, interface_->id, path, node, std::move(message));
}

std::shared_ptr<const Interface> InterfaceReader::Read() {
  if (!root_.is_object()) {
    Report("notJsonObject", root_, root_path_, "a model must be a JSON object");
    return nullptr;
  }
  const bool has_context = ReadContext();
  const bool has_id = ReadId();
  if (!has_context || !has_id || !CheckType()) {
    return nullptr;
  }
  interface_->text =
      std::string(source_.substr(root_.begin, root_.end - root_.begin));
  if (limits_->interface_bytes > 0 &&
      interface_->text.size() > limits_->interface_bytes) {
    Report("interfaceTooLong", root_, root_path_,
           absl::StrCat("an interface may have at most ",
                        limits_->interface_bytes, " bytes of text"));
  }
  CheckMembers({root_, root_path_, kInterface, has_extension_});
  interface_->display_name = ReadLanguageMap("displayName");
  interface_->description = ReadLanguageMap("description");
  interface_->comment = TextMember(root_, "comment");
  CollectNamedSchemas(root_);
  ReadNamedSchemas();
  ReadExtends();
  ReadContents();
  return interface_;
}

bool InterfaceReader::ReadContext() {
  const JsonNode* context = root_.Find("@context");
  if (context == nullptr) {
    Report("missingContext", root_, root_path_,
           "an interface needs \"@context\": \"dtmi:dtdl:context;2\", or ;3 or "
           ";4");
    return false;
  }
  int before = 0;
  const std::string path = root_path_ + "/@context";
  ForEach(*context, path, [&](const JsonNode& node, const std::string& each) {
    absl::string_view version = node.text;
    if (!node.is_string()) {
      Report("disallowedLocalContext", node, each,
             "a context must be a DTMI; terms of one's own are not supported");
    } else if (absl::ConsumePrefix(&version, "dtmi:dtdl:context;")) {
      version = version.substr(0, version.find('#'));
      if (interface_->dtdl_version == 0 &&
          absl::SimpleAtoi(version, &interface_->dtdl_version) &&
          interface_->dtdl_version > 2 && before > 0) {
        Report("dtdlContextFollowsAffiliate", node, each,
               "DTDL's context must come first");
      }
    } else {
      has_extension_ = true;
      ++before;
    }
  });
  if (interface_->dtdl_version < 2 || interface_->dtdl_version > 4) {
    Report("disallowedContextVersion", *context, path,
           "the DTDL version must be 2, 3 or 4: \"dtmi:dtdl:context;3\"");
    return false;
  }
  limits_ = &LimitsOf(interface_->dtdl_version);
  return true;
}

bool InterfaceReader::ReadId() {
  const JsonNode* id = root_.Find("@id");
  if (id == nullptr || !id->is_string()) {
    Report("missingTopLevelId", id == nullptr ? root_ : *id, root_path_,
           "an interface needs an \"@id\" such as \"dtmi:demo:Room;1\"");
    return false;
  }
  interface_->id = id->text;
  const std::string path = root_path_ + "/@id";
  const std::optional<Dtmi> dtmi = ParseDtmi(id->text);
  if (!dtmi.has_value()) {
    Report("invalidId", *id, path,
           absl::StrCat("\"", id->text,
                        "\" is not a DTMI: dtmi:, segments of "
                        "letters, digits and _ separated by colons, ;version"));
    return false;
  }
  if (id->text.size() > kMaxInterfaceIdBytes) {
    Report("idTooLong", *id, path,
           "the id of an interface has at most 128 "
           "bytes");
  }
  const bool is_reserved = dtmi->is_system ||
                           absl::StartsWith(id->text, "dtmi:dtdl:") ||
                           absl::StartsWith(id->text, "dtmi:standard:");
  if (is_reserved) {
    Report("reservedId", *id, path,
           "ids below dtmi:dtdl: and dtmi:standard:, and segments that begin "
           "with _, are reserved");
  }
  if (interface_->dtdl_version == 2 &&
      (!dtmi->has_version() || dtmi->has_minor)) {
    Report("invalidId", *id, path,
           "in DTDL v2 an id ends with ;version, an "
           "integer");
  }
  interface_->dtmi = *dtmi;
  return true;
}

bool InterfaceReader::CheckType() {
  return Classify(root_, root_path_, {kInterface}, std::nullopt).has_value();
}

std::optional<InterfaceReader::Element> InterfaceReader::Classify(
    const JsonNode& node, const std::string& path,
    std::initializer_list<ElementClass> allowed,
    std::optional<ElementClass> inferred) {
  if (!node.is_object()) {
    Report("refNotStringOrObject", node, path, "a JSON object is needed here");
    return std::nullopt;
  }
  const JsonNode* type = node.Find("@type");
  std::optional<ElementClass> found;
  int extra_types = 0;
  bool is_malformed = false;
  if (type != nullptr) {
    ForEach(*type, path + "/@type",
            [&](const JsonNode& each, const std::string& each_path) {
              if (!each.is_string()) {
                Report("typeNotDtmiNorTerm", each, each_path,
                       "a type must be a term");
                is_malformed = true;
                return;
              }
              for (const ElementClass candidate : allowed) {
                if (each.text == ClassName(candidate)) {
                  found = candidate;
                  return;
                }
              }
              // CommandRequest and CommandResponse are v3's names of one class.
              if (inferred == kCommandPayload &&
                  absl::StartsWith(each.text, "Command")) {
                found = kCommandPayload;
                return;
              }
              ++extra_types;
            });
  }
  if (is_malformed) {
    return std::nullopt;
  }
  if (!found.has_value()) {
    found = type == nullptr || extra_types > 0 ? inferred : std::nullopt;
  }
  if (!found.has_value()) {
    std::string names;
    for (const ElementClass candidate : allowed) {
      absl::StrAppend(&names, names.empty() ? "" : ", ", ClassName(candidate));
    }
    Report(allowed.size() == 1 && *allowed.begin() == kInterface
               ? "typeNotRootable"
               : "badType",
           type == nullptr ? node : *type, path + "/@type",
           absl::StrCat("\"@type\" must name one of: ", names));
    return std::nullopt;
  }
  if (extra_types > 0 && interface_->dtdl_version > 2 && !has_extension_) {
    Report("typeUndefinedTerm", *type, path + "/@type",
           "a second type needs the context of a language extension");
  }
  return Element{node, path, *found, extra_types > 0};
}

std::string InterfaceReader::TextMember(const JsonNode& node,
                                        absl::string_view member) {
  const JsonNode* value = node.Find(member);
  return value != nullptr && value->is_string() ? value->text : "";
}

LanguageMap InterfaceReader::ReadLanguageMap(absl::string_view member) {
  LanguageMap texts;
  const JsonNode* value = root_.Find(member);
  if (value == nullptr) {
    return texts;
  }
  if (value->is_string()) {
    texts["en"] = value->text;
  }
  for (const auto& [language, text] : value->members) {
    texts[language] = text.text;
  }
  return texts;
}

void InterfaceReader::ReadExtends() {
  const JsonNode* extends = root_.Find("extends");
  if (extends == nullptr) {
    return;
  }
  ForEach(*extends, root_path_ + "/extends",
          [&](const JsonNode& node, const std::string& path) {
            if (!node.is_string()) {
              Report("refObjectNotAllowed", node, path,
                     "an interface is extended by its id; it stands at the top "
                     "level itself");
              return;
            }
            interface_->extends.push_back(node.text);
          });
  if (limits_->extends > 0 && interface_->extends.size() > limits_->extends) {
    Report("objectCountAboveMax", *extends, root_path_ + "/extends",
           absl::StrCat("at most ", limits_->extends,
                        " interfaces may be extended in DTDL v2"));
  }
}

void InterfaceReader::ReadContents() {
  const JsonNode* contents = root_.Find("contents");
  if (contents == nullptr) {
    return;
  }
  ForEach(
      *contents, root_path_ + "/contents",
      [&](const JsonNode& node, const std::string& path) {
        const std::optional<Element> element = Classify(
            node, path,
            {kProperty, kTelemetry, kCommand, kRelationship, kComponent},
            std::nullopt);
        if (!element.has_value()) {
          return;
        }
        CheckMembers(*element);
        Content content = ReadContent(*element);
        const bool is_taken = std::any_of(
            interface_->contents.begin(), interface_->contents.end(),
            [&](const Content& other) { return other.name == content.name; });
        if (is_taken) {
          Report("nonUniquePropertyValue", node, path,
                 absl::StrCat("two contents have the name \"", content.name,
                              "\""));
          return;
        }
        interface_->contents.push_back(std::move(content));
      });
  std::sort(interface_->contents.begin(), interface_->contents.end(),
            [](const Content& a, const Content& b) { return a.name < b.name; });
}

Content InterfaceReader::ReadContent(const Element& element) {
  Content content;
  content.name = TextMember(element.node, "name");
  const JsonNode* writable = element.node.Find("writable");
  content.is_writable = writable != nullptr && writable->boolean;
  switch (element.element_class) {
    case kProperty:
      content.kind = ContentKind::kProperty;
      content.schema = ReadSchemaMember(element);
      break;
    case kTelemetry:
      content.kind = ContentKind::kTelemetry;
      content.schema = ReadSchemaMember(element);
      break;
    case kCommand:
      content.kind = ContentKind::kCommand;
      ReadCommand(element);
      break;
    case kComponent:
      content.kind = ContentKind::kComponent;
      content.component_model = TextMember(element.node, "schema");
      break;
    case kRelationship:
      content.kind = ContentKind::kRelationship;
      ReadRelationship(element, content);
      break;
    default:
      break;
  }
  return content;
}

void InterfaceReader::ReadRelationship(const Element& element,
                                       Content& content) {
  content.target_model = TextMember(element.node, "target");
  const JsonNode* minimum = element.node.Find("minMultiplicity");
  int64_t number = 0;
  if (minimum != nullptr && absl::SimpleAtoi(minimum->text, &number) &&
      number != 0) {
    Report("valueNotExact", *minimum, element.path + "/minMultiplicity",
           "minMultiplicity must be 0");
  }
  const JsonNode* maximum = element.node.Find("maxMultiplicity");
  if (maximum != nullptr && absl::SimpleAtoi(maximum->text, &number)) {
    content.max_multiplicity = number;
    const int64_t limit = limits_->max_multiplicity;
    if (number < 1 || (limit > 0 && number > limit)) {
      Report("integerOutOfRange", *maximum, element.path + "/maxMultiplicity",
             limit > 0 ? absl::StrCat("maxMultiplicity must be 1 to ", limit)
                       : "maxMultiplicity must be at least 1");
    }
  }
  const JsonNode* properties = element.node.Find("properties");
  if (properties == nullptr) {
    return;
  }
  ForEach(*properties, element.path + "/properties",
          [&](const JsonNode& node, const std::string& path) {
            const std::optional<Element> property =
                Classify(node, path, {kProperty}, kProperty);
            if (property.has_value()) {
              CheckMembers(*property);
              content.properties.push_back(ReadContent(*property));
            }
          });
  std::sort(content.properties.begin(), content.properties.end(),
            [](const Content& a, const Content& b) { return a.name < b.name; });
}

// Commands are accepted and have no effect on twins: their payloads are read
// for their problems only.
void InterfaceReader::ReadCommand(const Element& element) {
  for (const char* member : {"request", "response"}) {
    const JsonNode* payload = element.node.Find(member);
    if (payload == nullptr) {
      continue;
    }
    const std::optional<Element> read =
        Classify(*payload, absl::StrCat(element.path, "/", member),
                 {kCommandPayload}, kCommandPayload);
    if (read.has_value()) {
      CheckMembers(*read);
      ReadSchemaMember(*read);
    }
  }
}

}  // namespace twingraph::dtdl
