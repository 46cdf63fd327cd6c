#pragma once
#include <array>
#include <cstdint>

namespace lethe {

// A SHA-256 of something that everyone may know: a type of its own, so that no key, address or payload passes for one.
struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  friend bool operator==(const Digest&, const Digest&) = default;
};

}  // namespace lethe
