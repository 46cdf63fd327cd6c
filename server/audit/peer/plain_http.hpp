#pragma once
// One HTTP exchange without TLS, with the relay's admin listener.
#include <cstdint>
#include <string_view>

#include "audit/peer/tls_client.hpp"

namespace lethe::peer {

// GET of `path` at 127.0.0.1:`port`. Status 0: nobody answers HTTP there within `patience`.
HttpReply plain_get(std::uint16_t port, std::string_view path);

}  // namespace lethe::peer
