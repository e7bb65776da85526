#include "storage/base/id.h"

#include <cerrno>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include <sys/random.h>

#include "storage/base/bytes.h"

namespace twingraph {

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(&bytes[filled], count - filled, 0);
    if (got < 0 && errno != EINTR) {
      std::abort();  // The kernel promises never to fail here.
    }
    filled += got > 0 ? static_cast<size_t>(got) : 0;
  }
  return bytes;
}

std::string RandomUuid() {
  std::string bytes = RandomBytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  const std::string hex = ToHex(bytes);
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-",
                      hex.substr(12, 4), "-", hex.substr(16, 4), "-",
                      hex.substr(20));
}

}  // namespace twingraph
