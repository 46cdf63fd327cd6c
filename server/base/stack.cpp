#include "base/stack.hpp"

#include <array>
#include <cstdint>

#include <lethe/base/wipe.hpp>

#include "base/mutation.hpp"

namespace lethe {

[[gnu::noinline]] void scrub_stack() noexcept {
  std::array<std::uint8_t, scrubbed_stack> below;
  if (LETHE_KEEP(stack_scrub)) wipe(below.data(), below.size());
}

}  // namespace lethe
