#include "start/broker_confinement.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "base/descriptor.hpp"
#include "lockdown/kernel.hpp"
#include "lockdown/landlock.hpp"
#include "start/broker_filter.hpp"

namespace lethe::start {
namespace {

namespace kernel = lockdown::kernel;

constexpr std::uint64_t first_bits(unsigned count) { return (std::uint64_t{1} << count) - 1; }

int no_core_dump() {
  const rlimit zero{0, 0};
  return ::setrlimit(RLIMIT_CORE, &zero) == 0 ? 0 : errno;
}

int set(int option, unsigned long value) { return ::prctl(option, value, 0, 0, 0) == 0 ? 0 : errno; }

// The groups stay: the key may be readable by one of them only.
int drop_capabilities() {
  for (int capability = 0; capability < 64; ++capability) {
    if (::prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1) (void)::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  (void)::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const std::array<__user_cap_data_struct, 2> none{};
  return ::syscall(SYS_capset, &header, none.data()) == 0 ? 0 : errno;
}

int add_rule(int ruleset, const std::string& directory) {
  const Descriptor parent{::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (parent.get() < 0) return errno;
  const landlock_path_beneath_attr rule{LANDLOCK_ACCESS_FS_READ_FILE, parent.get()};
  return ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0 ? 0 : errno;
}

// All that the versions from 1 to 6 can deny, but for signals: the relay stands outside.
int restrict_files(const std::vector<std::string>& readable) {
  const unsigned abi = lockdown::landlock_abi();
  if (abi == 0) return ENOSYS;
  const kernel::LandlockRules rules{first_bits(abi >= 5 ? 16 : abi >= 3 ? 15 : abi == 2 ? 14 : 13), abi >= 4 ? first_bits(2) : 0,
                                    abi >= 6 ? first_bits(1) : 0};
  const std::size_t size = abi >= 6 ? sizeof rules : abi >= 4 ? offsetof(kernel::LandlockRules, scoped)
                                                             : offsetof(kernel::LandlockRules, handled_network);
  const Descriptor ruleset{static_cast<int>(::syscall(kernel::landlock_create_ruleset, &rules, size, 0))};
  if (ruleset.get() < 0) return errno;
  for (const std::string& directory : readable) {
    if (const int error = add_rule(ruleset.get(), directory)) return error;
  }
  return ::syscall(kernel::landlock_restrict_self, ruleset.get(), 0) == 0 ? 0 : errno;
}

}  // namespace

std::vector<std::string> directories_of(const std::vector<std::string>& files) {
  namespace fs = std::filesystem;
  std::vector<std::string> directories;
  for (const std::string& path : files) {
    std::error_code error;
    const fs::path given = fs::absolute(path, error).parent_path();
    if (path.empty() || error) continue;
    directories.push_back(given);
    const fs::path real = fs::canonical(path, error).parent_path();
    if (!error) directories.push_back(real);
  }
  std::ranges::sort(directories);
  const auto repeated = std::ranges::unique(directories);
  directories.erase(repeated.begin(), repeated.end());
  return directories;
}

std::string confine_broker(const std::vector<std::string>& readable, pid_t relay) {
  if (no_core_dump() != 0) return "resource-limits";
  if (drop_capabilities() != 0) return "capabilities";
  if (set(PR_SET_NO_NEW_PRIVS, 1) != 0) return "no-new-privileges";
  if (set(PR_SET_DUMPABLE, 0) != 0) return "not-dumpable";
  if (restrict_files(readable) != 0) return "landlock";
  if (filter_broker(relay) != 0) return "filter";
  return {};
}

}  // namespace lethe::start
