#pragma once
// The system call filter: from the table in filter_rules.hpp to a classic BPF program (seccomp(2)), by libseccomp.
#include <linux/filter.h>

#include <lethe/base/result.hpp>
#include <cstdint>
#include <span>
#include <vector>

#include "lockdown/writable.hpp"

namespace lethe::lockdown {

enum class Architecture : std::uint8_t { x86_64, aarch64 };
#if defined(__x86_64__)
inline constexpr Architecture native_architecture = Architecture::x86_64;
#elif defined(__aarch64__)
inline constexpr Architecture native_architecture = Architecture::aarch64;
#else
#error "The lock-down knows x86-64 and AArch64"
#endif

// `starting`: worker threads may start, and the next filter may be installed. `serving`: the last word.
enum class Stage : std::uint8_t { starting, serving };

using FilterProgram = std::vector<sock_filter>;

// The same arguments give the same bytes with the same libseccomp. A call from another architecture, and an x32 call, kill
// the process. Needs a memory file for a moment, so call it before confine. Error: errno from libseccomp or memfd_create.
Result<FilterProgram> build_filter(Architecture architecture, Stage stage, std::span<const Writable> writable);

// What PTRACE_SECCOMP_GET_FILTER gives of a process that runs under it, and what its digest is of.
std::span<const std::uint8_t> bytes_of(const FilterProgram& program) noexcept;

}  // namespace lethe::lockdown
