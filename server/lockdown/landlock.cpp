#include "lockdown/landlock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

#include "lockdown/kernel.hpp"

namespace lethe::lockdown {
namespace {

constexpr std::uint64_t first_bits(unsigned count) { return (std::uint64_t{1} << count) - 1; }

// Rights come in the order of their bits: 13 in version 1, then REFER, TRUNCATE, and IOCTL_DEV with version 5.
constexpr std::uint64_t file_rights(unsigned abi) {
  return first_bits(abi >= 5 ? 16 : abi >= 3 ? 15 : abi == 2 ? 14 : 13);
}

kernel::LandlockRules everything(unsigned abi) {
  return {file_rights(abi), abi >= 4 ? first_bits(2) : 0, abi >= 6 ? first_bits(2) : 0};
}

std::size_t size_for(unsigned abi) {
  if (abi >= 6) return sizeof(kernel::LandlockRules);
  return abi >= 4 ? offsetof(kernel::LandlockRules, scoped) : offsetof(kernel::LandlockRules, handled_network);
}

int check() noexcept {
  const int root = ::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return errno == EACCES ? 0 : errno;
  ::close(root);
  return EBADE;
}

}  // namespace

unsigned landlock_abi() noexcept {
  const long version = ::syscall(kernel::landlock_create_ruleset, nullptr, 0, kernel::landlock_ruleset_version);
  return version < 0 ? 0 : static_cast<unsigned>(version);
}

int enforce_landlock(unsigned abi) noexcept {
  if (abi == 0) return ENOSYS;
  const kernel::LandlockRules rules = everything(abi);
  const auto ruleset = static_cast<int>(::syscall(kernel::landlock_create_ruleset, &rules, size_for(abi), 0));
  if (ruleset < 0) return errno;
  const std::uint32_t quiet = kernel::landlock_log_same_exec_off | kernel::landlock_log_subdomains_off;
  const long restricted = ::syscall(kernel::landlock_restrict_self, ruleset, abi >= 7 ? quiet : 0);
  const int error = restricted == 0 ? 0 : errno;
  ::close(ruleset);
  return error != 0 ? error : check();
}

}  // namespace lethe::lockdown
