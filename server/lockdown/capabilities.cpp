#include "lockdown/capabilities.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

namespace lethe::lockdown {
namespace {

// Version 3 of the interface speaks of 64 capabilities, in two halves.
using Sets = std::array<__user_cap_data_struct, 2>;
constexpr int capabilities = 64;

__user_cap_header_struct own_header() { return {_LINUX_CAPABILITY_VERSION_3, 0}; }

// 1, 0, or -1 behind the last that the kernel knows.
int in_bounding_set(int capability) { return ::prctl(PR_CAPBSET_READ, capability, 0, 0, 0); }

}  // namespace

int drop_capabilities() noexcept {
  if (::setgroups(0, nullptr) != 0 && errno != EPERM) return errno;
  for (int capability = 0; capability < capabilities; ++capability) {
    if (in_bounding_set(capability) != 1) continue;
    if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EPERM) return errno;
  }
  if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return errno;
  auto header = own_header();
  const Sets none{};
  if (::syscall(SYS_capset, &header, none.data()) != 0) return errno;
  return holds_no_capability() ? 0 : EBADE;
}

bool holds_no_capability() noexcept {
  auto header = own_header();
  Sets sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return false;
  std::uint32_t held = 0;
  for (const auto& half : sets) held |= half.effective | half.permitted | half.inheritable;
  return held == 0;
}

bool bounding_set_is_empty() noexcept {
  for (int capability = 0; capability < capabilities; ++capability) {
    if (in_bounding_set(capability) == 1) return false;
  }
  return in_bounding_set(0) == 0;
}

}  // namespace lethe::lockdown
