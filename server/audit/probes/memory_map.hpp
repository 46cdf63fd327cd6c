#pragma once
// The mappings of a process, as /proc/PID/maps tells them (proc(5)), and what a place in them is called.
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace lethe::audit {

struct Mapping {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string permissions;            // «rw-p»
  // The file's path; «[heap]», «[stack]», «[stack of thread 7]» (by its stack pointer), or «[anonymous]».
  std::string name;
  std::uint64_t stack_pointer = 0;    // of the thread whose stack this is, where it is known: bytes below are dead
  std::uint64_t unreadable = 0;       // bytes that could not be read, once it was scanned

  std::uint64_t size() const noexcept { return end - begin; }
  bool shared() const noexcept { return permissions.size() > 3 && permissions[3] == 's'; }
};

// In order of their addresses, without what the kernel puts there ([vdso], [vvar], [vsyscall]). Mappings without read
// permission are among them: they may hold bytes that were written earlier. Empty where the process has ended.
std::vector<Mapping> memory_map(pid_t process);

// «[heap]+0x1a40», «[stack of thread 7]+0x2f80 (96 bytes below the stack pointer)», «[anonymous] rw-p of 132 KiB +0x10».
std::string place_in(const Mapping& mapping, std::uint64_t offset);

}  // namespace lethe::audit
