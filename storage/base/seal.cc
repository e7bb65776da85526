#include "storage/base/seal.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace twingraph {
namespace {

constexpr char kForm = 1;
// Half of SHA-256's output: forging it takes 2^128 tries.
constexpr size_t kCodeBytes = 16;

std::string CodeOf(absl::string_view key, absl::string_view purpose,
                   absl::string_view payload) {
  const std::string text = absl::StrCat(absl::string_view(&kForm, 1), purpose,
                                        absl::string_view("\0", 1), payload);
  unsigned char code[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), code,
       &length);
  return std::string(reinterpret_cast<const char*>(code), kCodeBytes);
}

}  // namespace

std::string Seal(absl::string_view key, absl::string_view purpose,
                 absl::string_view payload) {
  std::string token;
  absl::WebSafeBase64Escape(absl::StrCat(absl::string_view(&kForm, 1), payload,
                                         CodeOf(key, purpose, payload)),
                            &token);
  return token;
}

std::optional<std::string> Unseal(absl::string_view key,
                                  absl::string_view purpose,
                                  absl::string_view token) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() < 1 + kCodeBytes || bytes[0] != kForm) {
    return std::nullopt;
  }
  // One spelling only: the decoder also takes padding and loose last bits.
  std::string canonical;
  absl::WebSafeBase64Escape(bytes, &canonical);
  const absl::string_view payload =
      absl::string_view(bytes).substr(1, bytes.size() - 1 - kCodeBytes);
  const absl::string_view code =
      absl::string_view(bytes).substr(bytes.size() - kCodeBytes);
  const std::string expected = CodeOf(key, purpose, payload);
  if (canonical != token ||
      CRYPTO_memcmp(code.data(), expected.data(), kCodeBytes) != 0) {
    return std::nullopt;
  }
  return std::string(payload);
}

}  // namespace twingraph
