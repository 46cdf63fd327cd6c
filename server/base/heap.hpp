#pragma once
// The C library's heap, set for a server: buffers of a message are taken and given back thousands of times a second, so
// small ups and downs must not go to the kernel; but after a drain the memory is returned.
namespace lethe {

// Once, at the start of the program, before threads.
void tune_heap() noexcept;
// Gives free pages back to the kernel. Takes up to some milliseconds for each 100 MB of heap; any thread.
void return_free_heap() noexcept;

}  // namespace lethe
