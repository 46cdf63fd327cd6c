#pragma once
// The kernel's classic BPF as far as seccomp filters by libseccomp use it (seccomp(2), Linux' networking/filter).
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstdint>
#include <span>

namespace lethe::testing {

// What the filter returns for a call: SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO | errno, SECCOMP_RET_KILL_PROCESS … Throws
// std::runtime_error for an instruction that it doesn't know, a jump or a load out of bounds, and a missing return: it
// never guesses.
std::uint32_t evaluate(std::span<const sock_filter> program, const seccomp_data& call);

}  // namespace lethe::testing
