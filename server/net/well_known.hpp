#pragma once
// The page /.well-known/lethe: what anyone may know of this relay. Source: docs/protocol.md, «Beside the WebSocket».
#include <string>

namespace lethe::net {

struct RelayContext;

// JSON; made once at the start from what was really verified then.
std::string describe(const RelayContext& relay);

}  // namespace lethe::net
