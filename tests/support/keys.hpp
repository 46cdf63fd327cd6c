#pragma once
// Device keys and invites for tests.
#include "audit/peer/device_key.hpp"

namespace lethe::test {

using TestKey = peer::DeviceKey;
using peer::InviteFields;
using peer::make_invite;

}  // namespace lethe::test
