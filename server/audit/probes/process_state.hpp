#pragma once
// What /proc tells about one process (proc(5)), as far as it is about ways out of it.
#include <sys/types.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace lethe::audit {

// «Seccomp» → «2», …; empty where the process has gone.
std::map<std::string, std::string> status_of(pid_t process);
// Soft and hard limit, «0 0», by the kernel's name: «Max core file size».
std::map<std::string, std::string> limits_of(pid_t process);
// Descriptor → what it is: «socket:[1]», «/dev/null».
std::map<int, std::string> descriptors_of(pid_t process);
// Names of the variables in its environment as it was when the program began.
std::vector<std::string> variables_of(pid_t process);
std::vector<pid_t> threads_of(pid_t process);
std::vector<pid_t> children_of(pid_t process);

// What a mapping allows and where it comes from.
struct MappingRights {
  std::string rights;   // «rw-p»
  std::string name;     // path or kind; may be empty
};
std::vector<MappingRights> mappings_of(pid_t process);

// Sockets, event and timer descriptors, pipes and /dev/null can't keep anything.
bool keeps_nothing(std::string_view descriptor) noexcept;

}  // namespace lethe::audit
