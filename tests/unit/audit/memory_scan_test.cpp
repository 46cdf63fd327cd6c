#include "audit/probes/memory_scan.hpp"

#include <gtest/gtest.h>
#include <malloc.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>

#include "audit/canary/canaries.hpp"

namespace lethe::audit {
namespace {

using Bytes = std::vector<std::uint8_t>;
constexpr std::size_t page = 4'096;

// What a child is handed lands at `into` alone; it is handed when it has come so far.
bool receive(int from, void* into, std::size_t size) {
  return ::recv(from, into, size, MSG_WAITALL) == static_cast<ssize_t>(size);
}

// Tells the test that all is in its place, and waits there until the end.
[[noreturn]] void stay(int socket) {
  (void)::send(socket, "r", 1, 0);
  for (;;) ::pause();
}

// A process that was forked before the canaries were made, so that it has none but those that it is handed.
class Holder {
 public:
  explicit Holder(const std::function<void(int)>& body) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) throw std::runtime_error("no sockets");
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::close(ends[0]);
      body(ends[1]);
      ::_exit(1);
    }
    ::close(ends[1]);
    socket_ = ends[0];
  }
  ~Holder() {
    ::kill(pid_, SIGKILL);
    (void)::waitpid(pid_, nullptr, 0);
    ::close(socket_);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  void hand(const Bytes& bytes) const { ASSERT_EQ(::send(socket_, bytes.data(), bytes.size(), 0), std::ssize(bytes)); }
  // False where the child has given up.
  bool ready() const {
    char byte = 0;
    return ::recv(socket_, &byte, 1, 0) == 1;
  }
  MemoryScan scan(const Canaries& canaries, std::size_t limit = 1'000'000) const {
    return scan_memory(pid_, Search{canaries}, limit);
  }

 private:
  pid_t pid_ = -1;
  int socket_ = -1;
};

// Never the same twice: what other tests have left in this process the children inherit.
Canaries fresh_canaries() {
  static std::uint64_t trial = 0;
  return Canaries{0x6d65'6d6f'7279, ++trial};
}

const Mapping& mapping_of(const MemoryScan& scan, std::size_t hit) { return scan.mappings[scan.hits.at(hit).mapping]; }

void* pages(std::size_t size, int flags = MAP_PRIVATE | MAP_ANONYMOUS, int descriptor = -1) {
  return ::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, descriptor, 0);
}

TEST(MemoryScan, FindsEveryBlockOnTheHeap) {
  const Holder holder{[](int socket) {
    void* const block = std::malloc(4'000);
    if (receive(socket, block, 4'000)) stay(socket);
  }};
  Canaries canaries = fresh_canaries();
  holder.hand(canaries.payload(4'000));
  ASSERT_TRUE(holder.ready());
  const MemoryScan scan = holder.scan(canaries);
  ASSERT_EQ(scan.hits.size(), 250U);
  EXPECT_EQ(mapping_of(scan, 0).name, "[heap]");
  EXPECT_EQ(scan.hits[249].hit.block, 249U);
  EXPECT_EQ(scan.hits[249].hit.offset - scan.hits[0].hit.offset, 249 * Blocks::size);
}

TEST(MemoryScan, FindsABufferOnTheStack) {
  const Holder holder{[](int socket) {
    std::uint8_t buffer[24];
    if (receive(socket, buffer, sizeof buffer)) stay(socket);
  }};
  Canaries canaries = fresh_canaries();
  holder.hand(canaries.payload(24));
  ASSERT_TRUE(holder.ready());
  const MemoryScan scan = holder.scan(canaries);
  ASSERT_GE(scan.hits.size(), 1U);
  EXPECT_EQ(mapping_of(scan, 0).name, "[stack]");
  EXPECT_EQ(scan.hits[0].hit.block, 0U);
}

TEST(MemoryScan, FindsWhatFreeLeaves) {
  const Holder holder{[](int socket) {
    void* const block = std::malloc(1'500);
    void* volatile after = std::malloc(100);   // keeps the block from being given back
    if (!receive(socket, block, 1'500) || after == nullptr) return;
    std::free(block);
    stay(socket);
  }};
  Canaries canaries = fresh_canaries();
  holder.hand(canaries.payload(1'500));
  ASSERT_TRUE(holder.ready());
  const MemoryScan scan = holder.scan(canaries);
  EXPECT_GE(scan.hits.size(), 90U) << "all but the blocks where the heap's own pointers lie now";
  EXPECT_LE(scan.hits.size(), 94U);
}

TEST(MemoryScan, CountsSecretMemoryAsUnreadable) {
  const Holder holder{[](int socket) {
    const int descriptor = static_cast<int>(::syscall(SYS_memfd_secret, 0));
    if (descriptor < 0 || ::ftruncate(descriptor, 64 * page) != 0) return;
    void* const memory = pages(64 * page, MAP_SHARED, descriptor);
    if (memory != MAP_FAILED && receive(socket, memory, 4'000)) stay(socket);
  }};
  Canaries canaries = fresh_canaries();
  holder.hand(canaries.payload(4'000));
  if (!holder.ready()) GTEST_SKIP() << "this kernel has no memfd_secret";
  const MemoryScan scan = holder.scan(canaries);
  EXPECT_TRUE(scan.hits.empty());
  EXPECT_EQ(scan.unreadable, 64 * page);
  EXPECT_FALSE(scan.refused);
}

TEST(MemoryScan, FindsWhatLiesAcrossPartsAndAcrossMappings) {
  static constexpr std::size_t at = (std::size_t{1} << 20) - 7;
  const Holder holder{[](int socket) {
    auto* const memory = static_cast<std::uint8_t*>(pages(3 << 20));
    auto* const split = static_cast<std::uint8_t*>(pages(2 * page));
    if (!receive(socket, memory + at, 48) || !receive(socket, split + page - 7, 48)) return;
    if (::mprotect(split + page, page, PROT_READ) == 0) stay(socket);
  }};
  Canaries canaries = fresh_canaries();
  holder.hand(canaries.payload(48));
  holder.hand(canaries.payload(48));
  ASSERT_TRUE(holder.ready());
  const MemoryScan scan = holder.scan(canaries);
  std::vector<std::uint32_t> blocks;
  for (const MemoryHit& hit : scan.hits) blocks.push_back(hit.hit.block.value());
  std::ranges::sort(blocks);
  EXPECT_EQ(blocks, (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5}));
  for (const MemoryHit& hit : scan.hits) {
    const Mapping& mapping = scan.mappings[hit.mapping];
    EXPECT_LT(hit.hit.offset, mapping.size()) << "named by the mapping in which it begins";
    if (hit.hit.block == 3U) {
      EXPECT_EQ(mapping.end - mapping.begin - hit.hit.offset, 7U);
    }
  }
}

TEST(MemoryScan, FindsWhatIsNoLongerReadableForTheProcessItself) {
  const Holder holder{[](int socket) {
    void* const memory = pages(page);
    if (receive(socket, memory, 160) && ::mprotect(memory, page, PROT_NONE) == 0) stay(socket);
  }};
  Canaries canaries = fresh_canaries();
  holder.hand(canaries.payload(160));
  ASSERT_TRUE(holder.ready());
  EXPECT_EQ(holder.scan(canaries).hits.size(), 10U);
}

TEST(MemoryScan, ReadsSharedPagesThatTheProcessHasNotMappedYet) {
  const Holder holder{[](int socket) {
    const int descriptor = ::memfd_create("test", 0);
    if (::ftruncate(descriptor, 16 * page) != 0) return;
    void* const first = pages(16 * page, MAP_SHARED, descriptor);
    if (!receive(socket, first, 160) || ::munmap(first, 16 * page) != 0) return;
    if (pages(16 * page, MAP_SHARED, descriptor) != MAP_FAILED) stay(socket);
  }};
  Canaries canaries = fresh_canaries();
  holder.hand(canaries.payload(160));
  ASSERT_TRUE(holder.ready());
  EXPECT_EQ(holder.scan(canaries).hits.size(), 10U);
}

TEST(MemoryScan, PassesOverPagesThatWereNeverTouched) {
  static constexpr std::size_t much = std::size_t{8} << 30;
  const Holder holder{[](int socket) {
    auto* const memory = static_cast<std::uint8_t*>(pages(much, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE));
    if (memory != MAP_FAILED && receive(socket, memory + much - 3 * page, 160)) stay(socket);
  }};
  Canaries canaries = fresh_canaries();
  holder.hand(canaries.payload(160));
  ASSERT_TRUE(holder.ready());
  const MemoryScan scan = holder.scan(canaries);
  EXPECT_EQ(scan.hits.size(), 10U);
  EXPECT_GE(scan.absent, much - 8 * page);
  EXPECT_LT(scan.read, much / 8);
}

TEST(MemoryScan, SeesIntoAProcessThatIsNotDumpable) {
  const Holder holder{[](int socket) {
    ::prctl(PR_SET_DUMPABLE, 0);
    void* const memory = pages(page);
    if (receive(socket, memory, 160)) stay(socket);
  }};
  Canaries canaries = fresh_canaries();
  holder.hand(canaries.payload(160));
  ASSERT_TRUE(holder.ready());
  const MemoryScan scan = holder.scan(canaries);
  if (::geteuid() != 0) {
    EXPECT_TRUE(scan.refused);
  } else {
    EXPECT_EQ(scan.hits.size(), 10U);
  }
}

TEST(MemoryScan, FindsNothingThatWasOverwritten) {
  const Holder holder{[](int socket) {
    void* const block = std::malloc(4'000);
    if (!receive(socket, block, 4'000)) return;
    ::explicit_bzero(block, 4'000);
    stay(socket);
  }};
  Canaries canaries = fresh_canaries();
  holder.hand(canaries.payload(4'000));
  ASSERT_TRUE(holder.ready());
  const MemoryScan scan = holder.scan(canaries);
  EXPECT_TRUE(scan.hits.empty());
  EXPECT_GT(scan.read, 100 * page);
}

TEST(MemoryScan, SaysWhenItSawNothing) {
  const pid_t ended = ::fork();
  if (ended == 0) ::_exit(0);
  ASSERT_EQ(::waitpid(ended, nullptr, 0), ended);
  const Canaries canaries = fresh_canaries();
  EXPECT_TRUE(scan_memory(ended, Search{canaries}).refused);
}

TEST(MemoryScan, SaysWhenThereWereMoreHitsThanItCounts) {
  const Holder holder{[](int socket) {
    void* const block = std::malloc(4'000);
    if (receive(socket, block, 4'000)) stay(socket);
  }};
  Canaries canaries = fresh_canaries();
  holder.hand(canaries.payload(4'000));
  ASSERT_TRUE(holder.ready());
  EXPECT_FALSE(holder.scan(canaries, 250).cut);
  const MemoryScan scan = holder.scan(canaries, 100);
  EXPECT_TRUE(scan.cut);
  EXPECT_EQ(scan.hits.size(), 100U);
}

}  // namespace
}  // namespace lethe::audit
