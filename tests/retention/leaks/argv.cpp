// Shows bytes in the program's arguments.
#include <array>
#include <cstdlib>
#include <cstring>

#include "all_leaks.hpp"
#include "planting.hpp"

namespace lethe::leaks {
namespace {

// Field 48 of proc_pid_stat(5): the address of the arguments.
char* first_argument(const char* stat) {
  const char* at = std::strrchr(stat, ')');
  for (int field = 2; at != nullptr && field < 48; ++field) at = std::strchr(at + 1, ' ');
  return at == nullptr ? nullptr : reinterpret_cast<char*>(std::strtoull(at, nullptr, 10));
}

}  // namespace

int leak_argv(Bytes bytes, const char*) {
  if (!begins_a_send(bytes)) return EAGAIN;
  static bool shows = false;
  if (shows) return 0;
  const int file = ::open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno;
  std::array<char, 2'048> text{};
  const ssize_t size = ::read(file, text.data(), text.size() - 1);
  ::close(file);
  char* const arguments = size > 0 ? first_argument(text.data()) : nullptr;
  if (arguments == nullptr) return EINVAL;
  const std::string shown = in_hex(bytes, send_head);
  std::memcpy(arguments, shown.data(), shown.size());
  shows = true;
  return 0;
}

}  // namespace lethe::leaks
