#include "audit/probes/bpf_program.hpp"

#include <gtest/gtest.h>
#include <linux/audit.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>

namespace lethe::audit {
namespace {

constexpr std::uint32_t nr = offsetof(seccomp_data, nr);
constexpr std::uint32_t arch = offsetof(seccomp_data, arch);
constexpr std::uint32_t argument(unsigned index) { return offsetof(seccomp_data, args) + 8 * index; }
constexpr std::uint32_t deny = SECCOMP_RET_ERRNO | EPERM;

sock_filter load(std::uint32_t offset) { return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset); }
sock_filter unless_equal(std::uint32_t value, std::uint8_t skip) { return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip); }
sock_filter answer(std::uint32_t action) { return BPF_STMT(BPF_RET | BPF_K, action); }

// Allows getpid always, and mmap where its flags hold no MAP_SHARED.
BpfProgram sample() {
  return BpfProgram{{load(arch), unless_equal(AUDIT_ARCH_X86_64, 8), load(nr), unless_equal(SYS_getpid, 1), answer(SECCOMP_RET_ALLOW),
                     unless_equal(SYS_mmap, 4), load(argument(3)), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, MAP_SHARED),
                     unless_equal(0, 1), answer(SECCOMP_RET_ALLOW), answer(deny)}};
}

seccomp_data call(int number, std::uint64_t flags = 0, std::uint32_t architecture = AUDIT_ARCH_X86_64) {
  seccomp_data made{};
  made.nr = number;
  made.arch = architecture;
  made.args[3] = flags;
  return made;
}

TEST(BpfProgram, AnswersAsTheKernelWould) {
  const BpfProgram program = sample();
  EXPECT_EQ(program.run(call(SYS_getpid)), SECCOMP_RET_ALLOW);
  EXPECT_EQ(program.run(call(SYS_mmap, MAP_PRIVATE)), SECCOMP_RET_ALLOW);
  EXPECT_EQ(program.run(call(SYS_mmap, MAP_SHARED)), deny);
  EXPECT_EQ(program.run(call(SYS_openat)), deny);
  EXPECT_EQ(program.run(call(SYS_getpid, 0, AUDIT_ARCH_I386)), deny);
}

TEST(BpfProgram, TellsWhatSomeArgumentsWouldAllow) {
  const BpfProgram program = sample();
  EXPECT_TRUE(program.may_allow(AUDIT_ARCH_X86_64, SYS_getpid));
  EXPECT_TRUE(program.may_allow(AUDIT_ARCH_X86_64, SYS_mmap));
  EXPECT_FALSE(program.may_allow(AUDIT_ARCH_X86_64, SYS_openat));
  EXPECT_FALSE(program.may_allow(AUDIT_ARCH_I386, SYS_getpid));
}

TEST(BpfProgram, TheMostSevereOfSeveralFiltersWins) {
  const std::vector<BpfProgram> filters{sample(), BpfProgram{{answer(SECCOMP_RET_KILL_PROCESS)}}};
  EXPECT_EQ(run(filters, call(SYS_getpid)), SECCOMP_RET_KILL_PROCESS);
  EXPECT_EQ(run(filters, call(SYS_openat)), SECCOMP_RET_KILL_PROCESS);
  EXPECT_FALSE(may_allow(filters, AUDIT_ARCH_X86_64, SYS_getpid));
  const std::vector<BpfProgram> loose{sample(), BpfProgram{{answer(SECCOMP_RET_ALLOW)}}};
  EXPECT_EQ(run(loose, call(SYS_openat)), deny);
}

TEST(BpfProgram, NoFilterAllowsEverything) {
  EXPECT_EQ(run({}, call(SYS_openat)), SECCOMP_RET_ALLOW);
  EXPECT_TRUE(may_allow({}, AUDIT_ARCH_X86_64, SYS_openat));
}

TEST(BpfProgram, LoggedCallsHappenAndErrnoOnesDoNot) {
  EXPECT_TRUE(allows(SECCOMP_RET_LOG));
  EXPECT_TRUE(allows(SECCOMP_RET_ALLOW));
  for (const std::uint32_t action : {deny, std::uint32_t{SECCOMP_RET_TRAP}, std::uint32_t{SECCOMP_RET_KILL_THREAD}, std::uint32_t{SECCOMP_RET_TRACE}}) {
    EXPECT_FALSE(allows(action));
  }
}

TEST(BpfProgram, WhatLeavesItsBoundsKills) {
  EXPECT_EQ((BpfProgram{{load(nr)}}.run(call(SYS_getpid))), SECCOMP_RET_KILL_PROCESS);
  EXPECT_EQ((BpfProgram{{BPF_STMT(BPF_JMP | BPF_JA, 40)}}.run(call(SYS_getpid))), SECCOMP_RET_KILL_PROCESS);
}

TEST(BpfProgram, ItsDigestChangesWithEveryInstruction) {
  EXPECT_EQ(sample().sha256().size(), 64U);
  EXPECT_EQ(sample().sha256(), sample().sha256());
  EXPECT_NE(sample().sha256(), (BpfProgram{{answer(deny)}}.sha256()));
}

}  // namespace
}  // namespace lethe::audit
