#pragma once
// Keeping all of this process' memory out of the swap: the heap has the envelopes of messages, stacks and buffers have
// bytes that pass through. Source: mlockall(2), getrlimit(2), mallopt(3). docs/adr/0008-all-memory-is-locked.md
#include <lethe/base/limits.hpp>

namespace lethe {

// Raises this process' RLIMIT_MEMLOCK as far as it may: to no limit, else to the hard one.
void raise_lock_limit() noexcept;

enum class LockedMemory {
  all,          // everything there is and everything to come
  reserved,     // everything there is, and a heap that was enlarged by what is to come before it was locked
  refused       // the system said no, or has no room to reserve. What is to come isn't locked
};

// Locks it, each page once it is used (MCL_ONFAULT); raises the limit first. `to_come`: the most bytes of address space
// that the process may take from here on: a thread's stack and its heap count whole (thread_address_space).
// Where the limit is finite, a later allocation beyond it would fail; with the capability CAP_IPC_LOCK the heap is
// enlarged instead: it is one for all threads from then on, never shrinks, and the kernel is asked for no other memory.
// Before other threads start.
LockedMemory lock_all_memory(ByteCount to_come) noexcept;

// Bytes that lock_all_memory would need a limit of.
ByteCount lock_limit_needed(ByteCount to_come) noexcept;

// What one more thread takes of it, whether used or not: its stack, and 64 MiB that the C library reserves for its heap.
inline constexpr ByteCount thread_address_space = 70'000'000;

}  // namespace lethe
