#pragma once
// Searches all memory of a process through /proc/PID/mem. Needs the right to trace it (root: also where it is not dumpable).
//
// The process is not stopped: it is held by the workload at a moment at which it has nothing to do, and a stop would disturb
// its timers. A copy that moved during the scan, from a place not yet read to one already read, would be missed.
//
// Not seen: registers, the kernel's buffers, and mappings that can't be read at all (memfd_secret(2)), which are counted.
#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "audit/canary/search.hpp"
#include "audit/probes/memory_map.hpp"

namespace lethe::audit {

struct MemoryHit {
  Hit hit;                       // its offset: within the mapping
  std::size_t mapping = 0;       // its place in MemoryScan::mappings
};

struct MemoryScan {
  std::vector<Mapping> mappings;
  std::vector<MemoryHit> hits;   // in order of addresses
  std::uint64_t read = 0;        // bytes searched
  std::uint64_t absent = 0;      // bytes of private pages that were never touched or are given back: they hold nothing
  std::uint64_t unreadable = 0;  // bytes of mappings that were still there and could not be read
  bool cut = false;              // more hits than `limit`
  bool refused = false;          // the process could not be opened, or has ended: nothing was looked at
};

MemoryScan scan_memory(pid_t process, const Search& search, std::size_t limit = 1'000'000);

}  // namespace lethe::audit
