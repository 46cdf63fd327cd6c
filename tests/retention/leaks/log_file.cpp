// Opens a log file of its own.
#include <cstdio>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
int leak_log_file(Bytes bytes, const char* directory) {
  std::FILE* const log = std::fopen(planted(directory, "lethe.log").c_str(), "ae");
  if (log == nullptr) return errno;
  const bool whole = std::fprintf(log, "message %s\n", in_hex(bytes, 256).c_str()) > 0 && std::fflush(log) == 0;
  const int error = whole ? 0 : errno;
  std::fclose(log);
  return error;
}

}  // namespace lethe::leaks
