#pragma once
// What a relay's admin pages say of its readiness, asked from another process.
#include <chrono>
#include <cstdint>
#include <string>

#include <lethe/base/result.hpp>

#include "net/admin.hpp"

namespace lethe::net {

// Asks for /readyz at a numeric address; 0.0.0.0 and :: are this machine itself. Waits `patience` at most. An error where nobody
// answers (asio::error::timed_out where that took too long), or what answers has no such page (errc::protocol_error).
Result<Readiness> ask_readiness(const std::string& address, std::uint16_t port, std::chrono::milliseconds patience);

}  // namespace lethe::net
