#pragma once
// A device of the workload: its key, the invite that it hands out, and where it connects from.
#include <cstdint>

#include "audit/peer/wire_peer.hpp"

namespace lethe::audit {

struct Device {
  peer::DeviceKey key;
  peer::Invite invite;             // for any number of messages, anonymous senders included
  std::uint32_t source = 0;        // IPv4, as a number

  const Address& address() const { return key.address(); }
  peer::Recipient recipient() const { return {key.address(), invite}; }
};

}  // namespace lethe::audit
