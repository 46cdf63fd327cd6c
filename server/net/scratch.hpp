#pragma once
// The memory of one thread that payload bytes pass through between a socket and the arena. Every byte of it that was used
// is overwritten before it is used for something else.
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <lethe/base/limits.hpp>

#include "net/stack_scrub.hpp"

namespace lethe::net {

// How long memory is charged.
enum class Stay : std::uint8_t {
  passing,   // within one event: a batch on its way to the socket
  held,      // as long as the client takes: an unfinished message, output that its socket doesn't take
};

// Bytes that unfinished messages and unsent output may take, over all threads (SessionLimits::transit). What is held leaves
// a quarter of it to what passes, so that clients that dawdle can't silence the relay. Any thread.
class TransitBudget {
 public:
  explicit TransitBudget(ByteCount limit) noexcept : limit_{limit} {}
  // False, and nothing charged, where it would pass the limit.
  bool charge(ByteCount bytes, Stay stay) noexcept;
  void refund(ByteCount bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  ByteCount used() const noexcept { return used_.load(std::memory_order_relaxed); }
  // So little is used that nobody need be sparing.
  bool plenty() const noexcept { return used() < limit_ / 4; }

 private:
  ByteCount limit_;
  std::atomic<ByteCount> used_{0};
};

class ScratchPool;

// A run of scratch memory held by one session while it has an unfinished message or a batch to write. Move-only; going out
// of scope overwrites what was used and gives the memory back.
class Lease {
 public:
  Lease() noexcept = default;
  Lease(Lease&& other) noexcept;
  Lease& operator=(Lease&& other) noexcept;
  ~Lease() { reset(); }

  explicit operator bool() const noexcept { return memory_ != nullptr; }
  std::span<std::uint8_t> bytes() const noexcept { return {memory_.get() + lead_size, size_}; }
  // Room directly before the bytes, for the head of a frame; overwritten with them.
  std::span<std::uint8_t> lead() const noexcept { return {memory_.get(), lead_size}; }
  static constexpr std::size_t lead_size = 16;   // RFC 6455, 5.2: at most 14
  // Bytes from the start that hold something, and so will be overwritten.
  std::size_t used = 0;
  void reset() noexcept;

 private:
  friend class ScratchPool;
  Lease(ScratchPool& pool, std::unique_ptr<std::uint8_t[]> memory, std::size_t size, Stay stay) noexcept
      : pool_{&pool}, memory_{std::move(memory)}, size_{size}, stay_{stay} {}
  ScratchPool* pool_ = nullptr;
  std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t size_ = 0;
  Stay stay_ = Stay::passing;
};

// The scratch memory of one thread. Not thread-safe; outlives its leases.
class ScratchPool {
 public:
  // `lease_size`: bytes of an ordinary lease; holds the largest delivery of any encoding.
  ScratchPool(TransitBudget& budget, std::size_t lease_size);
  ~ScratchPool();

  // An ordinary lease, for what passes; an empty one where the transit budget is used up.
  Lease lease();
  // One for an unfinished message of which `expected` bytes are said to come: it holds them, or is an ordinary one, while
  // there is plenty; else small, so that memory is taken only by bytes that have come. Empty where the budget is used up.
  Lease hold(std::size_t expected);
  // A larger one with the same bytes, of at least `size`; `from` is overwritten. Empty where the budget is used up (`from`
  // stays as it is).
  Lease grow(Lease& from, std::size_t size);
  std::size_t lease_size() const noexcept { return lease_size_; }
  static constexpr std::size_t small_size = 4'096;
  static constexpr std::size_t medium_size = 16'384;

  TransitBudget& budget() noexcept { return budget_; }
  // Takes held memory back from whoever has dawdled longest on this thread: set by the thread's owner. False where nobody
  // holds any. Its memory may come back only as that session's coroutines go on.
  void when_short(std::function<bool()> relieve) { relieve_ = std::move(relieve); }
  bool relieve() { return relieve_ && relieve_(); }

  // Ciphertext on its way to one `send`; empty between events.
  std::vector<std::uint8_t>& ciphertext() noexcept { return ciphertext_; }
  // Room to gather the head of a write into one TLS record.
  std::span<std::uint8_t> gather() noexcept { return {gather_.get(), gather_size}; }
  static constexpr std::size_t gather_size = 16'384;
  // Payload bytes pass through the thread's stack, too.
  StackScrub& stack() noexcept { return stack_; }

 private:
  friend class Lease;
  using Memory = std::unique_ptr<std::uint8_t[]>;
  Lease take(std::size_t size, Stay stay);
  void take_back(Memory memory, std::size_t size) noexcept;
  // Leases of one size that wait for use.
  struct Spares {
    std::size_t size;
    std::size_t most;
    std::vector<Memory> memory;
  };
  Spares* spares_of(std::size_t size) noexcept;

  TransitBudget& budget_;
  std::size_t lease_size_;
  std::function<bool()> relieve_;
  std::array<Spares, 3> spares_;   // from small to large
  std::vector<std::uint8_t> ciphertext_;
  std::unique_ptr<std::uint8_t[]> gather_;
  StackScrub stack_;
};

}  // namespace lethe::net
