#include "bench/meter.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>

namespace lethe::bench {
namespace {

double own_cores() {
  cpu_set_t cores;
  return ::sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 1;
}

// With a thread for each core, a thread that had to wait for its core was kept busy by it: somebody else had it. More threads
// wait for each other.
double busy(const Usage& before, const Usage& after, double seconds, double threads, double cores) {
  const double ran = after.ran - before.ran;
  const double waited = threads <= cores ? after.waited - before.waited : 0;
  return std::min(100.0, (ran + std::max(waited, 0.0)) / seconds / std::min(threads, cores) * 100);
}

}  // namespace

Meter::Meter(const Options& options) : options_{options} { start(); }

void Meter::start() {
  before_ = usage_of(options_.pid);
  own_before_ = usage_of(::getpid());
  own_before_.ran = own_processor_seconds();
  began_ = Clock::now();
}

void Meter::stop() {
  ended_ = Clock::now();
  after_ = usage_of(options_.pid);
  own_after_ = usage_of(::getpid());
  own_after_.ran = own_processor_seconds();
}

void Meter::add_to(Figures& figures, const std::string& item, double count, const std::string& prefix) const {
  if (options_.pid > 0) {
    figures.push_back({"server_us_per_" + item, server_us(count)});
    figures.push_back({"server_user_us_per_" + item, (after_.user - before_.user) / count * 1e6});
    figures.push_back({prefix + "server_busy_percent", busy(before_, after_, seconds(), options_.server_threads, options_.server_threads)});
    if (options_.server_threads == 1) figures.push_back({prefix + "server_waiting_percent", std::min(100.0, (after_.waited - before_.waited) / seconds() * 100)});
  }
  figures.push_back({prefix + "load_busy_percent", busy(own_before_, own_after_, seconds(), options_.threads, own_cores())});
}

}  // namespace lethe::bench
