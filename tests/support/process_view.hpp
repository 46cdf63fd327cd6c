#pragma once
// A process as /proc shows it.
#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace lethe::test {

// The lines of /proc/PID/status, or of a thread's, by name.
std::map<std::string, std::string> status_of(pid_t process);
std::vector<std::map<std::string, std::string>> threads_of(pid_t process);
// What each open descriptor is, by readlink(2): "socket:[1]", "/dev/null". Empty where the caller may not look.
std::map<int, std::string> descriptors_of(pid_t process);
// NAME=value. Empty where the caller may not look.
std::vector<std::string> environment_of(pid_t process);
// The soft and hard limit as /proc/PID/limits writes them: "0 0".
std::string limit_of(pid_t process, const std::string& name);
std::vector<pid_t> children_of(pid_t process);
// Whether any readable memory of the process holds the bytes. Throws std::runtime_error where the caller may not look.
bool memory_holds(pid_t process, const std::string& bytes);
// Whether it runs; a zombie doesn't.
bool alive(pid_t process);

}  // namespace lethe::test
