#pragma once
// The proof by which a device asks the demo's status feed about its own mailbox (docs/demo.md). Pure functions, any thread.
//
//   Authorization: Lethe-Demo <address>.<time>.<signature>
//
// Address and signature are base64url, the time Unix seconds in decimal. Signed is
//   "lethe/v1/demo-status" | 0 | relay name | 0 | time as it stands
// Whoever sees a proof can ask the same question for a minute, and learns two numbers: it is not bound to a connection.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <lethe/base/ids.hpp>
#include <lethe/base/time.hpp>

namespace lethe::identity {

// How far its time may be from the relay's, either way.
inline constexpr seconds status_proof_slack{60};

// The bytes that a device signs.
std::vector<std::uint8_t> status_message(std::string_view relay_name, std::string_view time);

// The device that the field's value proves, at this relay and time; nothing for anything else.
std::optional<Address> verify_status_proof(std::string_view field, std::string_view relay_name, Wall now);

}  // namespace lethe::identity
