#include "lockdown/self_test.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "lockdown/probes.hpp"

namespace lethe::lockdown {
namespace {

std::optional<ProbeFailure> judge(std::string_view name, int expected, long result) noexcept {
  const int got = result == -1 ? errno : 0;
  if (got == expected) return std::nullopt;
  return ProbeFailure{name, got};
}

// The lowest number that is not on the list: 0 in most processes.
int not_writable(std::span<const Writable> writable) noexcept {
  int number = 0;
  while (std::ranges::find(writable, number, &Writable::number) != writable.end()) ++number;
  return number;
}

}  // namespace

std::optional<ProbeFailure> self_test(std::span<const Writable> writable) noexcept {
  for (const Probe& probe : probes()) {
    if (const auto failure = judge(probe.name, probe.expected, probe.attempt())) return failure;
  }
  const long elsewhere = ::syscall(SYS_write, not_writable(writable), nullptr, 0);
  if (const auto failure = judge("write", EPERM, elsewhere)) return failure;
  for (const Writable& one : writable) {
    const long too_long = ::syscall(SYS_write, one.number, nullptr, std::size_t{one.longest} + 1);
    if (const auto failure = judge("long-write", EPERM, too_long)) return failure;
  }
  return std::nullopt;
}

}  // namespace lethe::lockdown
