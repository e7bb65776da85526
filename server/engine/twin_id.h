#pragma once

// Which ids are allowed, and how the ids of proxy twins are made. Pure.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace twingraph::engine {

// Longest id that a client may choose, and longest id of a proxy twin; bytes.
inline constexpr size_t kIdBytes = 128;
inline constexpr size_t kProxyIdBytes = 512;

// Is `id` made of ASCII letters, digits and - . + % _ # * ? ! ( ) , = @ $ ' ,
// and not empty?
bool IsInIdAlphabet(absl::string_view id);

// Checks the id of a twin or relationship that a request calls `field`.
// Errors: INVALID_ARGUMENT / INVALID_FIELD.
absl::Status CheckId(absl::string_view field, absl::string_view id,
                     size_t limit_bytes = kProxyIdBytes);

// Default template of proxy ids, and the two names that templates may use.
inline constexpr absl::string_view kDefaultIdTemplate = "{hub}.{path}";

// Checks a template: it holds "{path}", other text is of the id alphabet, and
// nothing else stands in braces.
// Errors: INVALID_ARGUMENT / INVALID_FIELD naming `field`.
absl::Status CheckIdTemplate(absl::string_view field, absl::string_view text);

// The id of a device's proxy twin: parts joined with ".", in each part every
// byte outside letters, digits, "-" and "_" as "%XX"; so two devices of a hub
// never share an id. REQUIRES: the template passed CheckIdTemplate.
std::string MakeProxyId(absl::string_view id_template, absl::string_view hub,
                        const std::vector<std::string>& path);

}  // namespace twingraph::engine
