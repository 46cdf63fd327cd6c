#pragma once
// Messages for devices that are away.
#include "bench/workload.hpp"

namespace lethe::bench {

// Queues `messages` by turns for `mailboxes` devices from `first` on, from all threads of the load. Throws std::runtime_error where
// one is refused, and where nothing moves for half a minute.
void fill(const Options& options, std::size_t first, std::uint64_t messages, std::uint64_t mailboxes);

// The part of `all` that is thread `thread`'s.
inline std::uint64_t share(std::uint64_t all, const Options& options, unsigned thread) {
  return all / options.threads + (thread < all % options.threads ? 1 : 0);
}

}  // namespace lethe::bench
