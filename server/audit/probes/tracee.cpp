#include "audit/probes/tracee.hpp"

#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

#ifndef PTRACE_SECCOMP_GET_FILTER
#define PTRACE_SECCOMP_GET_FILTER static_cast<__ptrace_request>(0x420c)
#endif

namespace lethe::audit {
namespace {

constexpr std::uint64_t below_red_zone = 4'096;   // of the stack (System V ABI, 3.2.2: 128 bytes are the function's)
constexpr std::size_t place_size = 256;

#if defined(__x86_64__)
// A `syscall` instruction in the thread's own code: the vdso has some, and every process has a vdso.
std::uint64_t find_syscall_instruction(pid_t thread) {
  std::ifstream maps{"/proc/" + std::to_string(thread) + "/maps"};
  for (std::string line; std::getline(maps, line);) {
    if (!line.ends_with("[vdso]")) continue;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    char dash = 0;
    std::istringstream{line} >> std::hex >> from >> dash >> to;
    std::vector<unsigned char> code(to - from);
    const iovec here{code.data(), code.size()};
    const iovec there{reinterpret_cast<void*>(from), code.size()};
    if (::process_vm_readv(thread, &here, 1, &there, 1, 0) != static_cast<ssize_t>(code.size())) return 0;
    for (std::size_t i = 0; i + 1 < code.size(); ++i) {
      if (code[i] == 0x0f && code[i + 1] == 0x05) return from + i;
    }
  }
  return 0;
}
#endif

}  // namespace

struct Tracee::Saved {
#if defined(__x86_64__)
  user_regs_struct registers{};
#endif
  std::uint64_t instruction = 0;
  std::uint64_t placed = 0;
  std::vector<unsigned char> under;   // what was where `place` wrote
};

Tracee::Tracee(pid_t thread) : thread_{thread}, saved_{std::make_unique<Saved>()} {}

std::unique_ptr<Tracee> Tracee::seize(pid_t thread) {
#if defined(__x86_64__)
  if (::ptrace(PTRACE_SEIZE, thread, nullptr, nullptr) != 0) return nullptr;
  std::unique_ptr<Tracee> tracee{new Tracee{thread}};
  if (!tracee->stop()) return nullptr;
  tracee->saved_->instruction = find_syscall_instruction(thread);
  if (::ptrace(PTRACE_GETREGS, thread, nullptr, &tracee->saved_->registers) != 0) return nullptr;
  return tracee;
#else
  static_cast<void>(thread);
  errno = ENOSYS;
  return nullptr;
#endif
}

bool Tracee::stop() {
  if (::ptrace(PTRACE_INTERRUPT, thread_, nullptr, nullptr) != 0) return false;
  int status = 0;
  return ::waitpid(thread_, &status, __WALL) == thread_ && WIFSTOPPED(status);
}

Tracee::~Tracee() {
#if defined(__x86_64__)
  if (!saved_->under.empty()) {
    const iovec here{saved_->under.data(), saved_->under.size()};
    const iovec there{reinterpret_cast<void*>(saved_->placed), saved_->under.size()};
    (void)::process_vm_writev(thread_, &here, 1, &there, 1, 0);
  }
  (void)::ptrace(PTRACE_SETREGS, thread_, nullptr, &saved_->registers);
#endif
  (void)::ptrace(PTRACE_DETACH, thread_, nullptr, nullptr);
}

std::optional<std::vector<BpfProgram>> Tracee::filters() const {
  std::vector<BpfProgram> found;
  for (std::uintptr_t index = 0;; ++index) {
    const long size = ::ptrace(PTRACE_SECCOMP_GET_FILTER, thread_, reinterpret_cast<void*>(index), nullptr);
    if (size < 0) {
      // ENOENT: no more of them; EINVAL: the thread has none at all.
      if (errno == ENOENT || (errno == EINVAL && index == 0)) return found;
      return std::nullopt;
    }
    std::vector<sock_filter> code(static_cast<std::size_t>(size));
    if (::ptrace(PTRACE_SECCOMP_GET_FILTER, thread_, reinterpret_cast<void*>(index), code.data()) != size) return std::nullopt;
    found.emplace_back(std::move(code));
  }
}

bool Tracee::suspend_filters() noexcept {
  return ::ptrace(PTRACE_SETOPTIONS, thread_, nullptr, reinterpret_cast<void*>(std::uintptr_t{PTRACE_O_SUSPEND_SECCOMP})) == 0;
}

std::optional<long> Tracee::call(long number, const std::array<std::uint64_t, 6>& arguments) {
#if defined(__x86_64__)
  if (saved_->instruction == 0) return std::nullopt;
  user_regs_struct registers = saved_->registers;
  registers.orig_rax = ~0ULL;   // no call is to be restarted
  registers.rax = static_cast<unsigned long long>(number);
  registers.rdi = arguments[0];
  registers.rsi = arguments[1];
  registers.rdx = arguments[2];
  registers.r10 = arguments[3];
  registers.r8 = arguments[4];
  registers.r9 = arguments[5];
  registers.rip = saved_->instruction;
  if (::ptrace(PTRACE_SETREGS, thread_, nullptr, &registers) != 0) return std::nullopt;
  for (;;) {
    int status = 0;
    if (::ptrace(PTRACE_SINGLESTEP, thread_, nullptr, nullptr) != 0) return std::nullopt;
    if (::waitpid(thread_, &status, __WALL) != thread_ || !WIFSTOPPED(status)) return std::nullopt;
    if (::ptrace(PTRACE_GETREGS, thread_, nullptr, &registers) != 0) return std::nullopt;
    // Another stop may come first (the end of the interruption itself); the call is over when the instruction is behind.
    if (registers.rip == saved_->instruction + 2) break;
    if (registers.rip != saved_->instruction) return std::nullopt;
  }
  return static_cast<long>(registers.rax);
#else
  static_cast<void>(number);
  static_cast<void>(arguments);
  return std::nullopt;
#endif
}

std::uint64_t Tracee::place(std::string_view text) {
#if defined(__x86_64__)
  std::vector<unsigned char> bytes(text.begin(), text.end());
  bytes.push_back(0);
  const std::uint64_t at = (saved_->registers.rsp - below_red_zone) & ~std::uint64_t{15};
  if (bytes.size() > place_size) return 0;
  if (saved_->under.empty()) {
    std::vector<unsigned char> before(place_size);
    const iovec under{before.data(), before.size()};
    const iovec all{reinterpret_cast<void*>(at), before.size()};
    if (::process_vm_readv(thread_, &under, 1, &all, 1, 0) != static_cast<ssize_t>(place_size)) return 0;
    saved_->placed = at;
    saved_->under = std::move(before);
  }
  const iovec here{bytes.data(), bytes.size()};
  const iovec there{reinterpret_cast<void*>(at), bytes.size()};
  return ::process_vm_writev(thread_, &here, 1, &there, 1, 0) == static_cast<ssize_t>(bytes.size()) ? at : 0;
#else
  static_cast<void>(text);
  return 0;
#endif
}

}  // namespace lethe::audit
