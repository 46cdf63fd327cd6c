#include "audit/stage/interrupt.hpp"

#include <atomic>
#include <csignal>

namespace lethe::audit {
namespace {

std::atomic<bool> told{false};
static_assert(std::atomic<bool>::is_always_lock_free);   // or a signal handler may not touch it

}  // namespace

void notice_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { told = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
}

bool interrupted() noexcept { return told; }

void check_interrupt() {
  if (told) throw Interrupted{};
}

}  // namespace lethe::audit
