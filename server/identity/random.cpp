#include "identity/random.hpp"

#include <limits>

#include <openssl/rand.h>

#include "base/check.hpp"

namespace lethe::identity {

void random_bytes(std::span<std::uint8_t> out) noexcept {
  LETHE_CHECK(out.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
  LETHE_CHECK(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

}  // namespace lethe::identity
