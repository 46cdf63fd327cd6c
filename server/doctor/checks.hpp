#pragma once
// The checks: each takes the configuration and the facts, looks at one matter and says one thing. Pure.
#include <span>
#include <vector>

#include "doctor/facts.hpp"
#include "doctor/finding.hpp"
#include "ops/config.hpp"

namespace lethe::doctor {

using Check = Finding (*)(const ops::Config& config, const Facts& facts);

// checks_memory.cpp
Finding check_locked_memory(const ops::Config& config, const Facts& facts);
Finding check_swap(const ops::Config& config, const Facts& facts);
Finding check_swapped(const ops::Config& config, const Facts& facts);
Finding check_secret_memory(const ops::Config& config, const Facts& facts);
// checks_crash.cpp
Finding check_core_dumps(const ops::Config& config, const Facts& facts);
Finding check_crash_kernel(const ops::Config& config, const Facts& facts);
Finding check_hibernation(const ops::Config& config, const Facts& facts);
// checks_kernel.cpp
Finding check_lockdown(const ops::Config& config, const Facts& facts);
Finding check_landlock(const ops::Config& config, const Facts& facts);
Finding check_seccomp(const ops::Config& config, const Facts& facts);
Finding check_container(const ops::Config& config, const Facts& facts);
Finding check_virtual_machine(const ops::Config& config, const Facts& facts);
// checks_load.cpp
Finding check_memory_size(const ops::Config& config, const Facts& facts);
Finding check_messages(const ops::Config& config, const Facts& facts);
Finding check_open_files(const ops::Config& config, const Facts& facts);
Finding check_tcp(const ops::Config& config, const Facts& facts);
Finding check_connection_tracking(const ops::Config& config, const Facts& facts);
// checks_edge.cpp
Finding check_certificate(const ops::Config& config, const Facts& facts);
Finding check_key_file(const ops::Config& config, const Facts& facts);
Finding check_clock(const ops::Config& config, const Facts& facts);
Finding check_entropy(const ops::Config& config, const Facts& facts);
Finding check_log(const ops::Config& config, const Facts& facts);
Finding check_admin(const ops::Config& config, const Facts& facts);

std::span<const Check> checks() noexcept;
// All of them, in their order.
std::vector<Finding> examine(const ops::Config& config, const Facts& facts);
Severity worst(std::span<const Finding> findings) noexcept;

// What of the relay's memory is locked against swapping, by the configuration and the limit.
enum class Locked { nothing, payloads, all, unknown };
Locked locked_memory(const ops::Config& config, const Facts& facts) noexcept;
// Bytes that the limit must allow for all of it to be locked.
ByteCount needed_lock_limit(const ops::Config& config, const Facts& facts) noexcept;
// The payloads' memory will be secret: this also keeps the kernel from hibernating.
bool will_be_secret(const ops::Config& config, const Facts& facts) noexcept;

}  // namespace lethe::doctor
