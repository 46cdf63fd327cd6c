#include "lockdown/resource_limits.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

namespace lethe::lockdown {
namespace {

using Resource = __rlimit_resource_t;
constexpr std::array<Resource, 3> growing{RLIMIT_CORE, RLIMIT_FSIZE, RLIMIT_MSGQUEUE};

int set_to_zero(Resource resource) noexcept {
  const rlimit zero{0, 0};
  return ::setrlimit(resource, &zero) == 0 ? 0 : errno;
}

bool is_zero(Resource resource) noexcept {
  rlimit limit{1, 1};
  return ::getrlimit(resource, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0;
}

}  // namespace

int forbid_growth() noexcept {
  if (std::signal(SIGXFSZ, SIG_IGN) == SIG_ERR) return errno;
  for (const Resource resource : growing) {
    if (const int error = set_to_zero(resource)) return error;
  }
  return 0;
}

int forbid_processes() noexcept { return set_to_zero(RLIMIT_NPROC); }

bool growth_is_forbidden() noexcept { return std::ranges::all_of(growing, is_zero); }

bool processes_are_forbidden() noexcept { return is_zero(RLIMIT_NPROC); }

}  // namespace lethe::lockdown
