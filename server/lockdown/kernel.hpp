#pragma once
// Numbers of the kernel's interface that Debian 12's headers lack or that vary with them (prctl(2), landlock(7),
// madvise(2)). They never change.
#include <sys/mman.h>

#include <cstdint>

#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24   // Linux 5.18
#endif

namespace lethe::lockdown::kernel {

constexpr int pr_set_mdwe = 65;            // Linux 6.3
constexpr int pr_get_mdwe = 66;
constexpr unsigned long mdwe_refuse_exec_gain = 1;
constexpr int pr_set_memory_merge = 67;    // Linux 6.4

constexpr long landlock_create_ruleset = 444;   // the same on every architecture
constexpr long landlock_restrict_self = 446;
constexpr std::uint32_t landlock_ruleset_version = 1;
constexpr std::uint32_t landlock_log_same_exec_off = 1;   // ABI 7
constexpr std::uint32_t landlock_log_subdomains_off = 4;  // ABI 7

// struct landlock_ruleset_attr; the kernel takes as much of it as its ABI knows.
struct LandlockRules {
  std::uint64_t handled_files = 0;
  std::uint64_t handled_network = 0;   // ABI 4
  std::uint64_t scoped = 0;            // ABI 6
};

}  // namespace lethe::lockdown::kernel
