#pragma once
// OpenSSL's buffers for one TLS record: taken and given back with every message of every session, 17 KiB each, mostly used
// for a few hundred bytes. Each thread keeps a few warm, and one is overwritten as far as it was used: the socket's side of
// a TLS connection (net/tls_pipe.cpp) says how far.
//
// Overwriting less than all of it is safe because it needs proof: the block's ticket, stored in its last bytes when it was
// taken, must be in this thread's book, which then has seen every use since. Anything else is overwritten whole: a block
// that came with a session from another thread, one that was taken too long ago, one that nobody spoke of.
#include <cstddef>

namespace lethe::net::record_buffers {

// Whether a request of `size` bytes is for one.
bool asks_for_one(std::size_t size) noexcept;
// Whether a block of `usable` bytes is one, given that other requests get a size from `other_size`.
bool is_one(std::size_t usable) noexcept;
std::size_t other_size(std::size_t size) noexcept;

// A block of at least `size` bytes, without anything of its last use; nullptr where there is no memory.
void* take(std::size_t size) noexcept;
// Overwrites what was used, and keeps the block or frees it.
void give_back(void* memory) noexcept;
// The bytes before `end`, which lies in a block taken by this thread, may have been used.
void used_up_to(const void* end) noexcept;

}  // namespace lethe::net::record_buffers
