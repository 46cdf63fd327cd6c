#include "ops/process_pair.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace lethe::ops {
namespace {

constexpr int log_capacity = 262'144;   // bytes: some 2,700 records for a moment in which the broker is slow

[[noreturn]] void give_up(const char* what) { throw std::runtime_error{std::string{"the broker can't start: "} + what}; }

sigset_t broker_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&set, number);
  return set;
}

// The parent may have died before the kernel was told: prctl(2).
void die_with(pid_t parent) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) ::_exit(1);
}

}  // namespace

std::variant<RelayEnd, BrokerEnd> split_process() {
  int link[2];
  int log[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link) != 0) give_up("no socket pair");
  RelayEnd relay{Descriptor{link[1]}, {}};
  BrokerEnd broker{0, Descriptor{link[0]}, {}, {}};
  if (::pipe2(log, O_CLOEXEC | O_NONBLOCK) != 0) give_up("no pipe");
  broker.log = Descriptor{log[0]};
  relay.log = Descriptor{log[1]};
  (void)::fcntl(log[1], F_SETPIPE_SZ, log_capacity);

  const sigset_t signals = broker_signals();
  sigset_t before;
  ::sigprocmask(SIG_BLOCK, &signals, &before);
  std::fflush(nullptr);
  std::signal(SIGCHLD, SIG_DFL);   // where it is ignored, no exit status is kept: wait(2)
  broker.signals = Descriptor{::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK)};
  if (broker.signals.get() < 0) give_up("no signal descriptor");
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) give_up("no second process");
  if (child == 0) {
    die_with(parent);
    std::signal(SIGHUP, SIG_IGN);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    return relay;
  }
  broker.relay = child;
  return broker;
}

}  // namespace lethe::ops
