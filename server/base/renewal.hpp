#pragma once
// How what was renewed comes from the process that may read files to the one that may not: this header, then as many bytes of the
// PEM chain and of the PEM key as it says, then the settings, if it says so. Both ends are the same program on the same machine.
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <lethe/base/limits.hpp>

#include "base/event_log.hpp"

namespace lethe {

struct RenewalHeader {
  std::uint32_t certificate = 0;   // 0, and `key` too: no certificate follows
  std::uint32_t key = 0;
  std::uint32_t settings = 0;      // 0, or the size of Settings
};

// What a relay that runs can be given anew. Those of the limits that take effect at a start only are as they were.
struct Settings {
  Limits limits;
  Severity level = Severity::info;   // least logged
  std::uint64_t changed = 0;         // options, for the log
};
static_assert(std::is_trivially_copyable_v<Settings>);

// A chain of the longest certificates in use has some 20 KiB, a key some 13 KiB (RSA of 16,384 bits).
inline constexpr std::size_t longest_certificate = 262'144;
inline constexpr std::size_t longest_key = 65'536;

}  // namespace lethe
