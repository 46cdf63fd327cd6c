#pragma once
// How a renewed certificate comes from the process that may read files to the one that may not: this header, then as many
// bytes of the PEM chain and of the PEM key as it says. Both ends are the same program on the same machine.
#include <cstddef>
#include <cstdint>

namespace lethe {

struct RenewalHeader {
  std::uint32_t certificate = 0;
  std::uint32_t key = 0;
};

// A chain of the longest certificates in use has some 20 KiB, a key some 13 KiB (RSA of 16,384 bits).
inline constexpr std::size_t longest_certificate = 262'144;
inline constexpr std::size_t longest_key = 65'536;

}  // namespace lethe
