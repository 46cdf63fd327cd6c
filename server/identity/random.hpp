#pragma once
// Random bytes for nonces, epochs and hash keys. Any thread.
#include <cstdint>
#include <span>

namespace lethe::identity {

// Fills `out` from OpenSSL's generator. A generator that fails stops the process: nothing safe can be done without it.
void random_bytes(std::span<std::uint8_t> out) noexcept;

}  // namespace lethe::identity
