#pragma once
// Whether memory is all zero.
#include <cstdint>
#include <cstring>
#include <span>

namespace lethe {

// At the speed of the C library's comparison: the bytes against themselves, one further on.
inline bool all_zero(std::span<const std::uint8_t> bytes) noexcept {
  return bytes.empty() || (bytes.front() == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace lethe
