#include "server/config/listen_address.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include <arpa/inet.h>

#include "storage/base/status.h"

namespace twingraph::config {
namespace {

absl::Status Malformed(absl::string_view text) {
  return InvalidField(
      "--listen",
      absl::StrCat("\"", text,
                   "\" is not HOST:PORT with a port from 0 to 65535 "
                   "(an IPv6 address stands in brackets)"));
}

}  // namespace

std::string ListenAddress::ToString() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return is_ipv6 ? absl::StrCat("[", host, "]:", port)
                 : absl::StrCat(host, ":", port);
}

bool ListenAddress::is_loopback() const {
  if (host == "localhost") {
    return true;
  }
  in_addr v4;
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) {
    return ntohl(v4.s_addr) >> 24 == 127;
  }
  in6_addr v6;
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 &&
         IN6_IS_ADDR_LOOPBACK(&v6);
}

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text) {
  const size_t colon = text.rfind(':');
  ListenAddress address;
  if (colon == absl::string_view::npos || colon == 0 ||
      !absl::SimpleAtoi(text.substr(colon + 1), &address.port) ||
      address.port < 0 || address.port > 65535) {
    return Malformed(text);
  }
  absl::string_view host = text.substr(0, colon);
  const bool is_bracketed = host.front() == '[' && host.back() == ']';
  if (is_bracketed) {
    host = host.substr(1, host.size() - 2);
  }
  const bool has_colon = host.find(':') != absl::string_view::npos;
  if (host.empty() || has_colon != is_bracketed) {
    return Malformed(text);
  }
  address.host = std::string(host);
  return address;
}

}  // namespace twingraph::config
