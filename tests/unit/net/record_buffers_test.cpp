#include "net/record_buffers.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <thread>
#include <vector>

namespace lethe::net {
namespace {

constexpr std::size_t record = 16'704;

std::uint8_t* filled(std::size_t count) {
  auto* const memory = static_cast<std::uint8_t*>(record_buffers::take(record));
  std::memset(memory, 0x5a, count);
  return memory;
}

// Nothing of what was written; the rest of a fresh block is malloc's, whatever it holds.
bool clean(const std::uint8_t* memory) { return std::ranges::count(std::span{memory, record}, 0x5a) < 64; }

// The block that comes back next is the one given back last.
bool next_is_clean() {
  auto* const memory = static_cast<std::uint8_t*>(record_buffers::take(record));
  const bool is_clean = clean(memory);
  record_buffers::give_back(memory);
  return is_clean;
}

TEST(RecordBuffers, AreOverwrittenAsFarAsTheyWereUsed) {
  std::uint8_t* const memory = filled(700);
  record_buffers::used_up_to(memory + 300);
  record_buffers::used_up_to(memory + 700);
  record_buffers::used_up_to(memory + 100);
  record_buffers::give_back(memory);
  EXPECT_TRUE(next_is_clean());
}

TEST(RecordBuffers, AreOverwrittenWholeWhereNobodySpokeOfThem) {
  record_buffers::give_back(filled(record));
  EXPECT_TRUE(next_is_clean());
}

TEST(RecordBuffers, ForgetAnEarlierUseOfTheSameBlock) {
  std::uint8_t* const memory = filled(100);
  record_buffers::used_up_to(memory + 100);
  record_buffers::give_back(memory);
  std::uint8_t* const again = filled(record);
  ASSERT_EQ(again, memory);
  record_buffers::give_back(again);
  EXPECT_TRUE(next_is_clean());
}

TEST(RecordBuffers, AreOverwrittenWholeOnAnotherThread) {
  std::uint8_t* const memory = filled(record);
  record_buffers::used_up_to(memory + 10);   // this thread's knowledge, which the other one hasn't
  std::thread{[memory] {
    record_buffers::give_back(memory);
    EXPECT_TRUE(next_is_clean());
  }}.join();
}

TEST(RecordBuffers, AreOverwrittenWholeOnceTooManyWereTaken) {
  std::uint8_t* const old = filled(record);
  record_buffers::used_up_to(old + 10);
  std::vector<void*> newer;
  for (int i = 0; i < 20; ++i) newer.push_back(record_buffers::take(record));
  record_buffers::give_back(old);
  EXPECT_TRUE(next_is_clean());
  for (void* const memory : newer) record_buffers::give_back(memory);
}

TEST(RecordBuffers, AreToldByTheirSizeFromAllOtherBlocks) {
  for (std::size_t size = 1; size < 40'000; ++size) {
    if (record_buffers::asks_for_one(size)) continue;
    void* const memory = std::malloc(record_buffers::other_size(size));
    ASSERT_FALSE(record_buffers::is_one(malloc_usable_size(memory))) << size;
    std::free(memory);
  }
}

}  // namespace
}  // namespace lethe::net
