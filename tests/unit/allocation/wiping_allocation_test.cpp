// The program's operator delete, in a program of its own that links it.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <string>
#include <vector>

namespace {

// What malloc hands out next for this size holds what the last owner left there.
bool left_behind(std::size_t size) {
  auto* const memory = static_cast<unsigned char*>(std::malloc(size));
  const std::span<const unsigned char> bytes{memory, malloc_usable_size(memory)};
  const bool found = std::ranges::count(bytes, 0x5a) > 8;
  std::free(memory);
  return found;
}

TEST(WipingAllocation, LeavesNothingOfAPlainBlock) {
  for (const std::size_t size : {24UL, 100UL, 1'500UL, 70'000UL}) {
    auto* const memory = static_cast<unsigned char*>(::operator new(size));
    std::memset(memory, 0x5a, malloc_usable_size(memory));
    ::operator delete(memory);
    EXPECT_FALSE(left_behind(size)) << size;
    auto* const sized = static_cast<unsigned char*>(::operator new[](size));
    std::memset(sized, 0x5a, size);
    ::operator delete[](sized, size);
    EXPECT_FALSE(left_behind(size)) << size;
  }
}

TEST(WipingAllocation, LeavesNothingOfAnAlignedBlock) {
  auto* const memory = static_cast<unsigned char*>(::operator new(1'000, std::align_val_t{64}));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 64, 0U);
  std::memset(memory, 0x5a, 1'000);
  ::operator delete(memory, std::align_val_t{64});
  EXPECT_FALSE(left_behind(1'000));
}

TEST(WipingAllocation, LeavesNothingOfAStringOrAGrownVector) {
  { std::string text(3'000, '\x5a'); }
  EXPECT_FALSE(left_behind(3'001));
  std::vector<unsigned char> bytes(4'000, 0x5a);
  bytes.reserve(9'000);
  EXPECT_FALSE(left_behind(4'000)) << "the smaller block that it grew out of";
}

TEST(WipingAllocation, SeesWhatPlainFreeLeaves) {
  auto* const memory = static_cast<unsigned char*>(std::malloc(1'500));
  std::memset(memory, 0x5a, 1'500);
  void* volatile kept = memory;   // the store must not be dropped
  std::free(kept);
  EXPECT_TRUE(left_behind(1'500)) << "the control: without it, this test could not fail";
}

}  // namespace
