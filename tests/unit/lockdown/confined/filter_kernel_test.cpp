// The emulator against the kernel: both judge the same programs. So that nothing is really done and everything can be seen,
// the kernel gets them with other returns in the place of "allow" and "kill".
#include <linux/audit.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <span>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "unit/lockdown/confined/child.hpp"
#include "unit/lockdown/filter_cases.hpp"
#include "lockdown/install.hpp"
#include "support/bpf_emulator.hpp"

#if defined(__x86_64__)

namespace lethe::lockdown {
namespace {

constexpr std::uint32_t instead_of_allow = 1'001;   // an errno that no call gives
constexpr std::uint32_t instead_of_kill = 1'002;

FilterProgram harmless(FilterProgram program) {
  for (sock_filter& step : program) {
    if (step.code != (BPF_RET | BPF_K)) continue;
    if (step.k == SECCOMP_RET_ALLOW) step.k = SECCOMP_RET_ERRNO | instead_of_allow;
    if (step.k == SECCOMP_RET_KILL_PROCESS) step.k = SECCOMP_RET_ERRNO | instead_of_kill;
  }
  return program;
}

struct Call {
  std::uint32_t number;
  Arguments arguments;
};

std::vector<Call> calls_to_compare() {
  std::vector<Call> calls;
  for (std::uint32_t number = 0; number <= 600; ++number) {
    // uretprobe and uprobe: newer kernels filter neither, and end whoever calls them from outside of a probe.
    if (number == 335 || number == 336) continue;
    calls.push_back({number, {}});
    calls.push_back({number, {~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL, ~0ULL}});
    calls.push_back({0x4000'0000 | number, {}});
  }
  calls.push_back({~0U, {}});
  for (const ArgumentCase& one : argument_cases()) {
    const auto row = std::ranges::find(numbered_calls(), one.call, &NumberedCall::name);
    calls.push_back({static_cast<std::uint32_t>(row->x86_64), one.arguments});
  }
  return calls;
}

// What the kernel says, by errno. The child can neither report nor exit under such a filter: it leaves the answers in
// shared memory, and an illegal instruction ends it.
std::vector<int> ask_kernel(const FilterProgram& program, const std::vector<Call>& calls) {
  const std::size_t size = calls.size() * sizeof(int);
  auto* const answers = static_cast<int*>(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (answers == MAP_FAILED) throw std::runtime_error{"no shared memory"};
  const pid_t child = fork_child();
  if (child == 0) {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || install(program, 0) != 0) _exit(1);
    for (std::size_t i = 0; i < calls.size(); ++i) {
      const Arguments& with = calls[i].arguments;
      const long result = ::syscall(static_cast<long>(static_cast<int>(calls[i].number)), with[0], with[1], with[2], with[3],
                                    with[4], with[5]);
      answers[i] = result == -1 ? errno : 0;
    }
    __builtin_trap();
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  std::vector<int> copied(answers, answers + calls.size());
  ::munmap(answers, size);
  if (!WIFSIGNALED(status)) throw std::runtime_error{"the filter was not installed"};
  return copied;
}

void compare(Stage stage) {
  const FilterProgram program = harmless(build_filter(Architecture::x86_64, stage, sample_writable()).value());
  const auto calls = calls_to_compare();
  const auto kernel = ask_kernel(program, calls);
  int allowed = 0;
  int killed = 0;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    seccomp_data call{};
    call.nr = static_cast<int>(calls[i].number);
    call.arch = AUDIT_ARCH_X86_64;
    std::ranges::copy(calls[i].arguments, call.args);
    const std::uint32_t emulated = testing::evaluate(program, call);
    EXPECT_EQ(emulated, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(kernel[i])) << "call " << calls[i].number;
    allowed += kernel[i] == instead_of_allow;
    killed += kernel[i] == instead_of_kill;
  }
  EXPECT_GT(allowed, 60);
  EXPECT_GT(killed, 600);
}

TEST(BpfEmulator, JudgesTheServingFilterAsTheKernelDoes) { compare(Stage::serving); }

TEST(BpfEmulator, JudgesTheStartingFilterAsTheKernelDoes) { compare(Stage::starting); }

// How the 32-bit way into the kernel ends a process under `program`; 0: it came back.
int end_of_a_foreign_call(const FilterProgram* program) {
  return in_child([program] {
           if (program != nullptr && (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || install(*program, 0) != 0)) return 1;
           long result = 20;   // i386's getpid
           asm volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
           return 0;
         }).signal;
}

TEST(ForeignCall, EndsTheProcess) {
  // A kernel without 32-bit calls ends it by itself.
  if (const int end = end_of_a_foreign_call(nullptr); end != 0) {
    EXPECT_EQ(end, SIGSEGV);
    return;
  }
  const std::vector<Writable> writable{{report_pipe, 4'096}};
  const auto program = build_filter(Architecture::x86_64, Stage::serving, writable).value();
  EXPECT_EQ(end_of_a_foreign_call(&program), SIGSYS);
}

}  // namespace
}  // namespace lethe::lockdown

#endif
