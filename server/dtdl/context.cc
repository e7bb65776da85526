// Covered by tests/server/dtdl/cases_test.cc.
#include "server/dtdl/context.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "server/dtdl/dtmi.h"

namespace twingraph::dtdl {
namespace {

constexpr absl::string_view kDtdlContext = "dtmi:dtdl:context";
constexpr absl::string_view kCentralContext = "dtmi:iotcentral:context";
constexpr absl::string_view kLimitsPrefix = "dtmi:dtdl:limits:";
constexpr absl::string_view kOnvifLimits = "dtmi:dtdl:limits:onvif";
constexpr absl::string_view kOperationsLimits = "dtmi:dtdl:limits:aio";
constexpr absl::string_view kNamedLimits[] = {kOperationsLimits, kOnvifLimits};
constexpr absl::string_view kLimitless = "limitless";
constexpr absl::string_view kCoreLimits = "limits";

// The limits that a context chooses in place of DTDL 4's; nullopt for others.
// Source: DTDL.onvif.v1.md.
std::optional<Limits> LimitsOfContext(absl::string_view id, int version) {
  if (version != 1) {
    return std::nullopt;
  }
  Limits limits = LimitsOf(4);
  limits.interface_id = 256;
  limits.other_id = 512;
  if (id == kOnvifLimits) {
    limits.description = 4096;
    limits.schema_depth = 24;
    return limits;
  }
  if (id == kOperationsLimits) {
    limits.description = 2048;
    limits.schema_depth = 12;
    return limits;
  }
  return std::nullopt;
}

// A specifier in its parts; `id` is the text without version and fragment.
struct Parts {
  absl::string_view id;
  absl::string_view version;
  absl::string_view fragment;
};

Parts Split(absl::string_view text) {
  Parts parts;
  const size_t hash = text.find('#');
  if (hash != absl::string_view::npos) {
    parts.fragment = text.substr(hash + 1);
    text = text.substr(0, hash);
  }
  const size_t semicolon = text.find(';');
  parts.id = text.substr(0, semicolon);
  if (semicolon != absl::string_view::npos) {
    parts.version = text.substr(semicolon + 1);
  }
  return parts;
}

bool IsDtdl(absl::string_view text) {
  return Split(text).id == kDtdlContext;
}

bool IsCentral(absl::string_view text) {
  return Split(text).id == kCentralContext;
}

bool IsLimits(absl::string_view text) {
  return absl::StartsWith(text, kLimitsPrefix) ||
         (IsDtdl(text) && Split(text).fragment == kCoreLimits);
}

}  // namespace

std::span<const absl::string_view> NamedLimits() {
  return kNamedLimits;
}

const Context* ContextReader::Read(const JsonNode& object,
                                   const Context* parent) {
  const JsonNode* member = object.Find("@context");
  if (member == nullptr) {
    if (parent == nullptr) {
      Report("missingContext", object,
             "the object has no @context; add \"@context\": "
             "\"dtmi:dtdl:context;3\" or another version");
    }
    return parent;
  }
  std::string key;
  if (parent == nullptr && problems_.document() != nullptr) {
    key = std::string(problems_.document()->TextOf(*member));
    const auto known = by_text_.find(key);
    if (known != by_text_.end()) {
      return known->second;
    }
  }
  auto context = parent == nullptr ? std::make_unique<Context>()
                                   : std::make_unique<Context>(*parent);
  const size_t before = problems_.count();
  ReadSpecifiers(*member, /*is_top=*/parent == nullptr, *context);
  if (context->version == 0) {
    return nullptr;
  }
  contexts_.push_back(std::move(context));
  if (!key.empty() && problems_.count() == before) {
    by_text_.emplace(std::move(key), contexts_.back().get());
  }
  return contexts_.back().get();
}

bool ContextReader::ReadSpecifiers(const JsonNode& member, bool is_top,
                                   Context& context) {
  if (member.is_object()) {
    return Report("disallowedLocalContext", member,
                  "DTDL does not allow a context with local terms; use context "
                  "specifiers, which are strings");
  }
  if (!member.is_string() && !member.is_array()) {
    return Report("invalidContext", member,
                  "@context must be a string or an array of strings");
  }
  std::vector<const JsonNode*> nodes;
  if (member.is_string()) {
    nodes.push_back(&member);
  }
  for (const JsonNode& element : JsonChildren(member)) {
    if (element.is_object()) {
      Report("disallowedLocalContext", element,
             "DTDL does not allow a context with local terms; use context "
             "specifiers, which are strings");
    } else if (!element.is_string()) {
      Report("invalidContext", element,
             "@context must be a string or an array of strings");
    } else {
      nodes.push_back(&element);
    }
  }
  if (nodes.empty()) {
    return !is_top || Report("emptyContext", member,
                             "@context is empty; name a DTDL context first, "
                             "\"dtmi:dtdl:context;3\"");
  }
  return ReadAll(std::move(nodes), is_top, context);
}

bool ContextReader::ReadAll(std::vector<const JsonNode*> nodes, bool is_top,
                            Context& context) {
  // DTDL 2 alone lets IoT Central's context stand before DTDL's.
  const bool is_central_first =
      nodes.size() > 1 && IsCentral(nodes[0]->text) && IsDtdl(nodes[1]->text);
  if (is_top && !IsDtdl(nodes[0]->text) && !is_central_first) {
    return Report("missingDtdlContext", *nodes[0],
                  "the first context must be DTDL's, \"dtmi:dtdl:context;3\"");
  }
  if (is_central_first) {
    std::swap(nodes[0], nodes[1]);
  }
  bool is_after_affiliate = false;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const absl::string_view text = nodes[i]->text;
    const JsonNode* next = i + 1 < nodes.size() ? nodes[i + 1] : nullptr;
    if (IsDtdl(text) && Split(text).fragment != kCoreLimits) {
      if (is_after_affiliate) {
        Report("dtdlContextFollowsAffiliate", *nodes[i],
               "DTDL's context must stand before those of extensions");
      }
      ReadDtdl(*nodes[i], text, next, context);
    } else if (IsLimits(text)) {
      const bool is_in_place =
          i > 0 && Split(nodes[i - 1]->text).fragment == kLimitless;
      if (!is_in_place) {
        Report("misplacedLimitContext", *nodes[i],
               absl::StrCat("context \"", text,
                            "\" must directly follow "
                            "\"dtmi:dtdl:context;4#limitless\""));
      }
      ReadLimits(*nodes[i], text, context);
    } else {
      is_after_affiliate = true;
      ReadAffiliate(*nodes[i], text, context);
    }
  }
  return true;
}

bool ContextReader::ReadDtdl(const JsonNode& node, absl::string_view text,
                             const JsonNode* next, Context& context) {
  const Parts parts = Split(text);
  if (parts.version.empty()) {
    return Report("missingContextVersion", node,
                  "DTDL's context needs a version, \"dtmi:dtdl:context;3\"");
  }
  if (parts.version != "2" && parts.version != "3" && parts.version != "4") {
    return Report("unrecognizedContextVersion", node,
                  absl::StrCat("DTDL ", parts.version,
                               " is not known here; use version 2, 3 or 4"));
  }
  const int version = parts.version[0] - '0';
  if (version > options_.max_dtdl_version) {
    return Report("disallowedContextVersion", node,
                  absl::StrCat("DTDL ", version, " is not accepted here; use ",
                               options_.max_dtdl_version, " at most"));
  }
  if (!parts.fragment.empty() && version < 4) {
    return Report("disallowedContextFragment", node,
                  "only DTDL 4 allows a fragment behind its context");
  }
  if (!parts.fragment.empty() && parts.fragment != kLimitless) {
    return Report("invalidContextFragment", node,
                  absl::StrCat("\"#", parts.fragment,
                               "\" is no fragment of DTDL's context; use "
                               "\"#limitless\" or leave it out"));
  }
  if (context.version != version) {
    context.extensions.clear();
    context.has_unknown_extension = false;
    if (version == 2) {
      context.extensions.push_back(&BuiltInExtension());
    }
  }
  context.version = version;
  context.limits = LimitsOf(version);
  const bool names_limits =
      next != nullptr && (IsLimits(next->text) || IsDtdl(next->text));
  if (parts.fragment == kLimitless && !names_limits) {
    return Report("missingLimitContext", node,
                  "\"#limitless\" must be followed by a context that sets "
                  "limits, \"dtmi:dtdl:context;4#limits\"");
  }
  return true;
}

bool ContextReader::ReadLimits(const JsonNode& node, absl::string_view text,
                               Context& context) {
  if (IsDtdl(text)) {
    context.limits = LimitsOf(4);
    return true;
  }
  const std::optional<Dtmi> dtmi = ParseDtmi(text);
  if (!dtmi.has_value() || !dtmi->has_version()) {
    return Report("invalidContextSpecifier", node,
                  absl::StrCat("\"", text, "\" is no context specifier"));
  }
  const auto& accepted = options_.acceptable_limits;
  if (std::find(accepted.begin(), accepted.end(), dtmi->path) ==
      accepted.end()) {
    return Report("disallowedLimitContext", node,
                  absl::StrCat("limits \"", text,
                               "\" are not accepted here; use "
                               "\"dtmi:dtdl:context;4\""));
  }
  const std::optional<Limits> limits =
      LimitsOfContext(dtmi->path, dtmi->version.major);
  if (!limits.has_value()) {
    return Report("unresolvableContextSpecifier", node,
                  absl::StrCat("limits \"", text, "\" are not known here"));
  }
  context.limits = *limits;
  return true;
}

void ContextReader::ReadAffiliate(const JsonNode& node, absl::string_view text,
                                  Context& context) {
  if (!absl::StartsWith(text, "dtmi:")) {
    Report("nonDtmiContextSpecifier", node,
           absl::StrCat("context \"", text, "\" must be a DTMI"));
    return;
  }
  const std::optional<Dtmi> dtmi = ParseDtmi(text);
  if (!dtmi.has_value()) {
    Report("invalidContextSpecifier", node,
           absl::StrCat("context \"", text, "\" is no valid DTMI"));
    return;
  }
  if (context.version == 2 && (!dtmi->has_version() || dtmi->has_minor)) {
    Report("invalidContextSpecifierForVersion", node,
           absl::StrCat("in DTDL 2 context \"", text,
                        "\" needs a whole version, \";1\""));
    return;
  }
  if (!dtmi->has_version()) {
    Report("missingContextVersion", node,
           absl::StrCat("context \"", text, "\" needs a version, \"", text,
                        ";1\""));
    return;
  }
  const Extension* extension =
      dtmi->has_minor ? nullptr
                      : FindExtension(dtmi->path, dtmi->version.major);
  if (extension != nullptr) {
    context.extensions.push_back(extension);
    return;
  }
  context.has_unknown_extension = true;
  const bool is_allowed =
      options_.undefined_extensions == UndefinedExtensions::kAllow ||
      (options_.undefined_extensions == UndefinedExtensions::kByVersion &&
       context.version == 2);
  if (!is_allowed) {
    Report(IsExtensionKnown(dtmi->path) ? "unresolvableContextVersion"
                                        : "unresolvableContextSpecifier",
           node,
           absl::StrCat("extension \"", text,
                        "\" is not known here; remove it or use a version "
                        "that is known"));
  }
}

bool ContextReader::Report(absl::string_view rule, const JsonNode& node,
                           std::string message) {
  problems_.Add(rule, "", node, std::move(message));
  return false;
}

}  // namespace twingraph::dtdl
