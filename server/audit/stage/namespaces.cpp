#include "audit/stage/namespaces.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <system_error>

namespace lethe::audit {
namespace {

std::string sentence(const char* what, int error) {
  return std::string{what} + ": " + std::generic_category().message(error) + ".";
}

bool raise_loopback() {
  const int any = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  std::strcpy(request.ifr_name, "lo");
  bool raised = any >= 0 && ::ioctl(any, SIOCGIFFLAGS, &request) == 0;
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  raised = raised && ::ioctl(any, SIOCSIFFLAGS, &request) == 0;
  if (any >= 0) ::close(any);
  return raised;
}

// tcp(7): what clients don't read shall wait in the relay, where it is looked for, not in the kernel. Each network has its own.
void bound_send_buffers() { std::ofstream{"/proc/sys/net/ipv4/tcp_wmem"} << "4096 16384 32768"; }

// user_namespaces(7): the caller becomes root of it, and nobody else is in it.
bool enter_user_namespace() {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWUSER) != 0) return false;
  std::ofstream{"/proc/self/setgroups"} << "deny";
  std::ofstream users{"/proc/self/uid_map"};
  users << "0 " << user << " 1";
  users.close();
  std::ofstream groups{"/proc/self/gid_map"};
  groups << "0 " << group << " 1";
  groups.close();
  return users && groups;
}

}  // namespace

Namespaces enter_namespaces() {
  Namespaces entered;
  entered.root = ::geteuid() == 0;
  if (!entered.root && !enter_user_namespace()) {
    entered.why_not = sentence("This user may not make a user namespace", errno);
    return entered;
  }
  entered.mounts = ::unshare(CLONE_NEWNS) == 0 && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  if (!entered.mounts) entered.why_not = sentence("No mount namespace could be had", errno);
  entered.network = ::unshare(CLONE_NEWNET) == 0 && raise_loopback();
  if (!entered.network) entered.why_not = sentence("No network namespace could be had", errno);
  if (entered.network) bound_send_buffers();
  (void)::unshare(CLONE_NEWIPC);   // what other programs make of System V is not the relay's
  return entered;
}

bool enter_network_of(pid_t pid) {
  const int of = ::open(("/proc/" + std::to_string(pid) + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC);
  const bool entered = of >= 0 && ::setns(of, CLONE_NEWNET) == 0;
  if (of >= 0) ::close(of);
  return entered;
}

}  // namespace lethe::audit
