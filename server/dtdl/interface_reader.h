#pragma once

// Reads one interface from its JSON object: context, id, contents, schemas.
// Checks what can be seen without other interfaces. One use each.

#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

#include "server/dtdl/json_tree.h"
#include "server/dtdl/metamodel.h"
#include "server/dtdl/model.h"
#include "server/dtdl/problems.h"

namespace twingraph::dtdl {

class InterfaceReader {
 public:
  // `path` is the JSON pointer of `node` in its document.
  InterfaceReader(const JsonNode& node, std::string path,
                  absl::string_view source, Problems& problems)
      : root_(node),
        root_path_(std::move(path)),
        source_(source),
        problems_(problems),
        interface_(std::make_shared<Interface>()) {}

  // The interface; null where not even its kind and id can be read.
  std::shared_ptr<const Interface> Read();

 private:
  // An element in the document, and which class it has.
  struct Element {
    const JsonNode& node;
    std::string path;
    ElementClass element_class;
    bool has_extra_type = false;  // a type beside the class
  };

  bool ReadContext();
  bool ReadId();
  bool CheckType();
  void CollectNamedSchemas(const JsonNode& node);
  void ReadNamedSchemas();
  void ReadContents();
  void ReadExtends();

  Content ReadContent(const Element& element);
  void ReadRelationship(const Element& element, Content& content);
  void ReadCommand(const Element& element);
  const Schema* ReadSchemaMember(const Element& owner);
  const Schema* ReadSchema(const JsonNode& node, const std::string& path);
  const Schema* SchemaByName(const JsonNode& node, const std::string& path);
  void FillSchema(const Element& element, Schema& schema);
  void ReadEnum(const Element& element, Schema& schema);
  void ReadObject(const Element& element, Schema& schema);
  const Schema* ReadMapValue(const Element& element);
  void CheckSchemaDepth(const Schema& schema, const JsonNode& node,
                        const std::string& path);

  // Which of `allowed` an element is, by its @type.
  std::optional<Element> Classify(const JsonNode& node, const std::string& path,
                                  std::initializer_list<ElementClass> allowed,
                                  std::optional<ElementClass> inferred);
  // The checks of the table: known members, their forms, those required.
  void CheckMembers(const Element& element);
  void CheckForm(const Element& element, const MemberRule& rule,
                 const JsonNode& value);
  void CheckName(const Element& element, const JsonNode& value,
                 const std::string& path);
  void CheckLanguageText(const Element& element, absl::string_view member,
                         const JsonNode& value, const std::string& path);
  void CheckElementId(const Element& element, const JsonNode& value);
  std::string TextMember(const JsonNode& node, absl::string_view member);
  LanguageMap ReadLanguageMap(absl::string_view member);
  void Report(absl::string_view rule, const JsonNode& node,
              const std::string& path, std::string message);

  const JsonNode& root_;
  const std::string root_path_;
  const absl::string_view source_;
  Problems& problems_;
  const std::shared_ptr<Interface> interface_;
  const LanguageLimits* limits_ = nullptr;
  // A context beside DTDL's: terms of an extension may stand anywhere.
  bool has_extension_ = false;
  // Schemas of this interface that have an id.
  absl::flat_hash_map<std::string, Schema*> named_schemas_;
};

}  // namespace twingraph::dtdl
