#include "base/arena.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/arena_classes.hpp"

namespace lethe {
namespace {

Arena::Options options(std::size_t slabs, unsigned shards = 1, MemoryLocking locking = MemoryLocking::best_effort,
                       SecretMemory secret = SecretMemory::off) {
  return {.size = slabs * Arena::slab_size, .locking = locking, .secret = secret, .shards = shards};
}

bool all_zero(const std::uint8_t* from, std::size_t size) {
  return std::all_of(from, from + size, [](std::uint8_t byte) { return byte == 0; });
}

// Pages of the slab that are in memory.
std::size_t resident_pages(const void* slab) {
  std::array<unsigned char, Arena::slab_size / 4'096> pages{};
  if (::mincore(const_cast<void*>(slab), Arena::slab_size, pages.data()) != 0) return 9'999;
  return static_cast<std::size_t>(std::count_if(pages.begin(), pages.end(), [](unsigned char page) { return (page & 1) != 0; }));
}

TEST(ArenaClasses, HoldTheirBytesWithLittleWaste) {
  for (std::size_t bytes = 1; bytes <= Arena::slab_size; ++bytes) {
    const std::size_t index = arena_classes::index_of(bytes);
    const std::size_t size = arena_classes::size_of(index);
    ASSERT_LT(index, arena_classes::count);
    ASSERT_GE(size, bytes);
    ASSERT_EQ(size % 16, 0U);
    ASSERT_LE(size - bytes, std::max<std::size_t>(15, bytes / 8)) << bytes;
    ASSERT_TRUE(index == 0 || arena_classes::size_of(index - 1) < bytes);
  }
}

TEST(Arena, HandsOutZeroedBlocksOfTheAskedSize) {
  Arena arena{options(4)};
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{256}, std::size_t{65'536}, Arena::largest_block}) {
    ArenaBlock* const block = arena.shard(0).allocate(size);
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(block->bytes().size(), size);
    EXPECT_TRUE(all_zero(block->bytes().data(), size));
    block->release();
  }
  EXPECT_EQ(arena.shard(0).allocate(Arena::largest_block + 1), nullptr);
}

TEST(Arena, OverwritesABlockWhenTheLastReferenceGoes) {
  Arena arena{options(1)};
  ArenaBlock* const block = arena.shard(0).allocate(1'000);
  std::uint8_t* const bytes = block->bytes().data();
  std::memset(bytes, 0xee, 1'000);
  block->retain();
  block->release();
  EXPECT_EQ(bytes[999], 0xee);
  EXPECT_EQ(arena.used(), arena_classes::size_of(arena_classes::index_of(1'016)));
  block->release();
  EXPECT_TRUE(all_zero(bytes, 1'000)) << "before release returned";
  EXPECT_EQ(block->size, 0U);
  EXPECT_EQ(arena.used(), 0U);
}

TEST(Arena, KeepsFreeBlocksAllZero) {
  Arena arena{options(8)};
  std::mt19937_64 random{7};
  std::vector<ArenaBlock*> blocks;
  for (int step = 0; step < 20'000; ++step) {
    if (blocks.size() < 50 || random() % 2 == 0) {
      const std::size_t size = random() % 3'000;
      ArenaBlock* const block = arena.shard(0).allocate(size);
      if (block == nullptr) continue;
      ASSERT_TRUE(all_zero(block->bytes().data(), size));
      std::memset(block->bytes().data(), 0xff, size);
      blocks.push_back(block);
    } else {
      std::swap(blocks[random() % blocks.size()], blocks.back());
      blocks.back()->release();
      blocks.pop_back();
    }
  }
  for (ArenaBlock* const block : blocks) block->release();
  EXPECT_EQ(arena.used(), 0U);
}

TEST(Arena, CountsUsedBytesWithHeadersAndRounding) {
  Arena arena{options(2)};
  ArenaBlock* const block = arena.shard(0).allocate(256);
  EXPECT_EQ(arena.used(), 272U);
  ArenaBlock* const other = arena.shard(0).allocate(1);
  EXPECT_EQ(arena.used(), 304U);
  block->release();
  EXPECT_EQ(arena.used(), 32U);
  other->release();
}

TEST(Arena, SaysWhenItIsFullAndServesAnotherClassOnceEmpty) {
  Arena arena{options(1)};
  std::vector<ArenaBlock*> blocks;
  while (ArenaBlock* const block = arena.shard(0).allocate(256)) blocks.push_back(block);
  EXPECT_EQ(blocks.size(), Arena::slab_size / 272);
  EXPECT_EQ(arena.shard(0).allocate(10), nullptr);
  for (ArenaBlock* const block : blocks) block->release();
  ArenaBlock* const large = arena.shard(0).allocate(Arena::largest_block);
  ASSERT_NE(large, nullptr);
  EXPECT_TRUE(all_zero(large->bytes().data(), large->size));
  large->release();
}

TEST(Arena, GivesEmptySlabsToOtherShardsAfterAWhile) {
  Arena arena{options(2, 2)};
  ArenaBlock* const first = arena.shard(0).allocate(Arena::largest_block);
  ArenaBlock* const second = arena.shard(0).allocate(Arena::largest_block);
  EXPECT_EQ(arena.shard(1).allocate(1), nullptr);
  first->release();
  second->release();
  for (int sweeps = 0; sweeps < 4; ++sweeps) arena.shard(0).reclaim();
  EXPECT_EQ(arena.shard(0).slabs(), 0U);
  ArenaBlock* const moved = arena.shard(1).allocate(1);
  ASSERT_NE(moved, nullptr);
  moved->release();
}

TEST(Arena, KeepsTheSlabsThatASteadyLoadNeeds) {
  Arena arena{options(4)};
  ArenaShard& shard = arena.shard(0);
  shard.allocate(1'000)->release();
  for (int sweeps = 0; sweeps < 10; ++sweeps) {
    shard.reclaim();
    shard.allocate(1'000)->release();
    EXPECT_EQ(shard.slabs(), 1U);
  }
}

TEST(Arena, TakesPagesAsTheyAreUsedAndReturnsThem) {
  Arena arena{options(128)};
  ArenaShard& shard = arena.shard(0);
  std::vector<ArenaBlock*> blocks;
  for (int n = 0; n < 100; ++n) blocks.push_back(shard.allocate(Arena::largest_block));
#ifdef NDEBUG   // else the check that a free block is zero has read them all
  EXPECT_EQ(resident_pages(blocks[0]), 1U);
#endif
  for (ArenaBlock* const block : blocks) std::memset(block->bytes().data(), 1, block->size);
  EXPECT_EQ(resident_pages(blocks[50]), 64U);
  for (ArenaBlock* const block : blocks) block->release();
  for (int sweeps = 0; sweeps < 12; ++sweeps) shard.reclaim();
  EXPECT_EQ(shard.slabs(), 0U);
  for (ArenaBlock* const block : blocks) EXPECT_EQ(resident_pages(block), 0U);
}

TEST(Arena, TakesBackBlocksFromOtherThreads) {
  Arena arena{options(16)};
  ArenaShard& shard = arena.shard(0);
  for (int round = 0; round < 20; ++round) {
    std::vector<ArenaBlock*> blocks;
    for (int n = 0; n < 2'000; ++n) {
      blocks.push_back(shard.allocate(200));
      std::memset(blocks.back()->bytes().data(), 0xaa, 200);
      blocks.back()->retain();
    }
    const auto release_all = [&] {
      for (ArenaBlock* const block : blocks) block->release();
    };
    std::thread one{release_all};
    std::thread two{release_all};
    ArenaBlock* const mine = shard.allocate(200);
    EXPECT_TRUE(all_zero(mine->bytes().data(), 200));
    mine->release();
    one.join();
    two.join();
  }
  EXPECT_EQ(arena.used(), 0U);
}

// The flags of the mapping that holds `at`, as proc(5) names them.
std::string mapping_flags(const void* at) {
  std::ifstream maps{"/proc/self/smaps"};
  const auto wanted = reinterpret_cast<std::uintptr_t>(at);
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    unsigned long from = 0;
    unsigned long to = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &from, &to) == 2) inside = from <= wanted && wanted < to;
    if (inside && line.starts_with("VmFlags:")) return line + " ";
  }
  return {};
}

TEST(Arena, IsLockedAndKeptOutOfCoreDumpsAndChildren) {
  for (const SecretMemory secret : {SecretMemory::off, SecretMemory::best_effort}) {
    Arena arena{options(2, 1, MemoryLocking::best_effort, secret)};
    ArenaBlock* const block = arena.shard(0).allocate(16);
    const std::string flags = mapping_flags(block);
    EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;
    EXPECT_NE(flags.find(" dc "), std::string::npos) << flags;
    EXPECT_EQ(flags.find(" lo ") != std::string::npos, arena.locked()) << flags;
    block->release();
  }
}

// What the file system shows of this process' memory at `at`: as root sees it from outside, too.
std::string read_from_outside(const void* at, std::size_t size) {
  const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  std::string bytes(size, '\0');
  const ssize_t got = ::pread(memory, bytes.data(), size, static_cast<off_t>(reinterpret_cast<std::uintptr_t>(at)));
  ::close(memory);
  bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return bytes;
}

TEST(Arena, CanNotBeReadFromOutsideWhereItIsSecret) {
  const std::string payload = "a queued payload";
  for (const SecretMemory secret : {SecretMemory::off, SecretMemory::best_effort}) {
    Arena arena{options(2, 1, MemoryLocking::best_effort, secret)};
    if (secret == SecretMemory::best_effort && !arena.secret()) GTEST_SKIP() << "this kernel has no secret memory";
    ArenaBlock* const block = arena.shard(0).allocate(payload.size());
    std::memcpy(block->bytes().data(), payload.data(), payload.size());
    const bool seen = read_from_outside(block->bytes().data(), payload.size()) == payload;
    EXPECT_EQ(seen, !arena.secret());
    EXPECT_EQ(arena.secret(), secret == SecretMemory::best_effort);
    EXPECT_TRUE(!arena.secret() || arena.locked());
    block->release();
  }
}

TEST(Arena, TakesEveryPageAtOnceWhereItIsSecretAndKeepsIt) {
  Arena arena{options(130, 1, MemoryLocking::best_effort, SecretMemory::best_effort)};   // for two threads and a rest
  if (!arena.secret()) GTEST_SKIP() << "this kernel has no secret memory";
  ArenaShard& shard = arena.shard(0);
  std::vector<ArenaBlock*> blocks;
  while (ArenaBlock* const block = shard.allocate(Arena::largest_block)) blocks.push_back(block);
  EXPECT_EQ(blocks.size(), 130U);
  for (ArenaBlock* const block : blocks) ASSERT_EQ(resident_pages(block), 64U);
  for (ArenaBlock* const block : blocks) std::memset(block->bytes().data(), 1, block->size);
  for (ArenaBlock* const block : blocks) block->release();
  for (int sweeps = 0; sweeps < 12; ++sweeps) shard.reclaim();
  EXPECT_EQ(shard.slabs(), 0U);
  EXPECT_EQ(resident_pages(blocks[0]), 64U);
  ArenaBlock* const again = shard.allocate(1'000);
  ASSERT_NE(again, nullptr);
  EXPECT_TRUE(all_zero(again->bytes().data(), 1'000));
  again->release();
}

TEST(Arena, IsOrdinaryWhereNothingIsToBeLocked) {
  Arena arena{options(2, 1, MemoryLocking::off, SecretMemory::best_effort)};
  EXPECT_FALSE(arena.secret());
  EXPECT_FALSE(arena.locked());
}

// In a child: without privileges and with a small limit.
int construct_unprivileged(MemoryLocking locking, SecretMemory secret) {
  const rlimit limit{65'536, 65'536};
  if (::setrlimit(RLIMIT_MEMLOCK, &limit) != 0) return 10;
  if (::geteuid() == 0 && ::setresuid(65'534, 65'534, 65'534) != 0) return 11;
  try {
    Arena arena{options(4, 1, locking, secret)};
    ArenaBlock* const block = arena.shard(0).allocate(100);
    block->release();
    return arena.locked() ? 1 : 0;
  } catch (const std::runtime_error& error) {
    std::fputs(error.what(), stderr);
    return 2;
  }
}

constexpr const char* kHowToAllowLocking =
    "1048576 bytes.*RLIMIT_MEMLOCK is 65536 bytes.*LimitMEMLOCK=.*--ulimit memlock=.*ulimit -l.*";

TEST(ArenaDeathTest, SaysHowToAllowLockingWhereItIsRequired) {
  for (const SecretMemory secret : {SecretMemory::off, SecretMemory::best_effort}) {
    EXPECT_EXIT(std::_Exit(construct_unprivileged(MemoryLocking::required, secret)), testing::ExitedWithCode(2),
                std::string{kHowToAllowLocking} + "memory.locking=best-effort");
  }
}

TEST(ArenaDeathTest, SaysHowToAllowLockingWhereSecrecyIsRequired) {
  EXPECT_EXIT(std::_Exit(construct_unprivileged(MemoryLocking::best_effort, SecretMemory::required)), testing::ExitedWithCode(2),
              std::string{kHowToAllowLocking} + "memory.secret=best-effort");
}

TEST(ArenaDeathTest, GoesOnUnlockedWhereThatIsAllowed) {
  for (const MemoryLocking locking : {MemoryLocking::best_effort, MemoryLocking::off}) {
    EXPECT_EXIT(std::_Exit(construct_unprivileged(locking, SecretMemory::best_effort)), testing::ExitedWithCode(0), "");
  }
}

// In a child that can't open a descriptor: as good as a kernel without secret memory. 1: ordinary, 2: refused.
int construct_without_secrets(SecretMemory secret, ByteCount size = Arena::slab_size) {
  rlimit usual{};
  ::getrlimit(RLIMIT_NOFILE, &usual);
  const rlimit none{0, usual.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &none) != 0) return 10;
  try {
    Arena arena{{.size = size, .locking = MemoryLocking::best_effort, .secret = secret}};
    return arena.secret() ? 0 : 1;
  } catch (const std::runtime_error& error) {
    ::setrlimit(RLIMIT_NOFILE, &usual);   // a sanitizer opens some to look at the error
    std::fputs(error.what(), stderr);
    return 2;
  }
}

TEST(ArenaDeathTest, SaysWhatSecretMemoryTakesWhereItIsRequired) {
  EXPECT_EXIT(std::_Exit(construct_without_secrets(SecretMemory::required)), testing::ExitedWithCode(2),
              "262144 bytes of secret memory.*Too many open files.*memfd_secret.*secretmem.enable=1.*memory.secret=best-effort");
  // A size that no machine has: refused before a page of it is taken.
  EXPECT_EXIT(std::_Exit(construct_without_secrets(SecretMemory::required, ByteCount{1} << 46)), testing::ExitedWithCode(2),
              "Cannot allocate memory");
}

TEST(ArenaDeathTest, GoesOnWithOrdinaryMemoryWhereThatIsAllowed) {
  EXPECT_EXIT(std::_Exit(construct_without_secrets(SecretMemory::best_effort)), testing::ExitedWithCode(1), "");
}

}  // namespace
}  // namespace lethe
