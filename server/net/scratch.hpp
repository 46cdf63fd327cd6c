#pragma once
// The memory of one thread that payload bytes pass through between a socket and the arena. Every byte of it that was used
// is overwritten before it is used for something else.
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <lethe/base/limits.hpp>

#include "net/stack_scrub.hpp"

namespace lethe::net {

// Bytes that unfinished messages and unsent output may take, over all threads (SessionLimits::transit).
class TransitBudget {
 public:
  explicit TransitBudget(ByteCount limit) noexcept : limit_{limit} {}
  // False, and nothing charged, where it would pass the limit. Any thread.
  bool charge(ByteCount bytes) noexcept;
  void refund(ByteCount bytes) noexcept { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  ByteCount used() const noexcept { return used_.load(std::memory_order_relaxed); }

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
  std::span<std::uint8_t> bytes() const noexcept { return {memory_.get(), size_}; }
  // Bytes from the start that hold something, and so will be overwritten.
  std::size_t used = 0;
  void reset() noexcept;

 private:
  friend class ScratchPool;
  Lease(ScratchPool& pool, std::unique_ptr<std::uint8_t[]> memory, std::size_t size) noexcept
      : pool_{&pool}, memory_{std::move(memory)}, size_{size} {}
  ScratchPool* pool_ = nullptr;
  std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t size_ = 0;
};

// The scratch memory of one thread. Not thread-safe; outlives its leases.
class ScratchPool {
 public:
  // `lease_size`: bytes of an ordinary lease; holds the largest delivery of any encoding.
  ScratchPool(TransitBudget& budget, std::size_t lease_size);
  ~ScratchPool();

  // An ordinary lease; an empty one where the transit budget is used up.
  Lease lease();
  // A larger one with the same bytes; `from` is overwritten. Empty where the budget is used up (`from` stays as it is).
  Lease grow(Lease& from, std::size_t size);
  std::size_t lease_size() const noexcept { return lease_size_; }
  TransitBudget& budget() noexcept { return budget_; }

  // Ciphertext on its way to one `send`; empty between events.
  std::vector<std::uint8_t>& ciphertext() noexcept { return ciphertext_; }
  // Room to gather the head of a write into one TLS record.
  std::span<std::uint8_t> gather() noexcept { return {gather_.get(), gather_size}; }
  static constexpr std::size_t gather_size = 16'384;
  // Payload bytes pass through the thread's stack, too.
  StackScrub& stack() noexcept { return stack_; }

 private:
  friend class Lease;
  void take_back(std::unique_ptr<std::uint8_t[]> memory, std::size_t size) noexcept;

  TransitBudget& budget_;
  std::size_t lease_size_;
  std::vector<std::unique_ptr<std::uint8_t[]>> spare_;
  std::vector<std::uint8_t> ciphertext_;
  std::unique_ptr<std::uint8_t[]> gather_;
  StackScrub stack_;
};

}  // namespace lethe::net
