#pragma once
// How the relay conducts TLS, asked from outside (RFC 8446, RFC 5077, RFC 7692): whether it hands out anything by which a
// session could be recognised or resumed, and whether it compresses.
#include <cstdint>
#include <optional>
#include <string>

namespace lethe::audit {

struct TlsConduct {
  unsigned tickets = 0;            // sessions handed out: tickets and ids that a client could resume
  bool resumed = false;            // a second connection was
  bool extensions = false;         // a WebSocket extension was granted to a client that offered permessage-deflate
  std::string answer;              // status line of the upgrade's answer
};

// Two connections to 127.0.0.1 with at most this version (TLS1_2_VERSION, …; 0: the highest). Absent where none came about.
std::optional<TlsConduct> conduct_of(std::uint16_t port, int highest_version);

}  // namespace lethe::audit
