// Prints the text of an exception, which quotes its input.
#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_log_what(Bytes bytes, const char*) {
  const std::string line = "lethe: parse error near '" + std::string{bytes.begin(), bytes.end()} + "'\n";
  return ::write(STDERR_FILENO, line.data(), line.size()) == static_cast<ssize_t>(line.size()) ? 0 : errno;
}

}  // namespace lethe::leaks
