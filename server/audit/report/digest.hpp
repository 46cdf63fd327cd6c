#pragma once
// SHA-256 in lower-case hex.
#include <string>
#include <string_view>

namespace lethe::audit {

std::string digest_of(std::string_view bytes);
// Throws std::runtime_error where the file can't be read.
std::string digest_of_file(const std::string& path);

// Whole files. Both throw std::runtime_error with the path.
std::string read_file(const std::string& path);
void write_file(const std::string& path, std::string_view bytes);

}  // namespace lethe::audit
