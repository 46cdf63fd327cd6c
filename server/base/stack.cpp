#include "base/stack.hpp"

#include <array>
#include <cstdint>

#include <lethe/base/wipe.hpp>

#include "base/mutation.hpp"

namespace lethe {

[[gnu::noinline]] void scrub_stack() noexcept {
  __attribute__((uninitialized)) std::array<std::uint8_t, scrubbed_stack> below;   // or it would be overwritten twice
  if (LETHE_KEEP(stack_scrub)) wipe(below.data(), below.size());
}

}  // namespace lethe
