#pragma once
// The C library's heap, set for a server: small blocks are taken and given back thousands of times a second, so ups and downs
// must not go to the kernel. Large blocks, from 16 KiB, come from the kernel and go back to it: where all memory is locked,
// the library can't give back free pages in the middle of its heap (docs/adr/0008-locked-memory.md). What needs large ones
// often keeps some of its own (net/scratch.hpp, net/record_buffers.hpp).
namespace lethe {

// Once, at the start of the program, before threads.
void tune_heap() noexcept;
// The process has this many threads beside the first: no more heaps than threads. Before they start.
void limit_heaps(unsigned threads) noexcept;
// Gives free pages back to the kernel, where they are not locked. Takes up to some milliseconds for each 100 MB of heap; any
// thread.
void return_free_heap() noexcept;

}  // namespace lethe
