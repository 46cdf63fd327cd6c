#include "net/stack_scrub.hpp"

#include <gtest/gtest.h>

#include <array>

#include "support/own_memory.hpp"

namespace lethe::net {
namespace {

#ifdef LETHE_MEMORY_CAN_BE_SEARCHED
// Leaves the mark on the stack, some way down.
[[gnu::noinline]] void leave(const test::MemoryMark& mark, std::size_t& seen) {
  std::array<std::uint8_t, 8'192> below;
  mark.write(below);
  asm volatile("" : : "r"(below.data()) : "memory");   // or the compiler leaves the writing out
  seen = mark.copies();
}

TEST(StackScrub, OverwritesTheStackOnceTheLoopComesRound) {
  asio::io_context context;
  StackScrub scrub;
  const test::MemoryMark mark;
  std::size_t seen = 0;
  asio::post(context, [&] {
    leave(mark, seen);
    scrub.due(context.get_executor());
    scrub.due(context.get_executor());
  });
  EXPECT_EQ(context.poll(), 2U) << "one scrub for all that is due";
  EXPECT_EQ(seen, 512U);
  EXPECT_EQ(mark.copies(), 0U);
}

#endif

}  // namespace
}  // namespace lethe::net
