#pragma once
// Reading a small file that may hold a key.
#include <cstddef>
#include <string>

#include <lethe/base/result.hpp>

namespace lethe::ops {

// The bytes of the file. Error: errno of open(2) or read(2); EFBIG for more than `longest` bytes, EINVAL for an empty one and
// for what isn't a regular file. Nothing else of the content stays in memory.
Result<std::string> read_secret_file(const std::string& path, std::size_t longest);

// Overwrites it and leaves it empty.
void forget(std::string& secret) noexcept;

}  // namespace lethe::ops
