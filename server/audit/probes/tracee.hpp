#pragma once
// One thread of another process, stopped by ptrace(2): reads its seccomp filters and makes it carry out system calls, one at
// a time, as an attacker inside would. The thread goes on where it was when this ends. x86-64 and root (or a tracer that the
// kernel lets in); elsewhere `seize` fails.
//
// The thread that made this must make all calls and destroy it (the kernel knows threads, not processes, as tracers).
#include <sys/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "audit/probes/bpf_program.hpp"

namespace lethe::audit {

class Tracee {
 public:
  // Null, with errno, where the kernel doesn't let us.
  static std::unique_ptr<Tracee> seize(pid_t thread);
  ~Tracee();
  Tracee(const Tracee&) = delete;
  Tracee& operator=(const Tracee&) = delete;

  // The filters, last installed first; absent where the kernel doesn't tell (CAP_SYS_ADMIN, CONFIG_CHECKPOINT_RESTORE).
  std::optional<std::vector<BpfProgram>> filters() const;
  // From now on the thread's calls pass its filters by, until this ends. False, with errno, where the kernel doesn't let us.
  bool suspend_filters() noexcept;
  // Carries out one call; its result as the kernel gave it (-errno on failure). Absent where the thread was lost (killed).
  std::optional<long> call(long number, const std::array<std::uint64_t, 6>& arguments);
  // Puts a string of up to 255 bytes where the thread's calls can point at it, until the next one; its address there, 0
  // where that can't be done.
  std::uint64_t place(std::string_view text);

 private:
  struct Saved;
  explicit Tracee(pid_t thread);
  bool stop();

  pid_t thread_;
  std::unique_ptr<Saved> saved_;
};

}  // namespace lethe::audit
