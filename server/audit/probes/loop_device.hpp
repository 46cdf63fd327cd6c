#pragma once
// Loop devices (loop(4)) over files of the auditor.
#include <cstdint>
#include <string>

namespace lethe::audit {

// Makes a file of `size` bytes and a loop device over it, which goes by itself once nothing uses it. Its path, and in
// `descriptor` what keeps it alive until it is mounted or in use; empty, with errno, where that fails.
std::string make_loop_device(const std::string& file, std::uint64_t size, int& descriptor);

}  // namespace lethe::audit
