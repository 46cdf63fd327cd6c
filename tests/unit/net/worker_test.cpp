#include "net/worker.hpp"

#include <unistd.h>

#include <boost/asio/post.hpp>
#include <future>

#include <gtest/gtest.h>

namespace lethe::net {
namespace {

class SilentLog final : public EventLog {
 public:
  void write(Severity, Event, const EventFields&) override {}
};

RelayOptions small_options() {
  RelayOptions options;
  options.name = "localhost";
  options.plaintext = true;
  options.arena.size = 1'048'576;
  options.arena.locking = MemoryLocking::off;
  return options;
}

// The timer has run out and its handler waits in the queue behind the stop: cancelling the timer comes too late for it.
TEST(Worker, StopsThoughItsTimerHasJustRunOut) {
  ::alarm(60);   // a thread that goes on can't be joined
  SilentLog log;
  RelayContext relay{small_options(), {}, {}, log};
  Worker worker{0, relay};
  worker.start();
  std::promise<void> busy;
  asio::post(worker.context(), [&busy] {
    busy.set_value();
    // Longer than the interval of the timer, and than the stop needs to be posted.
    std::this_thread::sleep_for(std::chrono::milliseconds{600});
  });
  busy.get_future().wait();
  worker.stop();
  ::alarm(0);
  EXPECT_TRUE(worker.stopping());
}

}  // namespace
}  // namespace lethe::net
