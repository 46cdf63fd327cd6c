#pragma once
// What server and load take of their cores between two moments, and so which of the two was the limit.
#include "bench/pairs.hpp"
#include "bench/usage.hpp"

namespace lethe::bench {

class Meter {
 public:
  // Begins at once.
  explicit Meter(const Options& options);
  void start();
  void stop();

  double seconds() const noexcept { return std::chrono::duration<double>(ended_ - began_).count(); }
  const Usage& before() const noexcept { return before_; }
  const Usage& after() const noexcept { return after_; }
  // The server's processor time for each of `count`, in microseconds.
  double server_us(double count) const noexcept { return (after_.ran - before_.ran) / count * 1e6; }
  // server_us_per_ITEM, server_user_us_per_ITEM (where the server is known), and in percent of their cores, as far as these
  // were theirs: PREFIXserver_busy_percent, PREFIXload_busy_percent; and how much of its core the server had to wait for.
  void add_to(Figures& figures, const std::string& item, double count, const std::string& prefix = "") const;

 private:
  const Options& options_;
  Clock::time_point began_;
  Clock::time_point ended_;
  Usage before_;
  Usage after_;
  Usage own_before_;
  Usage own_after_;
};

}  // namespace lethe::bench
