#pragma once
// Reads a block device past the page cache (O_DIRECT) and searches it: what is really there, also where no file is any more.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/canary/search.hpp"

namespace lethe::audit {

struct DeviceContent {
  std::uint64_t bytes = 0;          // read
  std::vector<Hit> hits;            // offsets on the device
};

// Absent, with errno, where it can't be read so.
std::optional<DeviceContent> scan_device(const std::string& device, const Search& search);

}  // namespace lethe::audit
