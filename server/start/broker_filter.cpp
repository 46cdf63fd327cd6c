#include "start/broker_filter.hpp"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

namespace lethe::start {
namespace {

constexpr int always[] = {
    SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(read), SCMP_SYS(recvfrom), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
    SCMP_SYS(lseek), SCMP_SYS(wait4), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(clock_gettime),
    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getrandom), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group)};

class Filter {
 public:
  Filter() : context_{::seccomp_init(SCMP_ACT_ERRNO(EPERM))} { keep(context_ ? 0 : -ENOMEM); }

  template <class... Conditions>
  void allow(int call, Conditions... conditions) {
    if (call < 0) return;   // this architecture has no such call
    keep(::seccomp_rule_add(context_.get(), SCMP_ACT_ALLOW, call, sizeof...(conditions), conditions...));
  }
  int load() {
    keep(error_ == 0 ? ::seccomp_load(context_.get()) : 0);
    return error_;
  }

 private:
  void keep(int outcome) noexcept {
    if (error_ == 0 && outcome < 0) error_ = -outcome;
  }
  struct Release {
    void operator()(scmp_filter_ctx context) const noexcept { ::seccomp_release(context); }
  };
  std::unique_ptr<void, Release> context_;
  int error_ = 0;
};

// None of the bits but these.
scmp_arg_cmp only(unsigned argument, unsigned long allowed) { return SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, ~allowed, 0); }
scmp_arg_cmp is(unsigned argument, unsigned long value) { return SCMP_CMP64(argument, SCMP_CMP_EQ, value); }

}  // namespace

int filter_broker(pid_t relay) noexcept {
  Filter filter;
  for (const int call : always) filter.allow(call);
  filter.allow(SCMP_SYS(openat), only(2, O_CLOEXEC | O_NONBLOCK | O_NOCTTY));   // so O_RDONLY, and no O_CREAT
  for (const int output : {STDOUT_FILENO, STDERR_FILENO}) filter.allow(SCMP_SYS(write), is(0, static_cast<unsigned long>(output)));
  filter.allow(SCMP_SYS(sendto), only(3, MSG_NOSIGNAL | MSG_DONTWAIT), is(4, 0));
  filter.allow(SCMP_SYS(kill), is(0, static_cast<unsigned long>(relay)));
  filter.allow(SCMP_SYS(mmap), only(2, PROT_READ | PROT_WRITE), only(3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE));
  filter.allow(SCMP_SYS(mprotect), only(2, PROT_READ | PROT_WRITE));
  filter.allow(SCMP_SYS(mremap), is(3, MREMAP_MAYMOVE));
  return filter.load();
}

}  // namespace lethe::start
