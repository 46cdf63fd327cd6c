#pragma once
// The C library's heap, set for a server: buffers of a message are taken and given back thousands of times a second, so small
// ups and downs must not go to the kernel. Blocks of 256 KiB and more come from the kernel and go back to it: where all memory
// is locked, the library can't give back free pages in the middle of its heap (docs/adr/0008-all-memory-is-locked.md).
#include <lethe/base/limits.hpp>

namespace lethe {

// Once, at the start of the program, before threads.
void tune_heap() noexcept;
// Gives free pages back to the kernel, where they are not locked and the heap is not reserved. Takes up to some milliseconds
// for each 100 MB of heap; any thread.
void return_free_heap() noexcept;
// Where blocks of 256 KiB and more come from once the reservation is used up.
enum class LargeBlocks { in_heap, from_kernel };
// The heap takes this much address space ahead of time, of huge pages where the system has them, and never gives any back: one
// heap for all threads. False, and nothing has changed, where there is no room. Once, before threads.
bool reserve_heap(ByteCount bytes, LargeBlocks large) noexcept;

}  // namespace lethe
