#pragma once

// Shapes that many responses share: an object with its revision, a page with
// its token. Field numbers come from the response message. Pure.

#include <string>

#include "absl/strings/string_view.h"

#include "server/engine/call_options.h"
#include "server/rpc/convert/call_options.h"
#include "server/rpc/convert/wire_writer.h"
#include "server/rpc/service_parts.h"

namespace twingraph::rpc {

// A response that holds a revision only.
template <typename Response>
void WriteDone(const engine::Done& done, std::string& response) {
  WireWriter(response).String(Response::kRevisionFieldNumber, done.revision);
}

// A response of one object in `field`, written by `write`, and a revision.
template <typename Response, typename T, typename Write>
void WriteAt(const engine::At<T>& answer, int field, std::string& response,
             Write write) {
  WireWriter writer(response);
  WriteMessage(writer, field, [&] { write(answer.value, writer); });
  writer.String(Response::kRevisionFieldNumber, answer.revision);
}

// A response of many objects in `field`, each written by `write`, with the
// token of the next page.
template <typename Response, typename T, typename Write>
void WritePage(const engine::Page<T>& page, int field, absl::string_view key,
               absl::string_view scope, std::string& response, Write write) {
  WireWriter writer(response);
  for (const T& item : page.items) {
    WriteMessage(writer, field, [&] { write(item, writer); });
  }
  writer.String(Response::kNextPageTokenFieldNumber,
                PageToken(key, scope, page.next_position, page.revision));
  writer.String(Response::kRevisionFieldNumber, page.revision);
}

}  // namespace twingraph::rpc
