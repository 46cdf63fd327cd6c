#include "identity/auth.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "identity/ed25519.hpp"

namespace lethe::identity {

std::vector<std::uint8_t> auth_message(std::string_view relay_name, const Nonce& nonce, std::optional<TlsExporter> exporter) {
  constexpr std::string_view context("lethe/v1/auth\0", 14);
  LETHE_CHECK(relay_name.find('\0') == std::string_view::npos);
  // Sized at once and then filled: GCC 12 takes inserts into a reserved vector for an overflow.
  std::vector<std::uint8_t> message(context.size() + relay_name.size() + 1 + Nonce::size + (exporter ? exporter->size() : 0));
  auto at = std::copy(context.begin(), context.end(), message.begin());
  at = std::copy(relay_name.begin(), relay_name.end(), at);
  *at++ = 0;
  at = std::copy(nonce.bytes.begin(), nonce.bytes.end(), at);
  if (exporter) std::copy(exporter->begin(), exporter->end(), at);
  return message;
}

bool verify_auth(std::string_view relay_name, const Nonce& nonce, std::optional<TlsExporter> exporter, const Address& device,
                 const Signature& signature) {
  return verify(device, auth_message(relay_name, nonce, exporter), signature);
}

}  // namespace lethe::identity
