#include "audit/stage/turn.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <thread>

#include "audit/stage/interrupt.hpp"

namespace lethe::audit {

Turn::Turn() : file_{::open("/run/lethe-audit.lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)} {
  bool told = false;
  while (file_ >= 0 && ::flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    if (!told) std::fputs("lethe-audit: another audit is under way on this machine; waiting for its end\n", stderr);
    told = true;
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    check_interrupt();
  }
}

Turn::~Turn() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace lethe::audit
