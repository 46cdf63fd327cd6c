#pragma once
// The page /.well-known/lethe: what anyone may know of this relay. Source: docs/protocol.md, «Beside the WebSocket».
#include <string>

namespace lethe::net {

struct Posture;
struct RelayContext;

// JSON; made once, before anyone is accepted, from what was really verified then.
std::string describe(const RelayContext& relay, const Posture& posture);

}  // namespace lethe::net
